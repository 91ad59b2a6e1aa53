"""Increases of risk since conclusion as the records show them: since when, by whose look, who told whom, what was done.

Nothing here decides: a person rules on it in `judge_increase`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Words
from ringwall.desk.doors import Row
from ringwall.desk.evidence.dossier_of import withdrawn_known
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile, PolicyFile
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import Finding, Severity
from ringwall.monitoring import NextStep, Notice, RiskTold, is_worse
from ringwall.policy import VersionKind
from ringwall.underwriting import first_learned

CHOSEN = {
    NextStep.RAISE_PREMIUM: Words("决定增加保险费", "more premium was chosen"),
    NextStep.END_CONTRACT: Words("决定解除合同", "the end of the contract was chosen"),
    NextStep.LEAVE: Words("决定暂不处理", "it was chosen to leave it"),
}


@dataclass(frozen=True, slots=True)
class InsurerAct:
    """One thing that the insurer did, or took, while it knew."""

    at: datetime
    what: Words
    answers: bool
    """Whether it answers the increase; taking premium meanwhile does not."""


@dataclass(frozen=True, slots=True)
class IncreaseSeen:
    """One weakness that came or grew after conclusion and stood at the event, for all that the looks tell."""

    finding: Finding
    is_new: bool
    since: datetime
    """The first look that saw it so; it may have stood before."""
    seen_by: Words
    insurer_knew_at: datetime
    acts: tuple[InsurerAct, ...]

    @property
    def answered(self) -> bool:
        """Whether the insurer did anything about it before the event."""
        return any(act.answers for act in self.acts)


@dataclass(frozen=True, slots=True)
class IncreasesSeen:
    """What stood at the event, what the insured had told of by then, and between which instants it matters."""

    concluded_at: datetime
    began_at: datetime
    increases: tuple[IncreaseSeen, ...]
    told: tuple[RiskTold, ...]


def began_at(office: Office, file: ClaimFile) -> datetime:
    """When the claim's event began, or was discovered where nobody knows when it began."""
    incident = office.incidents.newest(file.claim.incident)
    assert incident is not None, "a claim is opened on an incident, and whoever sees the claim sees it"
    return incident.record.started_at or incident.record.discovered_at


def increases_seen(office: Office, object_id: UUID, file: ClaimFile, now: datetime) -> IncreasesSeen:
    """From the findings' own histories, as known now: looks made after the event count for what they tell of it."""
    policy = last_known(office.policies, now, object_id)
    assert policy is not None, "a claim is made under a policy"
    concluded, began = policy.policy.concluded_at, began_at(office, file)
    seen = [
        _seen(office, object_id, row, at_binding, policy, began, now)
        for row, at_binding in _candidates(office, object_id, policy, now)
    ]
    told = (row.record for row in all_known(office.risks_told, now, object_id))
    return IncreasesSeen(
        concluded,
        began,
        tuple(sorted((each for each in seen if each), key=lambda each: (-each.finding.severity, each.since))),
        tuple(each for each in told if each.told_at < began),
    )


def _candidates(
    office: Office, object_id: UUID, policy: PolicyFile, now: datetime
) -> Iterator[tuple[Row[Finding], Finding | None]]:
    """What was not open at binding, or is worse now; neither information nor what a dispute has withdrawn."""
    before = {finding.uid: finding for finding in policy.findings if finding.is_open}
    withdrawn = withdrawn_known(office, object_id, now)
    for row in all_known(office.findings, now, object_id):
        finding, at_binding = row.record, before.get(row.record.uid)
        if finding.severity is Severity.INFO or finding.uid in withdrawn:
            continue
        if at_binding is None or is_worse(at_binding, finding):
            yield row, at_binding


def _seen(
    office: Office,
    object_id: UUID,
    row: Row[Finding],
    at_binding: Finding | None,
    policy: PolicyFile,
    began: datetime,
    now: datetime,
) -> IncreaseSeen | None:
    """Its first sight since conclusion; nothing where it was closed again before the event."""
    history = [version for version in office.findings.history(row.number) if version.known_at <= now]
    later = [
        version
        for version in history
        if version.known_at > policy.policy.concluded_at
        and version.record.is_open
        and (at_binding is None or is_worse(at_binding, version.record))
    ]
    by_then = [version for version in history if version.record.last_seen < began and version.known_at < began]
    if not later or (by_then and not by_then[-1].record.is_open):
        return None
    first = later[0]
    learned_at = _learned_at(office, object_id, first.record.uid) if at_binding is None else None
    knew_at = min(first.known_at, learned_at or first.known_at)
    member = office.directory.by_id(first.owner_id)
    return IncreaseSeen(
        finding=row.record,
        is_new=at_binding is None,
        since=first.record.last_seen if at_binding else first.record.first_seen,
        seen_by=member.name if member else Words("未知", "unknown"),
        insurer_knew_at=knew_at,
        acts=tuple(sorted(_acts(office, object_id, row.record.uid, policy, knew_at, began), key=lambda act: act.at)),
    )


def _learned_at(office: Office, object_id: UUID, uid: str) -> datetime | None:
    log = [row.record for row in office.knowledge.of_object(object_id)]
    learned = first_learned(log, f"finding:{uid}")
    return learned.learned_at if learned else None


def _acts(
    office: Office, object_id: UUID, uid: str, policy: PolicyFile, knew_at: datetime, began: datetime
) -> Iterator[InsurerAct]:
    """What the insurer did from its knowledge to the event, and the premium that it took meanwhile."""
    found: list[InsurerAct] = []
    for row in office.notices.of_object(object_id):
        if row.record.finding == uid:
            found += _of_notice(row.record)
    for version in policy.policy.versions:
        if version.kind is not VersionKind.ISSUED:
            found.append(InsurerAct(version.known_at, version.because, answers=True))
    for receipt in office.receipts.of_object(object_id):
        found.append(InsurerAct(receipt.record.received_at, Words("收取保险费", "premium was taken"), answers=False))
    yield from (act for act in found if knew_at <= act.at < began)


def _of_notice(notice: Notice) -> Iterator[InsurerAct]:
    number = notice.number
    yield InsurerAct(notice.sent_at, Words(f"发出书面建议 {number}", f"suggestion {number} was sent"), answers=True)
    if notice.delivered_at is not None:
        what = Words(f"书面建议 {number} 送达", f"suggestion {number} was delivered")
        yield InsurerAct(notice.delivered_at, what, answers=True)
    if notice.taken is not None:
        chosen = CHOSEN[notice.taken.step]
        what = Words(f"{chosen.zh}：{notice.taken.because}", f"{chosen.en}: {notice.taken.because}")
        yield InsurerAct(notice.taken.at, what, answers=notice.taken.step is not NextStep.LEAVE)
