"""An invoice is disputed in writing and waits; whoever disputed it says that the dispute has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office
from ringwall.desk.service.advance_order import keep_order, order_of
from ringwall.desk.service.rate_cards import payable_of
from ringwall.service import InvoiceDispute, Order, already_paid


def dispute_invoice(office: Office, object_id: UUID, number: str, reason: str, *, at: datetime) -> Order | Refusal:
    """The invoice is not paid before the dispute has ended; what was paid is not disputed here any more."""
    office.objects.hold(object_id)
    found = order_of(office, object_id, number)
    if isinstance(found, Refusal):
        return found
    order, payable = found[0], payable_of(office, object_id, found[0])
    if payable is not None and (paid := already_paid(payable)) is not None:
        return paid
    if order.invoice is None or order.dispute is not None or not reason.strip():
        return _cannot_dispute(order)
    disputed = InvoiceDispute(order.invoice.number, reason.strip(), str(office.me), at)
    return keep_order(office, object_id, replace(order, disputes=(*order.disputes, disputed)), at)


def end_dispute(office: Office, object_id: UUID, number: str, *, at: datetime) -> Order | Refusal:
    """By the party that disputed the invoice, and by nobody else."""
    office.objects.hold(object_id)
    found = order_of(office, object_id, number)
    if isinstance(found, Refusal):
        return found
    order = found[0]
    standing = order.dispute
    if standing is None or standing.by != str(office.me):
        return refuse(
            "no_dispute_of_yours",
            number,
            zh=f"工单 {number} 的发票{'由他方提出争议' if standing else '没有争议'}，不能由贵方了结；请由提出方了结。",
            en=f"The invoice of order {number} is {'disputed by another party' if standing else 'not disputed'}, so "
            "there is nothing for you to end; whoever disputes it ends it.",
        )
    disputes = tuple(replace(each, ended_at=at) if each == standing else each for each in order.disputes)
    return keep_order(office, object_id, replace(order, disputes=disputes), at)


def _cannot_dispute(order: Order) -> Refusal:
    invoice = order.invoice.number if order.invoice else "—"
    stands = order.dispute.reason if order.dispute else "—"
    return refuse(
        "invoice_cannot_be_disputed",
        order.number,
        zh=f"工单 {order.number} 的发票为 {invoice}，已有争议为 {stands}；提出争议须有发票、尚无争议，并写明理由。",
        en=f"The invoice of order {order.number} is {invoice} and the dispute of it is {stands}; to dispute it there "
        "must be an invoice, no dispute yet, and a reason.",
    )
