"""The insured answers, disputes, reports a fix or asks for the re-test of a finding; the lead decides a dispute."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import GrantRole, Letter
from ringwall.desk.evidence.dossier_of import statements_known
from ringwall.desk.evidence.start_retest import start_retest
from ringwall.desk.monitoring.watch_policy import refund_withdrawn
from ringwall.desk.office import Office, own_code
from ringwall.desk.permissions import not_visible
from ringwall.evidence import Decided, Finding, Said, Statement, StatementKind, decide_dispute, reported_by, say

STATEMENT_WORDS = {
    StatementKind.ANSWERED: Words("已答复", "answered"),
    StatementKind.DISPUTED: Words("提出异议", "disputed"),
    StatementKind.SAID_FIXED: Words("称已整改", "reported as fixed"),
    StatementKind.RETEST_ASKED: Words("申请复测", "re-test asked for"),
    StatementKind.UPHELD: Words("异议成立，发现项撤回", "dispute upheld, finding withdrawn"),
    StatementKind.REJECTED: Words("异议不成立", "dispute rejected"),
}
ASKED_OF: dict[StatementKind, tuple[GrantRole, ...]] = {StatementKind.RETEST_ASKED: ("lead", "provider")}
"""Whoever looks is asked as well; everything else goes to the lead alone."""


def say_of_finding(
    office: Office, object_id: UUID, finding: str, kind: Said, text: str, *, by: str, at: datetime
) -> Statement | Refusal:
    """One statement of the insured under a number of its own, and word of it to the lead; a re-test that is asked for
    starts with it, or is refused with what stands against it. What only others have reported is ordered to be looked
    at again as soon as it is said to be fixed, where the policy includes it."""
    known = _finding(office, object_id, finding)
    if isinstance(known, Refusal):
        return known
    statement = say(known, statements_known(office, object_id, at), kind, text, by=by, at=at)
    if isinstance(statement, Refusal):
        return statement
    started = start_retest(office, object_id, known, at=at) if _needs_a_look(known, kind) else None
    if isinstance(started, Refusal) and kind is StatementKind.RETEST_ASKED:
        return started
    return _kept(office, object_id, known, statement, ASKED_OF.get(kind, ("lead",)))


def decide_on_dispute(
    office: Office, object_id: UUID, finding: str, kind: Decided, text: str, *, by: str, at: datetime
) -> Statement | Refusal:
    """The lead's decision with its reason, and word of it to the insured; what a withdrawn finding cost goes back."""
    known = _finding(office, object_id, finding)
    if isinstance(known, Refusal):
        return known
    decision = decide_dispute(known, statements_known(office, object_id, at), kind, text, by=by, at=at)
    if isinstance(decision, Refusal):
        return decision
    kept = _kept(office, object_id, known, decision, ("insured",))
    refunded = refund_withdrawn(office, object_id, finding, at=at) if kind is StatementKind.UPHELD else None
    return refunded if isinstance(refunded, Refusal) else kept


def _needs_a_look(finding: Finding, kind: Said) -> bool:
    """Our own looks come back by themselves to what they have seen; what others have reported nobody looks at again."""
    return kind is StatementKind.RETEST_ASKED or (kind is StatementKind.SAID_FIXED and bool(reported_by(finding)))


def _finding(office: Office, object_id: UUID, uid: str) -> Finding | Refusal:
    row = office.findings.newest(f"{office.objects.number_of(object_id)}:{uid}")
    return row.record if row is not None else not_visible(uid)


def _kept(
    office: Office, object_id: UUID, finding: Finding, statement: Statement, told: tuple[GrantRole, ...]
) -> Statement:
    number, at = office.numbers.next(f"{own_code(office)}-FS"), statement.said_at
    office.statements.add(
        number, statement, object_id=object_id, effective_at=at, known_at=at, state=statement.kind.value
    )
    for role in told:
        office.post.send(_letter(office, object_id, finding, statement, role))
    return statement


def _letter(office: Office, object_id: UUID, finding: Finding, statement: Statement, role: GrantRole) -> Letter:
    case, said = office.objects.number_of(object_id), STATEMENT_WORDS[statement.kind]
    subject = Words(f"{finding.title.zh}：{said.zh}", f"{finding.title.en}: {said.en}")
    text = Words(
        f"{case} · {finding.locator}：{statement.by}{said.zh}。{statement.text}",
        f"{case} · {finding.locator}: {said.en} by {statement.by}. {statement.text}",
    )
    link = f"/posture/{case}#finding-{finding.uid}"
    return Letter(object_id, "finding_statement", role, subject, text, link, statement.said_at)
