"""What may be ordered and what the policy has left of it."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Json
from ringwall.desk.office import Office
from ringwall.desk.permissions import RISK_MANAGER, not_visible
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider
from ringwall.desk.views.service.included import services_page
from ringwall.service import Charge, Order
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "services"
PEOPLE = frozenset({RISK_MANAGER})
MENU: MenuItem | None = MenuItem("/services", Words("服务", "Services"), PEOPLE)


def router(site: Site) -> APIRouter:
    """The insured's services with a way to order each."""
    routes = APIRouter()

    @routes.get("/services")
    def services(request: Request) -> Response:
        visit = site.visit(request)
        if visit.me.role not in PEOPLE:
            return visit.refuse(not_visible("/services"))
        view = visit.ask(lambda office: services_page(office, visit.now))
        return visit.show("services.html", view, key=f"portal:service:{uuid4()}")

    @routes.post("/services/{number}")
    def order(request: Request, number: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        made = _order(visit, number, form)
        return visit.refuse(made) if isinstance(made, Refusal) else back_to(f"/order/{made.number}")

    return routes


def _order(visit: Visit, number: str, form: FormData) -> Order | Refusal:
    at, charge = visit.site.installation.now(), str(form.get("charge", ""))
    wish = OrderWish(
        str(form.get("service", "")),
        str(form.get("provider", "")),
        Charge.INCLUDED if charge == Charge.INCLUDED else Charge.INSURED,
    )

    def work(office: Office) -> Order | Refusal:
        object_id = office.objects.by_number(number)
        return not_visible(number) if object_id is None else dispatch_provider(office, object_id, wish, at=at)

    content: Json = {"case": number, "service": wish.service, "provider": wish.provider, "charge": wish.charge.value}
    key = f"{form.get('key', '')}:{wish.service}:{wish.charge.value}"
    return visit.perform("dispatch_provider", key, Order, work, number=number, content=content)
