"""Each step of an order is kept with its clock: consent, acceptance, delivery, what the insured says of it, the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office
from ringwall.desk.service.consent_of_order import consent_signed
from ringwall.desk.service.rate_cards import card_of, payable_of
from ringwall.desk.service.registry import unfit_for
from ringwall.desk.settlement.book_service import book_service
from ringwall.service import (
    Charge,
    ConsentOf,
    DeliverableKind,
    Order,
    OrderEntry,
    OrderState,
    Paper,
    Service,
    ServiceInvoice,
    advance,
    already_paid,
    check_invoice,
    may_begin,
)


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One step of an order: the state that it reaches, and what there is to show for it."""

    order: str
    state: OrderState
    note: str = ""
    evidence_sha256: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is handed in for an order."""

    order: str
    name: str
    media_type: str
    content: bytes


INVOICED_IN = (OrderState.ACCEPTED_BY_INSURED, OrderState.REVERSED)
"""Where an order may be invoiced: its work is accepted, and the invoice is not settled or not any more."""
BOOKED = (OrderState.SETTLED, OrderState.REVERSED)
CONSENT_BY: Mapping[ConsentOf, str] = {ConsentOf.INSURED: "accept_deliverable", ConsentOf.INSURER: "consent_order"}
TASKS: Mapping[OrderState, str] = {
    OrderState.ACCEPTED: "advance_order",
    OrderState.ON_SITE: "advance_order",
    OrderState.DELIVERED: "advance_order",
    OrderState.ACCEPTED_BY_INSURED: "accept_deliverable",
    OrderState.SENT_BACK: "accept_deliverable",
    OrderState.REJECTED: "accept_deliverable",
    OrderState.CANCELLED: "cancel_order",
}


def task_of(order: Order, service: Service, state: OrderState) -> str:
    """Whose step it is, as the use case of the permission table."""
    if state is OrderState.CONSENTED:
        return CONSENT_BY[service.consent]
    if state in (OrderState.SETTLED, OrderState.REVERSED):
        return "accept_deliverable" if order.charge is Charge.INSURED else "settle_order"
    return TASKS.get(state, "advance_order")


def advance_order(office: Office, object_id: UUID, step: OrderStep, *, at: datetime) -> Order | Refusal:
    """The order one state further; the step is a further version that the acting organisation owns."""
    office.objects.hold(object_id)
    found = order_of(office, object_id, step.order)
    if isinstance(found, Refusal):
        return found
    order, service = found
    entry = OrderEntry(step.state, at, str(office.me), step.note, step.evidence_sha256, step.record)
    advanced = advance(order, service, entry)
    if isinstance(advanced, Refusal):
        return advanced
    objection = _objection(office, object_id, order, service, step, at)
    if objection is None and advanced is not order and step.state in BOOKED:
        objection = book_service(office, object_id, advanced, at=at)
    if objection is None and step.state is OrderState.ACCEPTED and service.delivered_as is DeliverableKind.SCAN:
        office.looks.wake(object_id)
    return objection or keep_order(office, object_id, advanced, at)


def hand_in(office: Office, object_id: UUID, upload: Upload, *, at: datetime) -> Order | Refusal:
    """A file beside the order, encrypted under its hash; insured, lead and provider may read it."""
    office.objects.hold(object_id)
    found = order_of(office, object_id, upload.order)
    if isinstance(found, Refusal):
        return found
    stored = office.files.put(
        object_id, upload.name, upload.media_type, upload.content, readers=("insured", "lead", "provider")
    )
    if any(paper.sha256 == stored.sha256 for paper in found[0].papers):
        return found[0]
    paper = Paper(stored.sha256, upload.name, at, str(office.me))
    return keep_order(office, object_id, replace(found[0], papers=(*found[0].papers, paper)), at)


def deliver_file(office: Office, object_id: UUID, upload: Upload, *, at: datetime) -> Order | Refusal:
    """The deliverable as a file: handed in and delivered in one step, or not at all."""
    handed_in = hand_in(office, object_id, upload, at=at)
    if isinstance(handed_in, Refusal):
        return handed_in
    digest = next(paper.sha256 for paper in reversed(handed_in.papers) if paper.name == upload.name)
    step = OrderStep(upload.order, OrderState.DELIVERED, upload.name, digest)
    return advance_order(office, object_id, step, at=at)


def invoice_order(office: Office, object_id: UUID, invoice: ServiceInvoice, *, at: datetime) -> Order | Refusal:
    """The provider's invoice for an accepted order; a new one takes the place of an earlier one until it is settled."""
    office.objects.hold(object_id)
    found = order_of(office, object_id, invoice.order)
    if isinstance(found, Refusal):
        return found
    order = found[0]
    if order.state not in INVOICED_IN:
        return refuse(
            "invoice_too_early",
            order.number,
            zh=f"工单 {order.number} 现为 {order.state.value}，验收通过且未结算的工单才能开票；请先完成验收。",
            en=f"Order {order.number} is {order.state.value}, and only one that was accepted and is not settled is "
            "invoiced; have it accepted first.",
        )
    card = card_of(office, object_id, order.provider, order.service, invoice.worked_on)
    return card if isinstance(card, Refusal) else keep_order(office, object_id, replace(order, invoice=invoice), at)


