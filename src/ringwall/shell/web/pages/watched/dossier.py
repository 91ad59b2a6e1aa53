"""The underwriter's dossier, which the insured sees alike: controls from every side, and what was known when."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ringwall.desk.views.dossier import dossier_page
from ringwall.shell.web.pages.watched.posture import STANDING_NAMES
from ringwall.shell.web.site import MenuItem, Site

NAME = "dossier"
MENU: MenuItem | None = None


def router(site: Site) -> APIRouter:
    """The page, now or as known on a day (`?at=`)."""
    routes = APIRouter()

    @routes.get("/dossier/{number}")
    def dossier(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: dossier_page(office, number, visit.now))
        return visit.show("dossier.html", view, standings=STANDING_NAMES)

    return routes
