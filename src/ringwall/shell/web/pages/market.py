"""The market: statistics that may be shown, filed products, and the regulator's table as a file."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.market.publish_statistics import publish_statistics
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import StatisticsFile
from ringwall.desk.views.market_page import export_of, market_page
from ringwall.shell.web.pages.book.dashboard import as_file
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "market"
MENU: MenuItem | None = MenuItem(
    "/market", Words("市场", "Market"), frozenset({"underwriter", "claims_handler", "supervisor"})
)


def router(site: Site) -> APIRouter:
    """The page, the file, and publishing anew."""
    routes = APIRouter()

    @routes.get("/market")
    def market(request: Request) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: market_page(office, visit.me, visit.now))
        return visit.show("market.html", view, key=f"portal:market:{uuid4()}")

    @routes.get("/market/{number}/export.csv")
    def export(request: Request, number: str) -> Response:
        visit = site.visit(request)
        found = visit.ask(lambda office: export_of(office, visit.me, number))
        if isinstance(found, Refusal):
            return visit.refuse(found)
        return as_file(found.export_csv, f"{found.number}-{found.on.isoformat()}.csv")

    @routes.post("/market/reports")
    def publish(request: Request, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _publish(visit, str(form.get("key", "")))
        return visit.refuse(done) if isinstance(done, Refusal) else back_to("/market")

    return routes


def _publish(visit: Visit, key: str) -> StatisticsFile | Refusal:
    """Today's figures of the acting insurer; the regulators on the platform see them from then on."""
    if visit.me.organisation_kind != "insurer":
        return not_visible("/market")
    at = visit.site.installation.now()
    on = local_day(at)
    return visit.perform(
        "publish_statistics",
        key,
        StatisticsFile,
        lambda office: publish_statistics(office, on, at=at),
        content={"on": on.isoformat()},
    )
