"""An increase of risk: the insured tells of it; a person rules on one that nobody told of, and previews the ruling."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import SHANGHAI, Refusal
from ringwall.claim import IncreaseRuling
from ringwall.desk.claim.judge_increase import RulingTried, judge_increase, try_ruling
from ringwall.desk.doors import Json, Speaker
from ringwall.desk.monitoring.tell_of_increase import tell_of_increase
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.records import ClaimFile
from ringwall.desk.views.parts import case_of
from ringwall.monitoring import RiskTold
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "increase"
MENU: MenuItem | None = None
ACTION = "handle_claim"
ANSWERS = {"yes": True, "no": False}
NOT_SAID_YET = "…"


def router(site: Site) -> APIRouter:
    """The insured's word; what a ruling would do, and the ruling."""
    routes = APIRouter()

    @routes.post("/policy/{number}/increases")
    def tell(request: Request, number: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        told = _tell(visit, number, form)
        return visit.refuse(told) if isinstance(told, Refusal) else back_to(f"/policy/{number}#notices")

    @routes.post("/claim/{number}/increase/try")
    def try_it(request: Request, number: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        ruling = ruling_of(visit, form, because=NOT_SAID_YET)
        if ruling is None:
            return visit.page("ruling.html", {"tried": None})
        tried = visit.ask(lambda office: _tried(office, visit.me, number, ruling))
        return visit.refuse(tried) if isinstance(tried, Refusal) else visit.page("ruling.html", {"tried": tried})

    @routes.post("/claim/{number}/increase")
    def rule(request: Request, number: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _rule(visit, number, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/claim/{number}#increase")

    return routes


def _tell(visit: Visit, number: str, form: FormData) -> RiskTold | Refusal:
    """In the insured's own words, through the front."""
    found = visit.ask(lambda office: case_of(office, office.policies.newest(number)))
    since, what = read_instant(str(form.get("since", ""))), str(form.get("what", "")).strip()
    if found is None or since is None:
        return not_visible(number)
    object_id, case = found
    at = visit.site.installation.now()
    return visit.perform(
        "tell_of_increase",
        str(form.get("key", "")),
        RiskTold,
        lambda office: tell_of_increase(office, object_id, what, since=since, at=at),
        number=case,
        content={"policy": number, "what": what, "since": since.isoformat()},
    )


def ruling_of(visit: Visit, form: FormData, *, because: str = "") -> IncreaseRuling | None:
    """The ruling as the form has it; nothing while a point is unanswered."""
    points = [ANSWERS.get(str(form.get(name, ""))) for name in ("notable", "told", "bound")]
    since, what = read_instant(str(form.get("since", ""))), str(form.get("what", "")).strip()
    if since is None or not what or None in points:
        return None
    notable, told, bound = (bool(each) for each in points)
    return IncreaseRuling(
        what=what,
        since=since,
        findings=tuple(str(uid) for uid in form.getlist("finding")),
        notable=notable,
        told=told,
        insurer_bound=bound,
        caused=tuple(str(name) for name in form.getlist("caused")),
        because=str(form.get("because", "")).strip() or because,
        by=visit.me.display_name,
        at=visit.site.installation.now(),
    )


def read_instant(text: str) -> datetime | None:
    """A field for day and time, by the clock of Shanghai."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _rule(visit: Visit, number: str, form: FormData) -> ClaimFile | Refusal:
    ruling = ruling_of(visit, form)
    found = visit.ask(lambda office: case_of(office, office.claims.newest(number)))
    if ruling is None or found is None:
        return not_visible(number)
    object_id, case = found
    content: Json = {"claim": number, **{name: list(map(str, form.getlist(name))) for name in form if name != "key"}}
    return visit.perform(
        ACTION,
        str(form.get("key", "")),
        ClaimFile,
        lambda office: judge_increase(office, object_id, number, ruling),
        number=case,
        content=content,
    )


def _tried(office: Office, me: Speaker, number: str, ruling: IncreaseRuling) -> RulingTried | Refusal:
    """Who may not rule may not try either."""
    row = office.claims.newest(number)
    if row is None:
        return not_visible(number)
    refused = permit(me, ACTION, office.objects.roles(row.object_id))
    return refused or try_ruling(office, row.object_id, number, ruling)
