"""The posture: what was found of an insured's security, what to fix, and what fixing saves."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ringwall.basics import Refusal, Words
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.views.posture import Posture, posture
from ringwall.evidence import Standing
from ringwall.shell.web.language import short_day
from ringwall.shell.web.site import MenuItem, Site, Visit

NAME = "posture"
MENU: MenuItem | None = None

STANDING_NAMES = {
    Standing.HELD: Words("有效", "held"),
    Standing.BROKEN: Words("失效", "broken"),
    Standing.UNKNOWN: Words("未知", "unknown"),
}


def router(site: Site) -> APIRouter:
    """The page of one insured's posture."""
    routes, bases = APIRouter(), KeptBases()

    @routes.get("/posture/{number}")
    def posture_page(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: posture(office, number, visit.now, bases))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        return visit.show("posture.html", view, standings=STANDING_NAMES, over_time=_over_time(visit, view))

    return routes


def _over_time(visit: Visit, view: Posture) -> dict[str, object]:
    """How many controls stood how at each look."""
    language = visit.language
    rows = [
        {"name": name.in_language(language), "counts": [look.standings.get(standing, 0) for look in view.looks]}
        for standing, name in STANDING_NAMES.items()
    ]
    return {"days": [short_day(look.at, language) for look in view.looks], "rows": rows}
