"""What is known of an insured: findings, controls on a date, counted traffic, and the papers behind its answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import StoredFile, Variety
from ringwall.desk.evidence.dossier_of import dossier_of
from ringwall.desk.evidence.say_of_finding import decide_on_dispute, say_of_finding
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.views.dossier import DossierPage, dossier_page
from ringwall.desk.views.knowing import FixList
from ringwall.desk.views.posture import Posture, posture
from ringwall.desk.views.posture.findings import FindingShown
from ringwall.desk.views.posture.over_time import FreshLook
from ringwall.evidence import (
    Contradiction,
    Decided,
    Dossier,
    Finding,
    Indicator,
    Statement,
    StatementKind,
    distinct_batches,
    indicators_of,
)
from ringwall.market import PeerComparison
from ringwall.price import FixPlan
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.content import BINARY, Binary, described
from ringwall.shell.api.forms.fields import (
    LARGEST_MINOR,
    PRINTABLE,
    WORD,
    Body,
    Instant,
    MaybeText,
    Number,
    Sha256,
    Text,
)
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


FindingId = Annotated[str, Path(pattern=WORD, description="发现项 · the uid of a finding")]


class Saying(Body):
    """What the insured says of a finding; an answer and a dispute give their reason."""

    kind: Literal["answered", "disputed", "said_fixed", "retest_asked"]
    text: MaybeText = ""


class Deciding(Body):
    """The lead's decision on a dispute, with its reason."""

    kind: Literal["upheld", "rejected"]
    text: Text


@dataclass(frozen=True, slots=True)
class PosturePoint:
    """What was known at one instant: open findings by severity, and the factor that the premium is charged by."""

    at: datetime
    what: Words
    open_by_severity: Mapping[str, int]
    factor: Fraction | None


@dataclass(frozen=True, slots=True)
class PostureSeen:
    """The posture of one insured: what stands open first, what mending saves, over time and beside its peers."""

    number: str
    findings: tuple[FindingShown, ...]
    fixes: FixList | None
    plan: FixPlan | None
    contradictions: tuple[Contradiction, ...]
    history: tuple[PosturePoint, ...]
    fresh: tuple[FreshLook, ...]
    peers: PeerComparison | None


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
    variety: tuple[Variety, ...]


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


@router.get("/submissions/{number}/posture", response_model=mirror(PostureSeen), summary="安全状况 · Posture")
def posture_of(
    number: Number,
    caller: Asking,
    at: Annotated[Instant | None, Query(description="默认为当前 · now by default")] = None,
    target_minor: Annotated[int | None, Query(ge=0, le=LARGEST_MINOR, description="目标年保费（分）· in fen")] = None,
) -> PostureSeen:
    """Open findings with effect on the premium, statements and clocks; with a target, the cheapest fixes to it."""
    when, bases = caller.instant(at), caller.house.bases

    def read(office: Office) -> PostureSeen | Refusal:
        seen = posture(office, number, when, bases, target_minor)
        if isinstance(seen, Refusal):
            return seen
        return seen.plan if isinstance(seen.plan, Refusal) else _seen(seen, seen.plan)

    return caller.ask(read)


def _seen(view: Posture, plan: FixPlan | None) -> PostureSeen:
    history = tuple(
        PosturePoint(
            point.at,
            point.what,
            {level.name.lower(): count for level, count in point.open_by_severity.items()},
            point.factor,
        )
        for point in view.history
    )
    peers = view.peers.comparison if view.peers else None
    return PostureSeen(view.number, view.findings, view.fixes, plan, view.contradictions, history, view.fresh, peers)


@router.get(
    "/submissions/{number}/dossier",
    response_model=mirror(DossierPage),
    summary="风险档案 · The dossier, and what was known when",
)
def dossier_seen(
    number: Number,
    caller: Asking,
    at: Annotated[Instant | None, Query(description="默认为当前 · now by default")] = None,
) -> DossierPage:
    """Each control from every side with the rule that judged it, and what the insurer knew, and when (R-03)."""
    when = caller.instant(at)
    return caller.ask(lambda office: dossier_page(office, number, when))


@router.post(
    "/submissions/{number}/findings/{finding}/statements",
    status_code=201,
    response_model=mirror(Statement),
    summary="对发现项的陈述 · Say something of a finding",
)
def say_of(number: Number, finding: FindingId, body: Saying, writer: Writing) -> Statement:
    """An answer, a dispute, a report of the fix or a request for the re-test; it closes nothing."""
    kind, by, at = StatementKind(body.kind), writer.speaker.display_name, writer.instant(None)
    assert kind not in (StatementKind.UPHELD, StatementKind.REJECTED), "the form takes the insured's kinds alone"
    return writer.write(
        "say_of_finding",
        body,
        Statement,
        lambda office: say_of_finding(office, object_of(office, number), finding, kind, body.text, by=by, at=at),
        number,
    )


@router.post(
    "/submissions/{number}/findings/{finding}/decisions",
    status_code=201,
    response_model=mirror(Statement),
    summary="对异议的决定 · Decide a dispute",
)
def decide_of(number: Number, finding: FindingId, body: Deciding, writer: Writing) -> Statement:
    """Upheld, and the finding is withdrawn for as long as looks show the same; or rejected, with the reason."""
    kind: Decided = StatementKind.UPHELD if body.kind == "upheld" else StatementKind.REJECTED
    by, at = writer.speaker.display_name, writer.instant(None)
    return writer.write(
        "decide_dispute",
        body,
        Statement,
        lambda office: decide_on_dispute(office, object_of(office, number), finding, kind, body.text, by=by, at=at),
        number,
    )


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
        at = caller.instant(None)
        found = indicators_of(office.hours.counts(object_id, at))
        return Traffic(counted, found, office.hours.variety(object_id))

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