def order_of(office: Office, object_id: UUID, number: str) -> tuple[Order, Service] | Refusal:
    """The newest version of an order on an object, with its service."""
    row = office.orders.newest(number)
    if row is None or row.object_id != object_id:
        return refuse(
            "order_unknown",
            number,
            zh=f"本业务下没有服务工单 {number}；请核对工单号。",
            en=f"There is no service order {number} on this object; check its number.",
        )
    service = office.catalogue.services.service(row.record.service)
    return service if isinstance(service, Refusal) else (row.record, service)


def keep_order(office: Office, object_id: UUID, order: Order, at: datetime) -> Order:
    """A further version of the order."""
    office.orders.add(order.number, order, object_id=object_id, effective_at=at, known_at=at, state=order.state.value)
    return order


def _objection(
    office: Office, object_id: UUID, order: Order, service: Service, step: OrderStep, at: datetime
) -> Refusal | None:
    """What stands against a step beside the order's own states."""
    match step.state:
        case OrderState.ACCEPTED:
            unfit = unfit_for(office, object_id, order.provider, service, at)
            return unfit or may_begin(order, service, consent_signed(office, object_id), at)
        case OrderState.ON_SITE:
            return may_begin(order, service, consent_signed(office, object_id), at)
        case OrderState.DELIVERED:
            return _not_on_record(office, object_id, order, service, step)
        case OrderState.SETTLED:
            return _not_payable(office, object_id, order, step)
        case OrderState.REVERSED:
            owed = payable_of(office, object_id, order)
            return already_paid(owed) if owed else None
        case _:
            return None


def _not_on_record(office: Office, object_id: UUID, order: Order, service: Service, step: OrderStep) -> Refusal | None:
    """A file must be stored; a scan or a month of traffic must be on record since the order, and delivered once."""
    if service.delivered_as is DeliverableKind.FILE:
        stored = {file.sha256 for file in office.files.of_object(object_id)}
        known = not step.evidence_sha256 or step.evidence_sha256 in stored
        return None if known else _unknown_deliverable(order, step.evidence_sha256)
    if not step.record:
        return None
    shelf = office.scans if service.delivered_as is DeliverableKind.SCAN else office.traffic
    row = shelf.newest(step.record)
    accepted = order.reached_at(OrderState.ACCEPTED)
    if row is None or row.object_id != object_id or (accepted is not None and row.known_at < accepted):
        return _unknown_deliverable(order, step.record)
    others = (each.record for each in office.orders.of_object(object_id) if each.number != order.number)
    used = next((each.number for each in others if each.deliverable and each.deliverable.record == step.record), None)
    if used is None:
        return None
    return refuse(
        "record_delivered_before",
        order.number,
        zh=f"记录 {step.record} 已作为工单 {used} 的交付物；请为工单 {order.number} 另行检测后交付。",
        en=f"The record {step.record} was delivered for order {used}; look again for order {order.number}.",
    )


def _unknown_deliverable(order: Order, given: str) -> Refusal:
    return refuse(
        "deliverable_not_on_record",
        order.number,
        zh=f"工单 {order.number} 的交付物 {given} 未入档，或早于接单；请先上传文件或入档检测结果，再交付。",
        en=f"{given}, the deliverable of order {order.number}, is not on record or older than the order's acceptance; "
        "upload the file or put the look on record, then deliver.",
    )


def _not_payable(office: Office, object_id: UUID, order: Order, step: OrderStep) -> Refusal | None:
    """Settled by an invoice within the rate card, or above it with the payer's reason."""
    if order.invoice is None:
        return refuse(
            "service_invoice_missing",
            order.number,
            zh=f"工单 {order.number} 没有发票，不能结算；请服务机构先按价目表开票。",
            en=f"Order {order.number} has no invoice and cannot be settled; have the provider invoice it by its card.",
        )
    card = card_of(office, object_id, order.provider, order.service, order.invoice.worked_on)
    if isinstance(card, Refusal):
        return card
    check = check_invoice(order.invoice, card)
    return None if check.is_accepted or step.note.strip() else check.refusals[0]
