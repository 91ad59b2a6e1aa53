"""A settled service order in the lead's books: the provider's invoice as a payable, and its reversal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, local_day
from ringwall.desk.office import Office
from ringwall.desk.settlement.post_to_panel import enter
from ringwall.service import Charge, Order, OrderState
from ringwall.settlement import ServiceBill, Voucher, service_billed


def book_service(office: Office, object_id: UUID, order: Order, *, at: datetime) -> Refusal | None:
    """What the newest step of an order asks for: settled, the invoice is owed; reversed, it is owed no more.

    An order that the insured pays for itself is none of the insurer's money.
    """
    if order.charge is Charge.INSURED or order.invoice is None:
        return None
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    bill = ServiceBill(order.number, order.provider, order.invoice.number, order.invoice.charged_minor)
    settled = sum(entry.state is OrderState.SETTLED for entry in order.entries)
    reference = f"{order.number}:{order.state.value}-{settled}"
    voucher = Voucher(reference, local_day(at), at, order.number)
    owed = bill.reversed if order.state is OrderState.REVERSED else bill
    return enter(office, object_id, service_billed(me.code, owed, voucher))
