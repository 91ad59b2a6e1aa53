"""A claim as the history of what was done to it; its state, its decision and its payments are read from the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ringwall.basics import Refusal, Words, refuse
from ringwall.terms import Outcome


class ClaimState(StrEnum):
    """Where a claim stands; derived, never stored."""

    NOTIFIED = "notified"
    REGISTERED = "registered"
    SUPPLEMENT_ASKED = "supplement_asked"
    ASSESSED = "assessed"
    AGREED = "agreed"
    REFUSED = "refused"
    PAID = "paid"
    CLOSED = "closed"
    REOPENED = "reopened"


class EntryKind(StrEnum):
    """What was done."""

    NOTIFIED = "notified"
    REGISTERED = "registered"
    DOCUMENTS_RECEIVED = "documents_received"
    SUPPLEMENT_ASKED = "supplement_asked"
    SUPPLEMENT_DELIVERED = "supplement_delivered"
    CONSENT_REQUESTED = "consent_requested"
    CONSENT_GRANTED = "consent_granted"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_DEEMED = "consent_deemed"
    DECIDED = "decided"
    AGREED = "agreed"
    REFUSAL_SENT = "refusal_sent"
    RESERVE_SET = "reserve_set"
    PAYMENT_AUTHORISED = "payment_authorised"
    PAID = "paid"
    CLOSED = "closed"
    REOPENED = "reopened"


class CostKind(StrEnum):
    """What a reserve or a payment is for: the insured's loss, or the cost of handling this claim."""

    INDEMNITY = "indemnity"
    ALAE = "alae"


