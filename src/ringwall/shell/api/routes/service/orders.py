"""What may be ordered and what is left of it, and the orders with their clocks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.service.advance_order import (
    OrderStep,
    Upload,
    advance_order,
    deliver_file,
    hand_in,
    invoice_order,
    task_of,
)
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider, entitlements_left
from ringwall.desk.service.scorecard_of import checked
from ringwall.service import (
    Charge,
    Entitlement,
    InvoiceCheck,
    Order,
    OrderState,
    Phase,
    Service,
    ServiceInvoice,
    SlaStanding,
    WorkLine,
    next_states,
    sla_standing,
)
from ringwall.shell.api.caller import Asking, SignedRoute, Writer, Writing
from ringwall.shell.api.forms.content import BINARY, Binary, described
from ringwall.shell.api.forms.fields import (
    PRINTABLE,
    After,
    Body,
    Day,
    Instant,
    Limit,
    MaybeDigest,
    MaybeText,
    MaybeWord,
    Minor,
    Number,
    NumberText,
    Ratio,
    ShortText,
    Word,
)
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, application_of, listing, object_of, standing

router = APIRouter(tags=["服务 · Services"], route_class=SignedRoute)

FILE_NAME = Annotated[str, Query(pattern=PRINTABLE, min_length=1, max_length=200, examples=["report.pdf"])]
MaybeNumber = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._:@-]{0,119})?$")]


class TakesUpload(Protocol):
    """What the desk does with a file for an order."""

    def __call__(self, office: Office, object_id: UUID, upload: Upload, /, *, at: datetime) -> Order | Refusal: ...


class Dispatch(Body):
    """Which service is ordered: under a policy or, before binding, an application; who bears it, and from whom.

    A look may be narrowed to some assets; without a name it is at all that are declared and within the consent.
    """

    policy: MaybeNumber = Field(default="", examples=["SHOUAN-P-000001"])
    application: MaybeNumber = ""
    service: Word = Field(examples=["incident-response"])
    provider: MaybeWord = ""
    charge: Charge = Charge.INCLUDED
    assets: list[ShortText] = Field(default_factory=list, max_length=500, examples=[["www.jiangkou.test"]])


class Step(Body):
    """The state that the order reaches, with what there is to show for it."""

    state: OrderState
    note: MaybeText = ""
    evidence_sha256: MaybeDigest = ""
    record: MaybeNumber = ""
    at: Instant | None = None


class Line(Body):
    """Work of one grade as charged."""

    grade: Word = Field(examples=["expert"])
    person_days: Ratio
    charged_minor: Minor


class Invoice(Body):
    """A provider's invoice, without VAT."""

    number: NumberText = Field(examples=["FT-0001"])
    worked_on: Day
    lines: list[Line] = Field(min_length=1, max_length=50)


@dataclass(frozen=True, slots=True)
class TimedOrder:
    """A service order with every clock of it, what may follow, and its invoice against the rate card."""

    order: Order
    state: OrderState
    next: tuple[OrderState, ...]
    clocks: tuple[SlaStanding, ...]
    invoice: InvoiceCheck | None


@dataclass(frozen=True, slots=True)
class ServiceList:
    """What may be ordered."""

    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class IncludedService:
    """What a policy includes of one service, and what its orders have left of it."""

    service: str
    units: int
    left: int


@dataclass(frozen=True, slots=True)
class Included:
    """Every service that a policy includes."""

    policy: str
    services: tuple[IncludedService, ...]


@router.get("/services", response_model=mirror(ServiceList), summary="服务目录 · The service catalogue")
def services(caller: Asking, phase: Phase | None = None) -> ServiceList:
    """What may be ordered, in which phase, from whom, with whose consent, and which clocks run."""
    found = caller.ask(lambda office: office.catalogue.services)
    return ServiceList(found.services if phase is None else found.of_phase(phase))


@router.get("/policies/{number}/services", response_model=mirror(Included), summary="服务权益 · Entitlement")
def included(number: Number, caller: Asking) -> Included:
    """What the policy includes and what is left of it."""

    def read(office: Office) -> Included | Refusal:
        row = standing(office.policies, number)
        if isinstance(row, Refusal):
            return row
        return Included(number, tuple(_included(each) for each in entitlements_left(office, row.object_id)))

    return caller.ask(read)


@router.post("/orders", status_code=201, response_model=mirror(TimedOrder), summary="服务下单 · Order a service")
def dispatch(body: Dispatch, writer: Writing) -> TimedOrder:
    """An order under the policy's entitlement, or paid for; before binding it hangs on the application."""
    if body.policy:
        number = application_of(writer, lambda office: office.policies, body.policy)
    else:
        number = application_of(writer, lambda office: office.submissions, body.application)
    at, wish = writer.instant(None), OrderWish(body.service, body.provider, body.charge, tuple(body.assets))
    order = writer.write(
        "dispatch_provider",
        body,
        Order,
        lambda office: dispatch_provider(office, object_of(office, number), wish, at=at),
        number,
    )
    return _shown(writer, order)


