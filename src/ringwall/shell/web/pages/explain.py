"""What takes something away, shown in its own words and confirmed clause by clause (Insurance Law 17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import Json
from ringwall.desk.office import Office
from ringwall.desk.permissions import RISK_MANAGER
from ringwall.desk.underwriting.confirm_explanation import confirm_explanation
from ringwall.desk.views.explain import Explaining, explaining
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to
from ringwall.underwriting import Explanation

NAME = "explain"
MENU: MenuItem | None = None

SHOWN_AT_MOST = timedelta(hours=12)
"""A page that was opened longer ago than a session lasts is read again before it is confirmed."""


def router(site: Site) -> APIRouter:
    """The page, and the confirmation."""
    routes = APIRouter()

    @routes.get("/explain/{number}")
    def explain(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: explaining(office, number, visit.now))
        may_confirm = visit.me.role == RISK_MANAGER and visit.day is None
        return visit.show("explain.html", view, key=uuid4().hex, may_confirm=may_confirm)

    @routes.post("/explain/{number}")
    def confirm(
        request: Request,
        number: str,
        key: Annotated[str, Form()],
        shown_at: Annotated[datetime, Form()],
        by: Annotated[str, Form()],
        clauses: Annotated[list[str], Form()],
    ) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: explaining(office, number, visit.now))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        done = _confirmed(visit, view, key, shown_at, by.strip(), clauses)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/explain/{number}")

    return routes


def _confirmed(
    visit: Visit, view: Explaining, key: str, shown_at: datetime, by: str, clauses: list[str]
) -> tuple[Explanation, ...] | Refusal:
    """Every clause that waits is confirmed at once; a clause that was not ticked leaves all of them unconfirmed."""
    now = visit.site.installation.now()
    ticked = tuple(sorted({*clauses} & {clause.number for clause in view.clauses}))
    if missing := [clause.number for clause in view.waiting if clause.number not in ticked]:
        return _not_ticked(view.quote, missing)
    if shown_at.tzinfo is None or not now - SHOWN_AT_MOST <= shown_at <= now:
        return _shown_too_long_ago(view.quote, shown_at, now)

    def work(office: Office) -> tuple[Explanation, ...] | Refusal:
        object_id = office.objects.by_number(view.case)
        assert object_id is not None, "the front has checked that the person may see the case"
        return confirm_explanation(office, object_id, ticked, by=by, shown_at=shown_at, at=now)

    content: Json = {"quote": view.quote, "by": by, "clauses": [*ticked]}
    return visit.perform("confirm_explanation", key, tuple[Explanation, ...], work, number=view.case, content=content)


def _not_ticked(quote: str, missing: list[str]) -> Refusal:
    return refuse(
        "clause_not_ticked",
        quote,
        zh=f"报价 {quote} 的条款 {'、'.join(missing)} 未勾选，全部条款均未确认；请阅读后逐条勾选。",
        en=f"Clauses {', '.join(missing)} of quote {quote} were not ticked, so none was confirmed; read and tick each.",
    )


def _shown_too_long_ago(quote: str, shown_at: datetime, now: datetime) -> Refusal:
    return refuse(
        "shown_too_long_ago",
        quote,
        zh=f"条款展示于 {shown_at.isoformat()}，确认于 {now.isoformat()}，时间不符；请重新打开页面阅读后确认。",
        en=f"The clauses were shown at {shown_at.isoformat()}, the confirmation is of {now.isoformat()}; "
        "open the page again, read, then confirm.",
    )
