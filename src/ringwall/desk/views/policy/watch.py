"""What has changed since binding, and the notices on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Words, due_before
from ringwall.desk.monitoring.behaviour_of import looks_of
from ringwall.desk.monitoring.drift_since import DriftKnown
from ringwall.desk.records import ScanFile
from ringwall.desk.views.inbox import MessageShown
from ringwall.desk.views.parts import Bar, last_instant_before
from ringwall.evidence import Finding
from ringwall.monitoring import (
    DriftKind,
    NextStep,
    NextStepTaken,
    Notice,
    Offer,
    offered,
)

STEP_NAMES = {
    NextStep.RAISE_PREMIUM: Words("增加保险费", "more premium"),
    NextStep.END_CONTRACT: Words("解除合同", "end the contract"),
    NextStep.LEAVE: Words("暂不处理", "neither"),
}


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding at binding beside the newest look; `change` is None where the newest look agrees with binding."""

    uid: str
    before: Finding | None
    now: Finding | None
    change: DriftKind | None
    withdrawn: bool = False
    """A dispute was upheld: it is no difference, and moves nothing."""

    @property
    def finding(self) -> Finding:
        """The one that was seen last."""
        seen = self.now or self.before
        assert seen is not None, "a row shows a finding of binding or of the newest look"
        return seen

    @property
    def open_now(self) -> bool | None:
        """None: its place was not reached, so nobody knows."""
        if self.change is DriftKind.NOT_SEEN:
            return None
        return self.now is not None and self.now.is_open


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """A written suggestion with its clock; the bar is missing until it is delivered."""

    number: str
    finding: str
    text: Words
    consequences: Words
    sent_at: datetime
    delivered_at: datetime | None
    bar: Bar | None
    message: MessageShown | None
    """What became of its message; None for a reader who is not its sender."""
    offer: Offer
    """What is to be done next, and the steps that are open to a person once the term has passed."""
    taken: NextStepTaken | None
    chosen: Words | None


def findings_of(at_binding: Sequence[Finding], scans: Sequence[ScanFile], seen: DriftKnown) -> tuple[FindingShown, ...]:
    """Binding against the newest scan; without a scan in sight only what was known at binding."""
    before = {finding.uid: finding for finding in at_binding}
    if not scans:
        return tuple(FindingShown(uid, finding, None, DriftKind.NOT_SEEN) for uid, finding in before.items())
    now = {finding.uid: finding for finding in scans[-1].findings}
    changes = {each.uid: each.kind for each in seen.drifts}
    rows = (
        FindingShown(uid, before.get(uid), now.get(uid), changes.get(uid), uid in seen.withdrawn)
        for uid in {**before, **now}
    )
    return tuple(sorted(rows, key=_changed_and_grave_first))


def _changed_and_grave_first(row: FindingShown) -> tuple[int, int, str]:
    return (len(DriftKind) if row.change is None else list(DriftKind).index(row.change)), -row.finding.severity, row.uid


def notices_of(
    notices: Sequence[Notice],
    closed_at: Mapping[str, datetime],
    messages: Mapping[str, tuple[MessageShown, ...]],
    scans: Sequence[ScanFile],
    now: datetime,
    withdrawn: Collection[str],
) -> tuple[NoticeShown, ...]:
    """Each notice with its clock, stopped by the look that no longer saw the finding, and the next step."""
    shown = []
    for notice in notices:
        bar = None
        if notice.delivered_at is not None and notice.deadline is not None:
            bar = Bar(
                notice.delivered_at, last_instant_before(due_before(notice.deadline)), closed_at.get(notice.finding)
            )
        shown.append(
            NoticeShown(
                notice.number,
                notice.finding,
                notice.text,
                notice.consequences,
                notice.sent_at,
                notice.delivered_at,
                bar,
                next(iter(messages.get(notice.told_by, ())), None),
                offered(notice, looks_of(scans, {notice.finding}), now, withdrawn),
                notice.taken,
                STEP_NAMES[notice.taken.step] if notice.taken else None,
            )
        )
    return tuple(shown)