class Ground(StrEnum):
    """Why money may be paid: by agreement (Insurance Law 23), as the determinable part (25), or as our own expense."""

    AGREEMENT = "agreement"
    DETERMINABLE_PART = "determinable_part"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class PartAmount:
    """A sum for one coverage part and kind, in whole minor units."""

    part: str
    kind: CostKind
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """One line of a claim's history. `about` names documents, items, a payee or a consent's subject; a payment has
    a `reference`, a `ground` and its `parts`; a decision carries its `outcome`."""

    kind: EntryKind
    at: datetime
    known_at: datetime
    by: str
    note: str = ""
    about: tuple[str, ...] = ()
    amount_minor: int | None = None
    reference: str = ""
    ground: Ground | None = None
    parts: tuple[PartAmount, ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim under one policy for one incident; `number` is the case number, empty until it is registered."""

    notice: str
    policy: str
    incident: str
    history: tuple[ClaimEntry, ...]

    @property
    def number(self) -> str:
        registered = self.last(EntryKind.REGISTERED)
        return registered.reference if registered else ""

    @property
    def name(self) -> str:
        """What a message calls the claim."""
        return self.number or self.notice

    @property
    def state(self) -> ClaimState:
        state = ClaimState.NOTIFIED
        for length, entry in enumerate(self.history, start=1):
            if entry.kind in _STATE_AFTER:
                state = _STATE_AFTER[entry.kind]
            elif entry.kind in _STATE_PERHAPS_AFTER:
                state = _STATE_PERHAPS_AFTER[entry.kind](replace(self, history=self.history[:length]), state)
        return state

    @property
    def outcome(self) -> Outcome | None:
        """The latest decision's outcome."""
        decided = self.last(EntryKind.DECIDED)
        return decided.outcome if decided else None

    def entries(self, *kinds: EntryKind) -> tuple[ClaimEntry, ...]:
        return tuple(entry for entry in self.history if entry.kind in kinds)

    def first(self, kind: EntryKind) -> ClaimEntry | None:
        return next(iter(self.entries(kind)), None)

    def last(self, kind: EntryKind) -> ClaimEntry | None:
        return next(reversed(self.entries(kind)), None)

    def known_at(self, instant: datetime) -> Claim:
        """The claim as it was known at an instant."""
        return replace(self, history=tuple(entry for entry in self.history if entry.known_at <= instant))

    @property
    def outstanding_documents(self) -> tuple[str, ...]:
        """What was asked for in the supplement notice and has not come since."""
        asked = self.last(EntryKind.SUPPLEMENT_ASKED)
        if asked is None:
            return ()
        since = self.history[self.history.index(asked) + 1 :]
        come = {name for entry in since if entry.kind is EntryKind.DOCUMENTS_RECEIVED for name in entry.about}
        return tuple(name for name in asked.about if name not in come)

    @property
    def authorised_minor(self) -> int:
        """Indemnity payments authorised so far, paid or not; expenses of handling stand apart."""
        return sum(entry.amount_minor or 0 for entry in self._indemnity_payments())

    @property
    def paid_minor(self) -> int:
        """Indemnity payments that have left the house."""
        paid = {entry.reference for entry in self.entries(EntryKind.PAID)}
        return sum(entry.amount_minor or 0 for entry in self._indemnity_payments() if entry.reference in paid)

    def _indemnity_payments(self) -> tuple[ClaimEntry, ...]:
        authorised = self.entries(EntryKind.PAYMENT_AUTHORISED)
        return tuple(entry for entry in authorised if entry.ground is not Ground.EXPENSE)


def _after_documents(claim: Claim, state: ClaimState) -> ClaimState:
    complete = state is ClaimState.SUPPLEMENT_ASKED and not claim.outstanding_documents
    return ClaimState.REGISTERED if complete else state


def _after_refusal(claim: Claim, state: ClaimState) -> ClaimState:
    pays_nothing = claim.outcome is not None and claim.outcome.payable.high == 0
    return ClaimState.REFUSED if pays_nothing else state


def _after_payment(claim: Claim, state: ClaimState) -> ClaimState:
    whole = claim.outcome is not None and claim.paid_minor >= claim.outcome.payable.low
    return ClaimState.PAID if whole and state is ClaimState.AGREED else state


_STATE_AFTER: dict[EntryKind, ClaimState] = {
    EntryKind.NOTIFIED: ClaimState.NOTIFIED,
    EntryKind.REGISTERED: ClaimState.REGISTERED,
    EntryKind.SUPPLEMENT_ASKED: ClaimState.SUPPLEMENT_ASKED,
    EntryKind.DECIDED: ClaimState.ASSESSED,
    EntryKind.CLOSED: ClaimState.CLOSED,
    EntryKind.REOPENED: ClaimState.REOPENED,
}

_STATE_PERHAPS_AFTER: dict[EntryKind, Callable[[Claim, ClaimState], ClaimState]] = {
    EntryKind.DOCUMENTS_RECEIVED: _after_documents,
    EntryKind.AGREED: lambda claim, _state: _after_payment(claim, ClaimState.AGREED),
    EntryKind.REFUSAL_SENT: _after_refusal,
    EntryKind.PAID: _after_payment,
}
"""Acts after which the state depends on what the history holds so far; the other kinds leave it as it is."""

STATE_NAMES: dict[ClaimState, Words] = {
    ClaimState.NOTIFIED: Words("已报案", "notified"),
    ClaimState.REGISTERED: Words("已立案", "registered"),
    ClaimState.SUPPLEMENT_ASKED: Words("待补充材料", "documents asked for"),
    ClaimState.ASSESSED: Words("已核定", "assessed"),
    ClaimState.AGREED: Words("已达成协议", "agreed"),
    ClaimState.REFUSED: Words("已拒赔", "refused"),
    ClaimState.PAID: Words("已赔付", "paid"),
    ClaimState.CLOSED: Words("已结案", "closed"),
    ClaimState.REOPENED: Words("已重开", "reopened"),
}

ENTRY_NAMES: dict[EntryKind, Words] = {
    EntryKind.NOTIFIED: Words("报案", "notice"),
    EntryKind.REGISTERED: Words("立案", "registration"),
    EntryKind.DOCUMENTS_RECEIVED: Words("收到材料", "receipt of documents"),
    EntryKind.SUPPLEMENT_ASKED: Words("补充材料通知", "notice that asks for documents"),
    EntryKind.SUPPLEMENT_DELIVERED: Words("补充材料通知送达", "delivery of the notice that asks for documents"),
    EntryKind.CONSENT_REQUESTED: Words("征询同意", "request for consent"),
    EntryKind.CONSENT_GRANTED: Words("同意", "consent"),
    EntryKind.CONSENT_REFUSED: Words("不同意", "refusal of consent"),
    EntryKind.CONSENT_DEEMED: Words("视为同意", "deemed consent"),
    EntryKind.DECIDED: Words("核定", "decision"),
    EntryKind.AGREED: Words("达成协议", "agreement"),
    EntryKind.REFUSAL_SENT: Words("拒赔通知书", "refusal letter"),
    EntryKind.RESERVE_SET: Words("调整准备金", "reserve"),
    EntryKind.PAYMENT_AUTHORISED: Words("授权付款", "release of a payment"),
    EntryKind.PAID: Words("支付", "payment"),
    EntryKind.CLOSED: Words("结案", "closing"),
    EntryKind.REOPENED: Words("重开", "reopening"),
}

EVERY_OPEN_STATE = frozenset(ClaimState) - {ClaimState.NOTIFIED, ClaimState.CLOSED}


def append(
    claim: Claim, entry: ClaimEntry, *, allowed: frozenset[ClaimState], after: EntryKind | None = None
) -> Claim | Refusal:
    """The claim with one more entry, if its state allows the act and the dates can be true.

    `after` names the act that must come first in time; the history grows in the order in which we learned things.
    """
    if claim.state not in allowed:
        return _wrong_state(claim, entry.kind, allowed)
    cause = claim.last(after) if after else None
    if cause is not None and entry.at < cause.at:
        return _too_early(claim, entry, cause)
    newest = claim.history[-1]
    if entry.known_at < max(entry.at, newest.known_at):
        return refuse(
            "entry_out_of_order",
            claim.name,
            zh=f"赔案 {claim.name}：该记录知悉于 {entry.known_at.isoformat()}，早于其发生时间 {entry.at.isoformat()} 或"
            f"上一条记录 {newest.known_at.isoformat()}；补记往事请写明实际知悉时间。",
            en=f"Claim {claim.name}: the entry is known {entry.known_at.isoformat()}, before it happened "
            f"{entry.at.isoformat()} or the last entry ({newest.known_at.isoformat()}); give the time of learning.",
        )
    return replace(claim, history=(*claim.history, entry))


def _wrong_state(claim: Claim, kind: EntryKind, allowed: frozenset[ClaimState]) -> Refusal:
    wanted = [STATE_NAMES[state] for state in ClaimState if state in allowed]
    now, act = STATE_NAMES[claim.state], ENTRY_NAMES[kind]
    return refuse(
        "claim_in_wrong_state",
        claim.name,
        zh=f"赔案 {claim.name} 现为“{now.zh}”，“{act.zh}”须在“{'、'.join(w.zh for w in wanted)}”时进行；"
        "请先完成前一步。",
        en=f"Claim {claim.name} is {now.en}; its {act.en} needs it to be {', '.join(w.en for w in wanted)}: "
        "take the step before it first.",
    )


def _too_early(claim: Claim, entry: ClaimEntry, cause: ClaimEntry) -> Refusal:
    act, first = ENTRY_NAMES[entry.kind], ENTRY_NAMES[cause.kind]
    return refuse(
        "act_before_its_cause",
        claim.name,
        zh=f"赔案 {claim.name}：“{act.zh}”的时间 {entry.at.isoformat()} 早于“{first.zh}”的时间 {cause.at.isoformat()}；"
        "请核对日期。",
        en=f"Claim {claim.name}: its {act.en} at {entry.at.isoformat()} lies before its {first.en} at "
        f"{cause.at.isoformat()}; check the dates.",
    )
