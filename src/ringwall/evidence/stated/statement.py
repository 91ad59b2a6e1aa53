"""A finding between two sides: the insured answers, disputes, reports a fix, asks for the re-test; the insurer decides.

A statement of the insured closes nothing. A dispute that the insurer gives right withdraws the finding for as long as
later looks show nothing but the same evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from ringwall.basics import Calendar, Refusal, due_before, last_day, local_day, refuse
from ringwall.evidence.finding import Finding, FindingStatus


class StatementKind(StrEnum):
    """The first four are the insured's, the last two the insurer's."""

    ANSWERED = "answered"
    DISPUTED = "disputed"
    SAID_FIXED = "said_fixed"
    RETEST_ASKED = "retest_asked"
    UPHELD = "upheld"
    REJECTED = "rejected"


Said = Literal[StatementKind.ANSWERED, StatementKind.DISPUTED, StatementKind.SAID_FIXED, StatementKind.RETEST_ASKED]
Decided = Literal[StatementKind.UPHELD, StatementKind.REJECTED]
DECISIONS = frozenset({StatementKind.UPHELD, StatementKind.REJECTED})
OF_A_LATER_LOOK = frozenset({StatementKind.SAID_FIXED, StatementKind.RETEST_ASKED})
"""What a look that comes after it settles, whatever it sees."""
WITH_A_REASON = frozenset({StatementKind.ANSWERED, StatementKind.DISPUTED, *DECISIONS})


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that one side has said of a finding; `evidence_sha256` is that of the look it speaks of."""

    finding: str
    kind: StatementKind
    text: str
    by: str
    said_at: datetime
    evidence_sha256: str


class FindingState(StrEnum):
    """How a finding stands by looks and statements together; only the last two are closed."""

    OPEN = "open"
    ANSWERED = "answered"
    DISPUTED = "disputed"
    DISPUTE_REJECTED = "dispute_rejected"
    SAID_FIXED = "said_fixed"
    RETEST_ASKED = "retest_asked"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


BY_STATEMENT = {
    StatementKind.ANSWERED: FindingState.ANSWERED,
    StatementKind.DISPUTED: FindingState.DISPUTED,
    StatementKind.REJECTED: FindingState.DISPUTE_REJECTED,
    StatementKind.SAID_FIXED: FindingState.SAID_FIXED,
    StatementKind.RETEST_ASKED: FindingState.RETEST_ASKED,
}


@dataclass(frozen=True, slots=True)
class StatedFinding:
    """A finding with its state, everything that was said of it, and until when a pending dispute is to be answered."""

    finding: Finding
    state: FindingState
    statements: tuple[Statement, ...]
    disputed_at: datetime | None
    answer_before: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state not in (FindingState.WITHDRAWN, FindingState.CLOSED)


def state_of(finding: Finding, statements: Sequence[Statement], at: datetime, dispute_days: int) -> StatedFinding:
    """How a finding stands at an instant; what was said after it does not count."""
    said = _said_of(finding, statements, at)
    pending = _pending(said)
    disputed_at = pending.said_at if pending and finding.is_open else None
    before = _answer_before(disputed_at, dispute_days) if disputed_at else None
    return StatedFinding(finding, _state(finding, said), said, disputed_at, before)


def as_stated(finding: Finding, statements: Sequence[Statement], at: datetime) -> Finding:
    """The finding with its status by looks and statements; only a withdrawn one moves a price no more."""
    match _state(finding, _said_of(finding, statements, at)):
        case FindingState.WITHDRAWN:
            return replace(finding, status=FindingStatus.RESOLVED)
        case FindingState.DISPUTED:
            return replace(finding, status=FindingStatus.DISPUTED)
        case FindingState.SAID_FIXED | FindingState.RETEST_ASKED:
            return replace(finding, status=FindingStatus.FIXED)
        case _:
            return finding


def withdrawn(findings: Iterable[Finding], statements: Sequence[Statement], at: datetime) -> frozenset[str]:
    """The findings of which a dispute was upheld, whatever later looks have seen of them with the same evidence."""
    return frozenset(each.uid for each in findings if _is_withdrawn(each, _said_of(each, statements, at)))


