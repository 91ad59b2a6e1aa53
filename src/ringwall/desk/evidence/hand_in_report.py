"""A report of somebody else's scanner is handed in: kept, read within the consent, and put on record as its word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.evidence.answer_by_vex import answer_by_vex
from ringwall.desk.evidence.dossier_of import statements_known
from ringwall.desk.evidence.put_on_record import no_consent, put_finding
from ringwall.desk.intelligence.facts_at import facts_at
from ringwall.desk.office import Office, own_code
from ringwall.desk.permissions import RISK_MANAGER
from ringwall.desk.records import ReportFile
from ringwall.evidence import (
    Finding,
    FindingState,
    FindingStatus,
    Reported,
    Upload,
    findings_of,
    host_of,
    reported_by,
    state_of,
    with_intelligence,
)
from ringwall.exposure import Consent, plain_name

OF_ARTIFACTS = frozenset({"trivy", "grype", "sarif", "vex"})
"""Tools whose places are files and packages: which asset they belong to only the person can say."""
STATEMENTS = "vex"
WAITS_FOR_A_LOOK = frozenset({FindingState.SAID_FIXED, FindingState.RETEST_ASKED})
NAMED = 20
"""Places out of scope that are named one by one."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The file as it came; `asset` is what a report on files and packages belongs to, `proof` a file behind a VEX."""

    name: str
    media_type: str
    content: bytes
    asset: str = ""
    proof_sha256: str = ""


def hand_in_report(
    office: Office, object_id: UUID, upload: Upload, file: HandedIn, *, by: str, at: datetime
) -> ReportFile | Refusal:
    """Stored encrypted under its hash; what lies outside the consent is left out and told, never put on record."""
    consents = office.consents.of_object(object_id)
    if not consents or consents[-1].record.consent.withdrawn_at is not None:
        return no_consent(office, object_id)
    consent = consents[-1].record.consent
    if upload.tool == STATEMENTS and by != RISK_MANAGER:
        return _not_yours(file)
    if upload.tool in OF_ARTIFACTS and not consent.scope.covers(file.asset):
        return _asset_missing(upload, file, consent)
    placed = _in_scope(office, object_id, upload, consent)
    office.files.put(object_id, file.name, file.media_type, file.content, readers=("insured", "lead"))
    within = replace(upload, reported=tuple(placed.values()))
    found = _findings(office, object_id, within, file, at)
    insured = office.objects.number_of(object_id)
    for finding in found:
        put_finding(office, object_id, insured, finding, at=at)
    closed = _close(office, object_id, within, found, file.asset, at)
    answered: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    if upload.tool == STATEMENTS:
        answered, refused = answer_by_vex(office, object_id, upload, file.asset, file.proof_sha256, by=by, at=at)
    out = [said for said in upload.reported if said not in placed]
    told = (*upload.refusals, *_out_of_scope(out, consent), *refused)
    number = office.numbers.next(f"{own_code(office)}-R")
    uids = tuple(finding.uid for finding in found)
    report = ReportFile(number, upload.tool, upload.sha256, by, uids, answered, len(out), told, closed)
    office.reports.add(number, report, object_id=object_id, effective_at=at, known_at=at, state=upload.tool)
    return report


def _close(
    office: Office, object_id: UUID, upload: Upload, found: Iterable[Finding], asset: str, at: datetime
) -> tuple[str, ...]:
    """What was said to be fixed, and a further report of the same tool on the same asset has no more.

    It was the insured's word and is closed by it; neither moves a price.
    """
    known = {row.record.sha256 for row in office.reports.of_object(object_id)}
    if upload.tool == STATEMENTS or upload.sha256 in known:
        return ()
    on_asset = upload.tool in OF_ARTIFACTS
    looked_at = {plain_name(asset)} if on_asset else {host_of(said.place) for said in upload.reported}
    still, closed = {finding.uid for finding in found}, []
    said, days = statements_known(office, object_id, at), office.catalogue.periods.dispute_days
    insured = office.objects.number_of(object_id)
    for row in office.findings.of_object(object_id):
        finding = row.record
        waits = state_of(finding, said, at, days).state in WAITS_FOR_A_LOOK
        if waits and reported_by(finding) == upload.tool and finding.asset in looked_at and finding.uid not in still:
            put_finding(office, object_id, insured, replace(finding, status=FindingStatus.RESOLVED), at=at)
            closed.append(finding.uid)
    return tuple(closed)


def _in_scope(office: Office, object_id: UUID, upload: Upload, consent: Consent) -> dict[Reported, Reported]:
    """What lies on an asset of the consent, with the place by the asset's name where the report has its address."""
    if upload.tool in OF_ARTIFACTS:
        return {said: said for said in upload.reported}
    proofs = [row.record for row in office.proofs.of_object(object_id)]
    named = {address: proof.asset for proof in proofs if proof.proved for address in proof.addresses}
    placed = {}
    for said in upload.reported:
        host = host_of(said.place)
        asset = host if consent.scope.covers(host) else named.get(host, "")
        if asset and consent.scope.covers(asset):
            placed[said] = replace(said, place=plain_name(asset) + said.place[len(host) :])
    return placed


def _findings(office: Office, object_id: UUID, upload: Upload, file: HandedIn, at: datetime) -> tuple[Finding, ...]:
    """As findings of the insured's own word, with what was known of each CVE on that day, and its score's date."""
    insured, facts = office.objects.number_of(object_id), facts_at(office, object_id, at)
    asset = plain_name(file.asset) if upload.tool in OF_ARTIFACTS else ""
    known = {row.record.uid: row.record for row in office.findings.of_object(object_id)}
    found = findings_of(upload, insured, at, asset=asset)
    return tuple(_seen(known.get(each.uid), with_intelligence(each, at, facts) if each.cve else each) for each in found)


def _seen(known: Finding | None, now: Finding) -> Finding:
    """Reported again it keeps its first day and its standing; what had been closed or called fixed is open again."""
    if known is None:
        return now
    again = known.status in (FindingStatus.RESOLVED, FindingStatus.FIXED)
    return replace(now, first_seen=known.first_seen, status=FindingStatus.OPEN if again else known.status)


def _out_of_scope(left_out: Iterable[Reported], consent: Consent) -> tuple[Refusal, ...]:
    places = sorted({said.place for said in left_out})
    assets = ", ".join(consent.scope.assets)
    return tuple(
        refuse(
            "report_out_of_scope",
            place,
            zh=f"{place} 不在授权范围（{assets}）之内，未入档；请先就该资产签署授权书，或删去后重新上传。",
            en=f"{place} is not within the consent ({assets}), so it was not put on record; "
            "sign a consent for it first, or leave it out.",
        )
        for place in places[:NAMED]
    )


def _asset_missing(upload: Upload, file: HandedIn, consent: Consent) -> Refusal:
    assets = ", ".join(consent.scope.assets)
    return refuse(
        "report_asset_missing",
        file.name,
        zh=f"{upload.tool} 报告涉及文件或软件包，须注明所属资产；“{file.asset}”不在授权范围（{assets}）之内。",
        en=f"A report of {upload.tool} is about files and packages, so name the asset that they belong to; "
        f'"{file.asset}" is not within the consent ({assets}).',
    )


def _not_yours(file: HandedIn) -> Refusal:
    return refuse(
        "statement_not_yours",
        file.name,
        zh="VEX 声明是被保险人自己的陈述，只能由其风险管理人提交；请转交被保险人。",
        en="A VEX is the insured's own statement, so only its risk manager hands it in; pass it on to the insured.",
    )
