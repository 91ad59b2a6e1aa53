"""A VEX file answers findings: each of its statements becomes a statement of the insured, as if said on the page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.evidence.dossier_of import findings_known
from ringwall.desk.evidence.say_of_finding import say_of_finding
from ringwall.desk.office import Office
from ringwall.evidence import Finding, Reported, Said, SaidState, StatementKind, Upload
from ringwall.exposure import plain_name

SAYS: dict[SaidState, Said] = {
    SaidState.NOT_AFFECTED: StatementKind.DISPUTED,
    SaidState.FIXED: StatementKind.RETEST_ASKED,
    SaidState.UNDER_INVESTIGATION: StatementKind.ANSWERED,
    SaidState.AFFECTED: StatementKind.ANSWERED,
}
"""A statement closes nothing: 'not affected' is a dispute with its clock, 'fixed' asks for the re-test."""


def answer_by_vex(
    office: Office, object_id: UUID, upload: Upload, asset: str, proof_sha256: str, *, by: str, at: datetime
) -> tuple[tuple[str, ...], tuple[Refusal, ...]]:
    """Every open finding on the asset whose CVE the file names; what it does not support is told and stays open."""
    said = {each.cve: each for each in upload.reported if each.cve and each.state in SAYS}
    answered: list[str] = []
    refused: list[Refusal] = []
    for finding in findings_known(office, object_id, at):
        statement = said.get(finding.cve)
        if statement is None or not finding.is_open or plain_name(finding.asset) != plain_name(asset):
            continue
        if finding.check.startswith(f"{upload.tool}:"):
            continue  # the statement itself made this finding
        result = _say(office, object_id, finding, statement, proof_sha256, by=by, at=at)
        if isinstance(result, Refusal):
            refused.append(result)
        else:
            answered.append(finding.uid)
    return tuple(answered), tuple(refused)


def _say(
    office: Office, object_id: UUID, finding: Finding, said: Reported, proof_sha256: str, *, by: str, at: datetime
) -> Refusal | None:
    kind, reason = SAYS[said.state], said.detail.strip()
    if kind is StatementKind.DISPUTED:
        known = {file.sha256 for file in office.files.of_object(object_id)}
        if not reason or proof_sha256 not in known:
            return _unsupported(finding)
        reason = f"{reason} (SHA-256 {proof_sha256})"
    text = reason or said.state.value.replace("_", " ")
    found = say_of_finding(office, object_id, finding.uid, kind, f"VEX: {text}", by=by, at=at)
    return found if isinstance(found, Refusal) else None


def _unsupported(finding: Finding) -> Refusal:
    return refuse(
        "statement_unsupported",
        finding.uid,
        zh=f"“不受影响”缺少理由或证据文件，发现项“{finding.title.zh}”保持开放；请先上传证据，再写明理由。",
        en=f"'Not affected' came without a reason or a file of evidence, so '{finding.title.en}' stays open; "
        "hand in the evidence and state the reason.",
    )