def say(
    finding: Finding, statements: Sequence[Statement], kind: Said, text: str, *, by: str, at: datetime
) -> Statement | Refusal:
    """The insured's next statement; a closed finding needs none, and one dispute is decided before the next."""
    said = _said_of(finding, statements, at)
    if _state(finding, said) in (FindingState.CLOSED, FindingState.WITHDRAWN):
        return _closed(finding)
    if kind in WITH_A_REASON and not text.strip():
        return _no_reason(finding)
    pending = _pending(said)
    if kind is StatementKind.DISPUTED and pending is not None:
        return _already_disputed(finding, pending)
    return Statement(finding.uid, kind, text.strip(), by, at, finding.evidence_sha256)


def decide_dispute(
    finding: Finding, statements: Sequence[Statement], kind: Decided, text: str, *, by: str, at: datetime
) -> Statement | Refusal:
    """The insurer's decision on the dispute that is pending, with its reason."""
    if _pending(_said_of(finding, statements, at)) is None:
        return _not_disputed(finding)
    if not text.strip():
        return _no_reason(finding)
    return Statement(finding.uid, kind, text.strip(), by, at, finding.evidence_sha256)


def _said_of(finding: Finding, statements: Sequence[Statement], at: datetime) -> tuple[Statement, ...]:
    known = [each for each in statements if each.finding == finding.uid and each.said_at <= at]
    return tuple(sorted(known, key=lambda each: each.said_at))


def _pending(said: Sequence[Statement]) -> Statement | None:
    """The dispute that nobody has decided yet."""
    in_dispute = [each for each in said if each.kind is StatementKind.DISPUTED or each.kind in DECISIONS]
    return in_dispute[-1] if in_dispute and in_dispute[-1].kind is StatementKind.DISPUTED else None


def _state(finding: Finding, said: Sequence[Statement]) -> FindingState:
    """A closing look first, then a withdrawal, then a pending dispute, then the newest statement that still counts."""
    if not finding.is_open:
        return FindingState.CLOSED
    if _is_withdrawn(finding, said):
        return FindingState.WITHDRAWN
    if _pending(said) is not None:
        return FindingState.DISPUTED
    counting = [each for each in said if each.kind in BY_STATEMENT and not _overtaken(finding, each)]
    return BY_STATEMENT[counting[-1].kind] if counting else FindingState.OPEN


def _is_withdrawn(finding: Finding, said: Sequence[Statement]) -> bool:
    decisions = [each for each in said if each.kind in DECISIONS]
    return bool(decisions) and decisions[-1].kind is StatementKind.UPHELD and _same_evidence(finding, decisions[-1])


def _same_evidence(finding: Finding, decision: Statement) -> bool:
    return finding.last_seen <= decision.said_at or finding.evidence_sha256 == decision.evidence_sha256


def _overtaken(finding: Finding, statement: Statement) -> bool:
    """Said to be fixed, and seen again since."""
    return statement.kind in OF_A_LATER_LOOK and finding.last_seen > statement.said_at


def _answer_before(disputed_at: datetime, days: int) -> datetime:
    return due_before(last_day(local_day(disputed_at), days, 0, Calendar(), rolls=False)[1])


def _closed(finding: Finding) -> Refusal:
    return refuse(
        "finding_closed",
        finding.uid,
        zh=f"发现项“{finding.title.zh}”已关闭，无需再答复；如再次出现请重新检测。",
        en=f"The finding '{finding.title.en}' is closed and needs no statement; scan again if it is back.",
    )


def _no_reason(finding: Finding) -> Refusal:
    return refuse(
        "statement_without_reason",
        finding.uid,
        zh=f"关于“{finding.title.zh}”的答复、异议或决定没有写明理由；请写明理由后再提交。",
        en=f"The answer, dispute or decision on '{finding.title.en}' gives no reason; state it and send again.",
    )


def _already_disputed(finding: Finding, pending: Statement) -> Refusal:
    day = local_day(pending.said_at)
    return refuse(
        "dispute_pending",
        finding.uid,
        zh=f"发现项“{finding.title.zh}”已于 {day} 提出异议，尚待保险人答复；请等待答复，或补充说明。",
        en=f"The finding '{finding.title.en}' was disputed on {day} and waits for the insurer; wait for its decision, "
        "or add an answer.",
    )


def _not_disputed(finding: Finding) -> Refusal:
    return refuse(
        "dispute_missing",
        finding.uid,
        zh=f"发现项“{finding.title.zh}”没有待答复的异议；请核对发现项。",
        en=f"No dispute of the finding '{finding.title.en}' waits for a decision; check which finding is meant.",
    )
