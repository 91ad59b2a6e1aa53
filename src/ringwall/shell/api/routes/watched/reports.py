"""Reports of other scanners and VEX statements: handed in, and read within the consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query

from ringwall.basics import Refusal
from ringwall.desk.evidence.hand_in_report import HandedIn, hand_in_report
from ringwall.desk.office import Office
from ringwall.desk.records import ReportFile
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.content import BINARY, Binary, described
from ringwall.shell.api.forms.fields import PRINTABLE, Number
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import object_of, within
from ringwall.shell.api.problems import Refused

router = APIRouter(tags=["证据 · Evidence"], route_class=SignedRoute)

NAME = Query(pattern=PRINTABLE, min_length=1, max_length=200, description="文件名 · its name", examples=["nmap.xml"])
ASSET = Query(
    pattern=r"^[^\x00-\x1f\x7f]*$", max_length=253, description="文件与软件包所属资产 · the asset of files and packages"
)
PROOF = Query(pattern="^([0-9a-f]{64})?$", description="证据文件的散列值 · the hash of a file of evidence")


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports that were handed in."""

    reports: tuple[ReportFile, ...]


@router.post(
    "/submissions/{number}/reports",
    status_code=201,
    response_model=mirror(ReportFile),
    summary="提交扫描报告 · Hand in a report",
    openapi_extra=described(BINARY),
)
def hand_in(
    number: Number,
    content: Binary,
    writer: Writing,
    name: Annotated[str, NAME],
    asset: Annotated[str, ASSET] = "",
    proof: Annotated[str, PROOF] = "",
) -> ReportFile:
    """nmap, sslyze, testssl, nuclei, ZAP, OpenVAS, trivy, grype, SARIF or CycloneDX VEX, recognised by its content."""
    upload = writer.house.readers.read_report(content, name)
    if isinstance(upload, Refusal):
        raise Refused(upload)
    at, by = writer.instant(None), writer.speaker.role
    file = HandedIn(name, BINARY, content, asset, proof)
    return writer.write(
        "hand_in_report",
        {"name": name, "asset": asset, "proof": proof, "sha256": upload.sha256},
        ReportFile,
        lambda office: hand_in_report(office, object_of(office, number), upload, file, by=by, at=at),
        number,
    )


@router.get("/submissions/{number}/reports", response_model=mirror(Reports), summary="报告 · Reports")
def reports(number: Number, caller: Asking) -> Reports:
    """What was handed in, what was left out and why, and which findings a VEX answered."""

    def read(office: Office) -> Reports | Refusal:
        object_id = within(office, number)
        if isinstance(object_id, Refusal):
            return object_id
        return Reports(tuple(row.record for row in office.reports.of_object(object_id)))

    return caller.ask(read)
