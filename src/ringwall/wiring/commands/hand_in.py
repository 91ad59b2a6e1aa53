"""The command `hand-in`: a report of another scanner, or a VEX statement, on one insured's assets."""

from __future__ import annotations

import hashlib
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from ringwall.basics import Refusal, Words
from ringwall.desk.evidence.hand_in_report import HandedIn, hand_in_report
from ringwall.desk.front import Request
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import ReportFile
from ringwall.shell.cli import Answer, Page, Parser, Refused, Tools, show
from ringwall.shell.cli.reading import unreadable
from ringwall.shell.probes.uploads import read_upload
from ringwall.wiring.commands.acting import acting, add_person

MEDIA_TYPE = "application/octet-stream"


class HandIn:
    """The command `hand-in`."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def add_arguments(self, parser: Parser) -> None:
        parser.add(Words("投保单编号", "number of the application"), "number", metavar="NUMBER")
        parser.add(Words("报告文件", "the report"), "file", type=Path, metavar="FILE")
        add_person(parser)
        parser.add(
            Words("文件与软件包报告所属的资产", "the asset to which files and packages belong"), "--asset", default=""
        )
        parser.add(
            Words("支持“不受影响”的证据文件", "a file that proves 'not affected'"), "--proof", type=Path, metavar="F"
        )

    def run(self, arguments: Namespace, _: Tools) -> int:
        content, proof = _read(arguments.file), _read(arguments.proof) if arguments.proof else b""
        upload = read_upload(content, arguments.file.name)
        if isinstance(upload, Refusal):
            raise Refused(upload)
        proved = hashlib.sha256(proof).hexdigest() if proof else ""
        file = HandedIn(arguments.file.name, MEDIA_TYPE, content, arguments.asset, proved)
        with acting(self._home, self._environment, arguments.person) as (house, speaker):

            def work(office: Office) -> ReportFile | Refusal:
                object_id = office.objects.by_number(arguments.number)
                if object_id is None:
                    return not_visible(arguments.number)
                if proof:
                    office.files.put(object_id, arguments.proof.name, MEDIA_TYPE, proof, readers=("insured", "lead"))
                return hand_in_report(office, object_id, upload, file, by=speaker.role, at=datetime.now(UTC))

            key = f"report:{arguments.number}:{upload.sha256}:{arguments.asset}:{proved[:16]}"
            request = Request(speaker, "hand_in_report", key, {"sha256": upload.sha256}, arguments.number)
            report = house.front.perform(request, ReportFile, work)
        if isinstance(report, Refusal):
            raise Refused(report)
        return show(
            arguments, Answer({"kind": "report", "report": report}, lambda page: draw(page, report), report.refusals)
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise unreadable(path, fault) from None


def draw(page: Page, report: ReportFile) -> None:
    page.title(Words(f"{report.number} · {report.tool}", f"{report.number} · {report.tool}"))
    page.line(
        Words(
            f"入档 {len(report.findings)} 项，答复 {len(report.answered)} 项，超出授权未入档 {report.left_out} 处",
            f"{len(report.findings)} findings on record, {len(report.answered)} answered, "
            f"{report.left_out} places outside the consent left out",
        )
    )
