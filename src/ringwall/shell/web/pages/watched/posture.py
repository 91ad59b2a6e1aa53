"""The posture: what stands open and what fixing saves, what both sides say of it, over time and beside peers."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Json
from ringwall.desk.evidence.hand_in_report import HandedIn, hand_in_report
from ringwall.desk.evidence.say_of_finding import decide_on_dispute, say_of_finding
from ringwall.desk.office import Office
from ringwall.desk.permissions import RISK_MANAGER, UNDERWRITER, not_visible, permit
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.records import ReportFile
from ringwall.desk.views.alerts.page import SEVERITY_WORDS
from ringwall.desk.views.posture import Posture, posture
from ringwall.evidence import Standing, Statement, StatementKind
from ringwall.shell.web.language import short_day
from ringwall.shell.web.pages.workbench import read_target, the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to
from ringwall.shell.web.uploads import OCTETS, GivenFile, file_missing, given_file

NAME = "posture"
MENU: MenuItem | None = None

STANDING_NAMES = {
    Standing.HELD: Words("有效", "held"),
    Standing.BROKEN: Words("失效", "broken"),
    Standing.UNKNOWN: Words("未知", "unknown"),
}
FACTOR = Words("费率因子", "Rate factor")


def router(site: Site) -> APIRouter:
    """The page of one insured's posture, and what both sides say of a finding."""
    routes, bases = APIRouter(), KeptBases()

    @routes.get("/posture/{number}")
    def posture_page(request: Request, number: str) -> Response:
        visit = site.visit(request)
        target = read_target(str(request.query_params.get("target", "")).strip())
        view = visit.ask(lambda office: posture(office, number, visit.now, bases, target))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        more: dict[str, object] = {
            "view": view,
            "standings": STANDING_NAMES,
            "over_time": _over_time(visit, view),
            "history": _history(visit, view),
            "may_say": visit.me.role == RISK_MANAGER and visit.day is None,
            "may_decide": visit.me.role == UNDERWRITER and visit.day is None,
            "may_hand_in": visit.ask(lambda office: _may_hand_in(visit, office, number)),
            "key": f"portal:finding:{uuid4()}",
        }
        return visit.page("posture.html", more)

    @routes.post("/posture/{number}/findings/{finding}")
    def say(request: Request, number: str, finding: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _say(visit, number, finding, form)
        if isinstance(done, Refusal):
            return visit.refuse(done)
        return back_to(f"/posture/{number}#finding-{done.finding}")

    @routes.post("/posture/{number}/reports")
    async def hand_in(request: Request, number: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        given, proof = await given_file(form), await given_file(form, "proof")

        def answer() -> Response:
            visit = site.visit(request)
            done = _hand_in(visit, number, form, given, proof)
            return (
                visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/posture/{number}#report-{done.number}")
            )

        return await run_in_threadpool(answer)

    return routes


def _may_hand_in(visit: Visit, office: Office, number: str) -> bool:
    """Whether this reader hands in reports here, and the portal can read them."""
    object_id = office.objects.by_number(number)
    if object_id is None or visit.day is not None or visit.site.installation.read_report is None:
        return False
    return permit(visit.me, "hand_in_report", office.objects.roles(object_id)) is None


def _hand_in(
    visit: Visit,
    number: str,
    form: FormData,
    given: GivenFile | Refusal | None,
    proof: GivenFile | Refusal | None,
) -> ReportFile | Refusal:
    """The file as it came, with the asset that it is about and what proves a statement, in one transaction."""
    read = visit.site.installation.read_report
    if read is None:
        return not_visible("/posture")
    if given is None or isinstance(given, Refusal) or isinstance(proof, Refusal):
        return given if isinstance(given, Refusal) else proof if isinstance(proof, Refusal) else file_missing(number)
    upload = read(given.content, given.name)
    if isinstance(upload, Refusal):
        return upload
    asset, digest = str(form.get("asset", "")).strip(), sha256(proof.content).hexdigest() if proof else ""
    at, role = visit.site.installation.now(), visit.me.role

    def work(office: Office) -> ReportFile | Refusal:
        object_id = office.objects.by_number(number)
        if object_id is None:
            return not_visible(number)
        if proof:
            office.files.put(object_id, proof.name, OCTETS, proof.content, readers=("insured", "lead"))
        file = HandedIn(given.name, OCTETS, given.content, asset, digest)
        return hand_in_report(office, object_id, upload, file, by=role, at=at)

    content: Json = {"sha256": upload.sha256, "asset": asset, "proof": digest}
    return visit.perform("hand_in_report", str(form.get("key", "")), ReportFile, work, number=number, content=content)


def _say(visit: Visit, number: str, finding: str, form: FormData) -> Statement | Refusal:
    """A statement of the insured, or the lead's decision: the permission table says who may which."""
    said, text, at = str(form.get("kind", "")), str(form.get("text", "")), visit.site.installation.now()
    if said not in list(StatementKind):
        return not_visible(said)
    kind, by = StatementKind(said), visit.me.display_name

    def work(office: Office) -> Statement | Refusal:
        object_id = office.objects.by_number(number)
        if object_id is None:
            return not_visible(number)
        if kind is StatementKind.UPHELD or kind is StatementKind.REJECTED:
            return decide_on_dispute(office, object_id, finding, kind, text, by=by, at=at)
        return say_of_finding(office, object_id, finding, kind, text, by=by, at=at)

    content: Json = {"finding": finding, "kind": said, "text": text}
    action = "decide_dispute" if kind in (StatementKind.UPHELD, StatementKind.REJECTED) else "say_of_finding"
    key = f"{form.get('key', '')}:{finding}:{said}"
    return visit.perform(action, key, Statement, work, number=number, content=content)


def _over_time(visit: Visit, view: Posture) -> dict[str, object]:
    """How many controls stood how at each look."""
    language = visit.language
    rows = [
        {"name": name.in_language(language), "counts": [look.standings.get(standing, 0) for look in view.looks]}
        for standing, name in STANDING_NAMES.items()
    ]
    return {"days": [short_day(look.at, language) for look in view.looks], "rows": rows}


def _history(visit: Visit, view: Posture) -> dict[str, object]:
    """Open findings by severity and the factor as steps in time, up to the instant of the page."""
    language, points = visit.language, view.history
    times = [point.at.isoformat() for point in points] + [visit.now.isoformat()]
    stacks = [
        {"name": words.in_language(language), "counts": [point.open_by_severity.get(level, 0) for point in points]}
        for level, words in SEVERITY_WORDS.items()
        if any(point.open_by_severity.get(level) for point in points)
    ]
    factors = [None if point.factor is None else float(point.factor) for point in points]
    return {"times": times, "stacks": stacks, "factor": {"name": FACTOR.in_language(language), "values": factors}}
