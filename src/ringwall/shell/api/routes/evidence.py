"""What is known of an insured: findings, controls on a date, counted traffic, and the papers behind its answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ringwall.basics import Refusal
from ringwall.desk.doors import StoredFile
from ringwall.desk.evidence.dossier_of import dossier_of
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.evidence import Dossier, Finding, Indicator, distinct_batches, indicators
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.content import BINARY, Binary, described
from ringwall.shell.api.forms.fields import PRINTABLE, Instant, Number, Sha256
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import object_of, within

router = APIRouter(tags=["证据 · Evidence"], route_class=SignedRoute)

FILE_NAME = Query(
    pattern=PRINTABLE, min_length=1, max_length=200, description="文件名 · the file's name", examples=["Q20.txt"]
)
MEDIA_TYPE = Query(
    alias="type",
    pattern=r"^(text/plain|text/csv|application/pdf|application/json|application/octet-stream|image/png|image/jpeg)$",
    description="媒体类型 · its media type",
)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A stored file by its content."""

    sha256: str
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FileList:
    """The files of one application that the speaker may read."""

    files: tuple[FileEntry, ...]


@dataclass(frozen=True, slots=True)
class FindingList:
    """Every finding of one insured, newest version of each."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CountedFile:
    """One closed file of a sensor, as it was counted."""

    source_name: str
    sha256: str
    lines: int
    rejected: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the insured's own sensor counted, and what it raises: an alert, never a price."""

    batches: tuple[CountedFile, ...]
    indicators: tuple[Indicator, ...]


@router.get("/submissions/{number}/findings", response_model=mirror(FindingList), summary="发现项 · Findings")
def findings(number: Number, caller: Asking) -> FindingList:
    """What the scans saw of the insured's assets, with severity, advice and exploitation known."""

    def read(office: Office) -> FindingList | Refusal:
        object_id = within(office, number)
        if isinstance(object_id, Refusal):
            return object_id
        return FindingList(tuple(row.record for row in office.findings.of_object(object_id)))

    return caller.ask(read)


@router.get(
    "/submissions/{number}/controls", response_model=mirror(Dossier), summary="控制措施档案 · Controls (dossier)"
)
def controls(
    number: Number,
    caller: Asking,
    at: Annotated[Instant | None, Query(description="默认为当前 · now by default")] = None,
) -> Dossier:
    """Which controls are held, broken or unknown at an instant, and by what; what was learned later does not count."""
    when = caller.instant(at)

    def read(office: Office) -> Dossier | Refusal:
        object_id = within(office, number)
        if isinstance(object_id, Refusal) or not office.submissions.of_object(object_id):
            return not_visible(number)
        return dossier_of(office, object_id, when)

    return caller.ask(read)


@router.get("/submissions/{number}/traffic", response_model=mirror(Traffic), summary="流量监测 · Traffic")
def traffic(number: Number, caller: Asking) -> Traffic:
    """The sensor's files that were counted, and the indicators over all of them."""

    def read(office: Office) -> Traffic | Refusal:
        object_id = within(office, number)
        if isinstance(object_id, Refusal):
            return object_id
        batches = distinct_batches([row.record for row in office.traffic.of_object(object_id)])
        counted = tuple(
            CountedFile(each.source_name, each.sha256, each.lines, each.rejected, each.first_at, each.last_at)
            for each in batches
        )
        return Traffic(counted, indicators(batches))

    return caller.ask(read)


@router.post(
    "/submissions/{number}/files",
    status_code=201,
    response_model=mirror(FileEntry),
    summary="提交文件 · Hand in a file",
    openapi_extra=described(BINARY),
)
def hand_in(
    number: Number,
    content: Binary,
    writer: Writing,
    name: Annotated[str, FILE_NAME],
    media_type: Annotated[str, MEDIA_TYPE] = BINARY,
) -> FileEntry:
    """A paper behind an answer, stored encrypted under its hash. The body is the content itself."""
    stated = {"name": name, "type": media_type, "sha256": hashlib.sha256(content).hexdigest()}

    def work(office: Office) -> FileEntry:
        return _entry(office.files.put(object_of(office, number), name, media_type, content))

    return writer.write("apply_for_cover", dict(stated), FileEntry, work, number)


@router.get("/submissions/{number}/files", response_model=mirror(FileList), summary="文件列表 · List files")
def files(number: Number, caller: Asking) -> FileList:
    """The files of the application that the speaker may read, the printed schedules among them."""

    def read(office: Office) -> FileList | Refusal:
        object_id = within(office, number)
        if isinstance(object_id, Refusal):
            return object_id
        return FileList(tuple(_entry(file) for file in office.files.of_object(object_id)))

    return caller.ask(read)


@router.get(
    "/submissions/{number}/files/{sha256}",
    response_class=Response,
    summary="读取文件 · Read a file",
    responses={200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
def file(number: Number, sha256: Sha256, caller: Asking) -> Response:
    """The content of a file by its hash, through the walls: whoever may see the record may read it."""
    stored, content = caller.ask(lambda office: _read(office, number, sha256))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=stored.media_type, headers=headers)


def _read(office: Office, number: str, sha256: str) -> tuple[StoredFile, bytes] | Refusal:
    object_id: UUID | Refusal = within(office, number)
    if isinstance(object_id, Refusal):
        return object_id
    stored = next((each for each in office.files.of_object(object_id) if each.sha256 == sha256), None)
    return (stored, office.files.read(stored)) if stored else not_visible(sha256)


def _entry(file: StoredFile) -> FileEntry:
    return FileEntry(file.sha256, file.name, file.media_type, file.size_bytes)