@router.post(
    "/orders/{number}/steps", status_code=201, response_model=mirror(TimedOrder), summary="工单进展 · Take a step"
)
def step(number: Number, body: Step, writer: Writing) -> TimedOrder:
    """One state further: no state is skipped, and each is taken by the one whose step it is."""
    at = writer.instant(body.at)
    taken = OrderStep(number, body.state, body.note, body.evidence_sha256, body.record)
    application = application_of(writer, lambda office: office.orders, number)
    order = writer.write(
        writer.ask(lambda office: _task(office, number, body.state)),
        body,
        Order,
        lambda office: advance_order(office, object_of(office, application), taken, at=at),
        application,
    )
    return _shown(writer, order)


@router.post(
    "/orders/{number}/files",
    status_code=201,
    response_model=mirror(TimedOrder),
    summary="提交材料 · Hand in a file",
    openapi_extra=described(BINARY),
)
def hand_in_file(number: Number, content: Binary, writer: Writing, name: FILE_NAME) -> TimedOrder:
    """Evidence beside the deliverable, encrypted under its hash. The body is the content itself."""
    return _uploaded(writer, Upload(number, name, BINARY, content), "hand_in_for_order", hand_in)


@router.post(
    "/orders/{number}/deliverable",
    status_code=201,
    response_model=mirror(TimedOrder),
    summary="交付 · Deliver",
    openapi_extra=described(BINARY),
)
def deliver(number: Number, content: Binary, writer: Writing, name: FILE_NAME) -> TimedOrder:
    """The deliverable itself: stored encrypted under its hash, and the order delivered with it."""
    return _uploaded(writer, Upload(number, name, BINARY, content), "advance_order", deliver_file)


@router.post(
    "/orders/{number}/invoices", status_code=201, response_model=mirror(TimedOrder), summary="服务发票 · Invoice"
)
def invoice(number: Number, body: Invoice, writer: Writing) -> TimedOrder:
    """The provider's invoice with its work lines, checked against the rate card."""
    application = application_of(writer, lambda office: office.orders, number)
    provider_code = writer.ask(lambda office: standing(office.orders, number)).record.provider
    lines = tuple(WorkLine(each.grade, each.person_days, each.charged_minor) for each in body.lines)
    told, at = ServiceInvoice(body.number, number, provider_code, body.worked_on, lines), writer.instant(None)
    order = writer.write(
        "advance_order",
        body,
        Order,
        lambda office: invoice_order(office, object_of(office, application), told, at=at),
        application,
    )
    return _shown(writer, order)


@router.get("/orders", response_model=mirror(Listing), summary="工单列表 · List orders")
def orders(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The service orders that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.orders.all(), limit, after))


@router.get("/orders/{number}", response_model=mirror(TimedOrder), summary="工单 · One order")
def one_order(number: Number, caller: Asking) -> TimedOrder:
    """Every step with who took it and when, and how each service time stands now."""
    at = caller.instant(None)

    def read(office: Office) -> TimedOrder | Refusal:
        row = standing(office.orders, number)
        return row if isinstance(row, Refusal) else _timed(office, row.object_id, row.record, at)

    return caller.ask(read)


def _uploaded(writer: Writer, upload: Upload, action: str, work: TakesUpload) -> TimedOrder:
    """A file on its way to an order; its key stands for its name and hash, not for the bytes."""
    at, application = writer.instant(None), application_of(writer, lambda office: office.orders, upload.order)
    order = writer.write(
        action,
        {"name": upload.name, "sha256": hashlib.sha256(upload.content).hexdigest()},
        Order,
        lambda office: work(office, object_of(office, application), upload, at=at),
        application,
    )
    return _shown(writer, order)


def _shown(writer: Writer, order: Order) -> TimedOrder:
    def read(office: Office) -> TimedOrder | Refusal:
        row = standing(office.orders, order.number)
        return row if isinstance(row, Refusal) else _timed(office, row.object_id, order, order.entries[-1].at)

    return writer.ask(read)


def _timed(office: Office, object_id: UUID, order: Order, at: datetime) -> TimedOrder | Refusal:
    service = office.catalogue.services.service(order.service)
    if isinstance(service, Refusal):
        return service
    clocks, check = sla_standing(order, service, at), checked(office, object_id, order)
    return TimedOrder(order, order.state, next_states(service, order.state), clocks, check)


def _included(entitlement: Entitlement) -> IncludedService:
    return IncludedService(entitlement.service, entitlement.units, entitlement.left)


def _task(office: Office, number: str, state: OrderState) -> str | Refusal:
    """Whose step it is: consent by the one whose consent the service needs, acceptance by the insured."""
    row = standing(office.orders, number)
    if isinstance(row, Refusal):
        return row
    service = office.catalogue.services.service(row.record.service)
    return service if isinstance(service, Refusal) else task_of(row.record, service, state)
