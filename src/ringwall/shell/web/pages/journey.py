"""The journey of a case: the one page on which it can be followed from the application to the market."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from ringwall.basics import Refusal, Words
from ringwall.desk.views.journey import Stage, journey, object_of_incident
from ringwall.shell.web.lanes import lane_drawing
from ringwall.shell.web.site import MenuItem, Site

NAME = "journey"
MENU: MenuItem | None = None

CHAPTERS = {
    Stage.APPLY: Words("投保与检测", "Application"),
    Stage.COVER: Words("报价与承保", "Quote and cover"),
    Stage.WATCH: Words("保险期间监测", "Watch"),
    Stage.LOSS: Words("事件与赔案", "Incident and claim"),
    Stage.BOOK: Words("业务组合与市场", "Book and market"),
}


def router(site: Site) -> APIRouter:
    """The journey, and the way to it from an incident's number."""
    routes = APIRouter()

    @routes.get("/journey/{number}")
    def journey_page(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: journey(office, number, visit.now))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        return visit.show("journey.html", view, drawing=lane_drawing(view), chapters=CHAPTERS)

    @routes.get("/incident/{number}")
    def incident(request: Request, number: str) -> Response:
        visit = site.visit(request)
        case = visit.ask(lambda office: object_of_incident(office, number))
        if isinstance(case, Refusal):
            return visit.refuse(case)
        return RedirectResponse(f"/journey/{case}#{number}")

    return routes
