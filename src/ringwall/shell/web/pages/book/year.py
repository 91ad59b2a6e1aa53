"""A simulated year of a run: from a point of the curve to the events, policies, parts and amounts that made it."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ringwall.desk.views.book.dashboard import CURVES
from ringwall.desk.views.book.year import YearWish, year_page
from ringwall.shell.web.pages.book.dashboard import CURVE_NAMES, year_address
from ringwall.shell.web.site import MenuItem, Site

NAME = "book-year"
MENU: MenuItem | None = None


def router(site: Site) -> APIRouter:
    """The year, played again at each look: nothing of it is stored but its number."""
    routes = APIRouter()

    @routes.get("/book/runs/{number}/years/{year}")
    def page(
        request: Request, number: str, year: int, event: str = "", view: str = "gross", curve: str = "aep"
    ) -> Response:
        visit = site.visit(request)
        view, curve = (view, curve) if (view, curve) in CURVES else CURVES[0]
        wish = YearWish(number, year, event, view, curve)
        found = visit.ask(lambda office: year_page(office, visit.me, wish, visit.now))
        return visit.show(
            "book_year.html",
            found,
            wish=wish,
            curve_name=next(name for of, which, name in CURVE_NAMES if (of, which) == (view, curve)),
            year_address=year_address,
            event_address=lambda key: f"?{urlencode({'view': view, 'curve': curve, 'event': key})}#event",
        )

    return routes
