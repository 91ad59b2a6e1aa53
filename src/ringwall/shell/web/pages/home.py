"""Home: what waits for this person, most urgent first."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ringwall.basics import Words
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.views.home import home
from ringwall.shell.web.site import MenuItem, Site

NAME = "home"
MENU: MenuItem | None = MenuItem("/", Words("待办", "To do"))


def router(site: Site) -> APIRouter:
    """The page that signing in leads to."""
    routes, bases = APIRouter(), KeptBases()

    @routes.get("/")
    def home_page(request: Request) -> Response:
        visit = site.visit(request)
        return visit.show("home.html", visit.ask(lambda office: home(office, visit.me, visit.now, bases)))

    return routes
