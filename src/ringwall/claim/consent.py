"""Consents to what the insured wants to do: asked, answered, or deemed given when an agreed term has run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ringwall.basics import Refusal, refuse
from ringwall.claim.record import Claim, ClaimEntry, ClaimState, EntryKind, append

ANYTIME = frozenset(ClaimState) - {ClaimState.CLOSED}
_STEPS = (
    EntryKind.CONSENT_REQUESTED,
    EntryKind.CONSENT_GRANTED,
    EntryKind.CONSENT_REFUSED,
    EntryKind.CONSENT_DEEMED,
)


class ConsentStep(StrEnum):
    """A request, and the three ways in which it ends."""

    REQUESTED = "consent_requested"
    GRANTED = "consent_granted"
    REFUSED = "consent_refused"
    DEEMED = "consent_deemed"


@dataclass(frozen=True, slots=True)
class Consent:
    """One subject's consent as it stands. `answer` is None while the request is open."""

    subject: str
    requested_at: datetime
    answer_within_hours: int | None
    answer: ConsentStep | None
    answered_at: datetime | None

    @property
    def given(self) -> bool:
        return self.answer in (ConsentStep.GRANTED, ConsentStep.DEEMED)

    def given_before(self, instant: datetime) -> bool:
        """Prior consent: given before the instant at which, for instance, a provider was engaged."""
        return self.given and self.answered_at is not None and self.answered_at < instant

    @property
    def deemed_from(self) -> datetime | None:
        """When silence counts as consent, if the contract says so."""
        hours = self.answer_within_hours
        return None if hours is None else self.requested_at + timedelta(hours=hours)


def record_consent(
    claim: Claim,
    subject: str,
    step: ConsentStep,
    *,
    at: datetime,
    by: str,
    note: str = "",
    answer_within_hours: int | None = None,
    known_at: datetime | None = None,
) -> Claim | Refusal:
    """A request with the contract's time for an answer, an answer, or the fact that the time ran out in silence."""
    clash = _clash(claim, subject, step, at)
    if clash is not None:
        return clash
    entry = ClaimEntry(
        EntryKind(step.value), at, known_at or at, by, note, (subject,), amount_minor=answer_within_hours
    )
    return append(claim, entry, allowed=ANYTIME, after=EntryKind.NOTIFIED)


def consent_for(claim: Claim, subject: str) -> Consent | None:
    """The latest request about a subject with its answer; None where nobody asked."""
    asked: ClaimEntry | None = None
    answered: ClaimEntry | None = None
    for entry in claim.entries(*_STEPS):
        if entry.about == (subject,):
            if entry.kind is EntryKind.CONSENT_REQUESTED:
                asked, answered = entry, None
            else:
                answered = entry
    if asked is None:
        return None
    answer = ConsentStep(answered.kind.value) if answered else None
    return Consent(subject, asked.at, asked.amount_minor, answer, answered.at if answered else None)


def _clash(claim: Claim, subject: str, step: ConsentStep, at: datetime) -> Refusal | None:
    known = consent_for(claim, subject)
    if step is ConsentStep.REQUESTED:
        still_open = known is not None and known.answer is None
        return (
            _refused(claim, subject, "consent_already_asked", "已在征询中", "is already asked for")
            if still_open
            else None
        )
    if known is None:
        return _refused(claim, subject, "consent_not_asked", "尚未提出征询", "was never asked for")
    if known.answer is not None:
        return _refused(claim, subject, "consent_already_answered", "已有答复", "already has its answer")
    if at < known.requested_at:
        return _refused(
            claim, subject, "consent_answer_too_early", "答复早于征询", "is answered before it was asked for"
        )
    if step is ConsentStep.DEEMED and (known.deemed_from is None or at < known.deemed_from):
        zh = "不因沉默而视为同意" if known.deemed_from is None else f"须至 {known.deemed_from.isoformat()} 才视为同意"
        en = (
            "is not given by silence under this contract"
            if known.deemed_from is None
            else f"is deemed given only from {known.deemed_from.isoformat()}"
        )
        return _refused(claim, subject, "consent_not_yet_deemed", zh, en)
    return None


def _refused(claim: Claim, subject: str, code: str, zh: str, en: str) -> Refusal:
    return refuse(
        code,
        claim.name,
        zh=f"赔案 {claim.name}：“{subject}”的同意{zh}；请核对征询与答复的记录。",
        en=f'Claim {claim.name}: the consent to "{subject}" {en}; check the record of requests and answers.',
    )
