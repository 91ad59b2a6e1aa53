"""Each finding of an insured with what was said of it, its effect on the premium, its re-test and its clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, due_before
from ringwall.desk.evidence.dossier_of import statements_known
from ringwall.desk.evidence.hand_in_report import WAITS_FOR_A_LOOK
from ringwall.desk.evidence.say_of_finding import STATEMENT_WORDS
from ringwall.desk.evidence.start_retest import order_of_retest, retest_waits
from ringwall.desk.office import Office
from ringwall.desk.records import ScanFile
from ringwall.desk.views.knowing import scans_known
from ringwall.desk.views.parts import Bar, all_known, last_instant_before
from ringwall.evidence import Finding, FindingState, Intelligence, StatedFinding, Statement, state_of, with_intelligence
from ringwall.monitoring import Notice, Retest, look_again, retest
from ringwall.price import Fix

STATE_WORDS = {
    FindingState.OPEN: Words("未关闭", "open"),
    FindingState.ANSWERED: Words("未关闭，已答复", "open, answered"),
    FindingState.DISPUTED: Words("有异议，待保险人答复", "disputed, waits for the insurer"),
    FindingState.DISPUTE_REJECTED: Words("未关闭，异议不成立", "open, dispute rejected"),
    FindingState.SAID_FIXED: Words("称已整改，待复测", "reported as fixed, not looked at again"),
    FindingState.RETEST_ASKED: Words("已申请复测", "re-test asked for"),
    FindingState.WITHDRAWN: Words("异议成立，已撤回", "dispute upheld, withdrawn"),
    FindingState.CLOSED: Words("复测已关闭", "closed by a later look"),
}


@dataclass(frozen=True, slots=True)
class SaidShown:
    """One statement in words."""

    statement: Statement
    words: Words


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding; `effect_minor`, on a year's premium, is that of the fix that closes it with all of its kind."""

    finding: Finding
    state: FindingState
    state_words: Words
    is_open: bool
    said: tuple[SaidShown, ...]
    fix: str
    effect_minor: int | None
    notice: str
    notice_bar: Bar | None
    dispute_bar: Bar | None
    retest: Retest | None
    order: str
    """The open order that is to look at it again."""
    waits: Refusal | None
    """Said to be fixed, and who has to do what before anybody looks again."""

    @property
    def due_at(self) -> datetime | None:
        """The first of its clocks that runs."""
        running = [bar.due_at for bar in (self.notice_bar, self.dispute_bar) if bar and bar.done_at is None]
        return min(running, default=None)


def findings_shown(
    office: Office, object_id: UUID, now: datetime, fixes: Sequence[Fix], facts: Intelligence
) -> tuple[FindingShown, ...]:
    """Open ones first: by gravity, then by the money that hangs on them, then by their deadline.

    What is open shows what `facts` say of its vulnerability today; a closed one, what was known when it was last seen.
    """
    said, days = statements_known(office, object_id, now), office.catalogue.periods.dispute_days
    notices = {row.record.finding: row.record for row in all_known(office.notices, now, object_id)}
    scans = scans_known(office, object_id, now)
    closing = {uid: fix for fix in fixes for uid in fix.subjects}
    rows = []
    for row in all_known(office.findings, now, object_id):
        stated = state_of(row.record, said, now, days)
        order = order_of_retest(office, object_id, row.record.uid, now)
        if stated.is_open and row.record.cve:
            stated = replace(stated, finding=with_intelligence(row.record, now, facts))
        shown = _shown(stated, closing.get(row.record.uid), notices.get(row.record.uid), scans)
        asked = stated.state in WAITS_FOR_A_LOOK and shown.retest is None and order is None
        waits = retest_waits(office, object_id, row.record) if asked else None
        rows.append(replace(shown, order=order.number if order else "", waits=waits))
    return tuple(sorted(rows, key=_most_urgent_first))


def _shown(stated: StatedFinding, fix: Fix | None, notice: Notice | None, scans: Sequence[ScanFile]) -> FindingShown:
    finding = stated.finding
    tested = _tested(stated, scans)
    closed_at = None if finding.is_open else _closed_at(finding, scans)
    dispute_bar = None
    if stated.disputed_at is not None and stated.answer_before is not None:
        dispute_bar = Bar(stated.disputed_at, last_instant_before(stated.answer_before))
    return FindingShown(
        finding,
        stated.state,
        STATE_WORDS[stated.state],
        stated.is_open,
        tuple(SaidShown(each, STATEMENT_WORDS[each.kind]) for each in stated.statements),
        fix.code if fix else "",
        fix.effect_minor if fix and stated.is_open else None,
        notice.number if notice else "",
        _notice_bar(notice, closed_at) if notice else None,
        dispute_bar,
        tested,
        order="",
        waits=None,
    )


def _tested(stated: StatedFinding, scans: Sequence[ScanFile]) -> Retest | None:
    """What the looks after the finding was last seen say of it; nothing where nobody has looked since."""
    finding = stated.finding
    later = [scan for scan in scans if scan.result.at > finding.last_seen]
    if not later:
        return None
    return retest(finding, [look_again(finding, scan.result, scan.findings) for scan in later])


def _closed_at(finding: Finding, scans: Sequence[ScanFile]) -> datetime | None:
    """The first look after which the register had it as closed."""
    for scan in scans:
        if any(each.uid == finding.uid and not each.is_open for each in scan.findings):
            return scan.result.at
    return None


def _notice_bar(notice: Notice, closed_at: datetime | None) -> Bar | None:
    if notice.delivered_at is None or notice.deadline is None:
        return None
    return Bar(notice.delivered_at, last_instant_before(due_before(notice.deadline)), closed_at)


def _most_urgent_first(row: FindingShown) -> tuple[bool, int, int, float, str]:
    due = row.due_at.timestamp() if row.due_at else float("inf")
    return not row.is_open, -row.finding.severity, row.effect_minor or 0, due, row.finding.locator
