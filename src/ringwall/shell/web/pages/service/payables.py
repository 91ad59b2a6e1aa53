"""What is owed to providers, and the payment run that pays what is due."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import Refusal, Words
from ringwall.desk.permissions import CLAIMS_HANDLER, ENGINEER, UNDERWRITER, not_visible
from ringwall.desk.settlement.pay_providers import PaymentRun, pay_providers
from ringwall.desk.views.service.payables import payables_page
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit

NAME = "payables"
PEOPLE = frozenset({CLAIMS_HANDLER, UNDERWRITER, ENGINEER})
MENU: MenuItem | None = MenuItem("/payables", Words("服务付款", "Payables"), PEOPLE)


def router(site: Site) -> APIRouter:
    """The list, and the run over all of it or over one order."""
    routes = APIRouter()

    @routes.get("/payables")
    def payables(request: Request) -> Response:
        visit = site.visit(request)
        return visit.refuse(not_visible("/payables")) if visit.me.role not in PEOPLE else _shown(visit, None)

    @routes.post("/payables/payments")
    def pay(request: Request, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        run = _pay(visit, form)
        return visit.refuse(run) if isinstance(run, Refusal) else _shown(visit, run)

    return routes


def _shown(visit: Visit, run: PaymentRun | None) -> Response:
    view = visit.ask(lambda office: payables_page(office, visit.me, visit.now))
    return visit.show("payables.html", view, run=run, key=f"portal:pay:{uuid4()}")


def _pay(visit: Visit, form: FormData) -> PaymentRun | Refusal:
    """One order where the form names it, else everything that is due; the same form sent twice pays once."""
    order, reference = str(form.get("order", "")).strip(), str(form.get("reference", "")).strip()
    at, by = visit.site.installation.now(), visit.me.display_name
    return visit.perform(
        "pay_providers",
        f"{form.get('key', '')}:{order}",
        PaymentRun,
        lambda office: pay_providers(office, (order,) if order else (), reference=reference, by=by, at=at),
        content={"order": order, "reference": reference},
    )
