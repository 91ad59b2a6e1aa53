"""The work list of service orders, the page of one order with its acts, and its files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from ringwall.basics import Refusal, Words, refuse
from ringwall.desk.doors import Json
from ringwall.desk.office import Office
from ringwall.desk.permissions import CLAIMS_HANDLER, ENGINEER, RISK_MANAGER, UNDERWRITER, not_visible
from ringwall.desk.service.advance_order import (
    OrderStep,
    Upload,
    advance_order,
    deliver_file,
    hand_in,
    invoice_order,
    task_of,
)
from ringwall.desk.service.hold_payment import dispute_invoice, end_dispute
from ringwall.desk.views.service.orders import ACT_NAMES, order_page, orders_by_clock, read_file
from ringwall.service import UNIT_NAMES, Order, OrderState, Service, ServiceInvoice, WorkLine
from ringwall.shell.web.pages.workbench import read_yuan, the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to
from ringwall.shell.web.uploads import OCTETS, GivenFile, attached, file_missing, given_file

NAME = "orders"
PEOPLE = frozenset({ENGINEER, CLAIMS_HANDLER, RISK_MANAGER, UNDERWRITER})
MENU: MenuItem | None = MenuItem("/orders", Words("工单", "Orders"), PEOPLE)

ACTIONS = {
    "invoice": "advance_order",
    "evidence": "hand_in_for_order",
    "dispute": "dispute_invoice",
    "end-dispute": "dispute_invoice",
}
"""Acts on an order that are no step of it, and the permission that each needs."""
HOLDS: Mapping[str, Callable[[Office, UUID, str, str, datetime], Order | Refusal]] = {
    "dispute": lambda office, of, number, note, at: dispute_invoice(office, of, number, note, at=at),
    "end-dispute": lambda office, of, number, _, at: end_dispute(office, of, number, at=at),
}


def router(site: Site) -> APIRouter:
    """The list, the page, its acts and its files."""
    routes = APIRouter()

    @routes.get("/orders")
    def orders(request: Request) -> Response:
        visit = site.visit(request)
        if visit.me.role not in PEOPLE:
            return visit.refuse(not_visible("/orders"))
        return visit.show("orders.html", visit.ask(lambda office: orders_by_clock(office, visit.me, visit.now)))

    @routes.get("/order/{number}")
    def order(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: order_page(office, visit.me, number, visit.now))
        return visit.show("order.html", view, acts=ACT_NAMES, units=UNIT_NAMES, key=f"portal:order:{uuid4()}")

    @routes.get("/order/{number}/file/{sha256}")
    def file(request: Request, number: str, sha256: str) -> Response:
        visit = site.visit(request)
        found = visit.ask(lambda office: read_file(office, number, sha256))
        return visit.refuse(found) if isinstance(found, Refusal) else attached(found)

    @routes.post("/order/{number}/{act}")
    async def take(request: Request, number: str, act: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        given = await given_file(form)

        def answer() -> Response:
            visit = site.visit(request)
            done = given if isinstance(given, Refusal) else _take(visit, number, act, form, given)
            return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/order/{number}")

        return await run_in_threadpool(answer)

    return routes


def _take(visit: Visit, number: str, act: str, form: FormData, given: GivenFile | None) -> Order | Refusal:
    """One act through the front, at the installation's time, by the person who is signed in."""
    found = visit.ask(lambda office: _object_of(office, number))
    if found is None:
        return not_visible(number)
    upload = Upload(number, given.name, OCTETS, given.content) if given else None
    object_id, object_number, order, service = found
    work = _invoice(order, form) if act == "invoice" else None
    if isinstance(work, Refusal):
        return work
    at, note, record = visit.site.installation.now(), str(form.get("note", "")), str(form.get("record", ""))

    def do(office: Office) -> Order | Refusal:
        if work is not None:
            return invoice_order(office, object_id, work, at=at)
        if act in HOLDS:
            return HOLDS[act](office, object_id, number, note, at)
        if act == "evidence":
            return hand_in(office, object_id, upload, at=at) if upload else file_missing(number)
        if act == OrderState.DELIVERED.value and upload:
            return deliver_file(office, object_id, upload, at=at)
        return advance_order(office, object_id, OrderStep(number, OrderState(act), note, record=record), at=at)

    if act not in ACTIONS and act not in list(OrderState):
        return not_visible(act)
    digest = hashlib.sha256(upload.content).hexdigest() if upload else ""
    content: Json = {"order": number, "act": act, "note": note, "record": record, "file": digest}
    return visit.perform(
        ACTIONS.get(act) or task_of(order, service, OrderState(act)),
        str(form.get("key", "")),
        Order,
        do,
        number=object_number,
        content=content,
    )


def _object_of(office: Office, number: str) -> tuple[UUID, str, Order, Service] | None:
    row = office.orders.newest(number)
    service = office.catalogue.services.service(row.record.service) if row else None
    if row is None or not isinstance(service, Service):
        return None
    return row.object_id, office.objects.number_of(row.object_id), row.record, service


def _invoice(order: Order, form: FormData) -> ServiceInvoice | Refusal:
    """The lines that were filled in: person-days as a decimal number, amounts in yuan."""
    lines = []
    try:
        day = date.fromisoformat(str(form.get("worked_on", "")))
        for name in form:
            grade = name.removeprefix("days.")
            if grade == name or not str(form[name]).strip():
                continue
            charged = read_yuan(str(form.get(f"amount.{grade}", "")).strip().replace(",", ""))
            if charged is None:
                raise ValueError(grade)
            lines.append(WorkLine(grade, Fraction(str(form[name]).strip()), charged))
        if not lines:
            raise ValueError("lines")
    except (ValueError, ZeroDivisionError) as fault:
        return refuse(
            "invoice_unreadable",
            order.number,
            zh=f"发票无法读取（{fault}）；请填写作业日期，并至少一行人天与金额（元）。",
            en=f"The invoice cannot be read ({fault}); give the day of the work and at least one line with person-days "
            "and an amount in yuan.",
        )
    return ServiceInvoice(str(form.get("invoice", "")).strip(), order.number, order.provider, day, tuple(lines))
