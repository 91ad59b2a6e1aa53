"""What our own scanner has to look at again, and what becomes of it: findings close or open, and both sides hear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import GrantRole, Letter
from ringwall.desk.evidence.dossier_of import statements_known
from ringwall.desk.evidence.put_on_record import record_scan
from ringwall.desk.evidence.start_retest import RETEST, order_of_retest
from ringwall.desk.office import Office
from ringwall.desk.records import ScanFile
from ringwall.desk.service.consent_of_order import consent_signed
from ringwall.evidence import Finding, FindingState, MatchBasis, ScanResult, state_of
from ringwall.exposure import Asset, Consent, ControlProof
from ringwall.monitoring import RetestResult, look_again, retest
from ringwall.service import DeliverableKind, OrderState, may_begin

TRIED_FOR = timedelta(hours=72)
"""How long after it was asked for a look that reaches nothing is tried again (our own choice, 2026-11)."""
RESULT_WORDS = {
    RetestResult.PASSED: Words("复测未再发现，已关闭", "not seen again, closed"),
    RetestResult.FAILED: Words("复测仍可见，未关闭", "still seen, stays open"),
}
"""A look that did not reach the place says nothing, and is tried again."""
TOLD: tuple[GrantRole, ...] = ("insured", "lead", "provider")


@dataclass(frozen=True, slots=True)
class LookDue:
    """One look that somebody waits for; `purpose` is the order's number, or a re-test without an order."""

    purpose: str
    assets: tuple[Asset, ...]
    findings: tuple[Finding, ...]
    consent: Consent
    proofs: tuple[ControlProof, ...]


def looks_due(office: Office, object_id: UUID, at: datetime) -> tuple[LookDue, ...]:
    """Orders that were accepted and are delivered as a scan, and re-tests that were asked for without an order."""
    consent = consent_signed(office, object_id)
    if consent is None or consent.withdrawn_at is not None:
        return ()
    return (*_of_orders(office, object_id, consent, at), *_of_findings(office, object_id, consent, at))


def keep_look(office: Office, object_id: UUID, due: LookDue, result: ScanResult) -> ScanFile | Refusal:
    """The scan with its findings on record, and word of what it says to the insured, the lead and the provider."""
    scan = record_scan(office, object_id, result, purpose=due.purpose)
    if isinstance(scan, Refusal):
        return scan
    case = office.objects.number_of(object_id)
    for finding in due.findings:
        said = RESULT_WORDS.get(retest(finding, [look_again(finding, result, scan.findings)]).result)
        if said is not None:
            for role in TOLD:
                office.post.send(_letter(object_id, case, finding, said, role, result.at))
    return scan


def _of_orders(office: Office, object_id: UUID, consent: Consent, at: datetime) -> Iterator[LookDue]:
    looked = {row.record.purpose for row in office.scans.of_object(object_id)}
    known = {row.record.uid: row.record for row in office.findings.of_object(object_id)}
    for row in office.orders.of_object(object_id):
        order, service = row.record, office.catalogue.services.service(row.record.service)
        if isinstance(service, Refusal) or service.delivered_as is not DeliverableKind.SCAN:
            continue
        accepted, wanted = order.state is OrderState.ACCEPTED, order.number not in looked
        if accepted and wanted and may_begin(order, service, consent, at) is None:
            findings = tuple(known[uid] for uid in order.findings if uid in known)
            yield _due(office, object_id, order.number, set(order.assets), findings, consent)


def _of_findings(office: Office, object_id: UUID, consent: Consent, at: datetime) -> Iterator[LookDue]:
    said, days = statements_known(office, object_id, at), office.catalogue.periods.dispute_days
    asked = []
    for row in office.findings.of_object(object_id):
        stated = state_of(row.record, said, at, days)
        if stated.state is not FindingState.RETEST_ASKED or row.record.basis is MatchBasis.SELF_REPORTED:
            continue
        lately = at - stated.statements[-1].said_at <= TRIED_FOR
        if lately and order_of_retest(office, object_id, row.record.uid, at) is None:
            asked.append(row.record)
    if asked:
        yield _due(office, object_id, RETEST, {each.asset for each in asked}, tuple(asked), consent)


def _due(
    office: Office, object_id: UUID, purpose: str, names: set[str], findings: tuple[Finding, ...], consent: Consent
) -> LookDue:
    assets = tuple(row.record for row in office.assets.of_object(object_id) if row.record.name in names)
    proofs = tuple(row.record for row in office.proofs.of_object(object_id))
    return LookDue(purpose, assets, findings, consent, proofs)


def _letter(object_id: UUID, case: str, finding: Finding, said: Words, role: GrantRole, at: datetime) -> Letter:
    subject = Words(f"{finding.title.zh}：{said.zh}", f"{finding.title.en}: {said.en}")
    text = Words(f"{case} · {finding.locator}：{said.zh}。", f"{case} · {finding.locator}: {said.en}.")
    return Letter(object_id, "retest_done", role, subject, text, f"/posture/{case}#finding-{finding.uid}", at)
