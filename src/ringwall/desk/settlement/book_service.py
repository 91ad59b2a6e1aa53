"""A settled service order in the books: the provider's invoice as a payable of the lead, what of it the panel shares,
and the reversal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, local_day
from ringwall.desk.office import Office
from ringwall.desk.settlement.post_to_panel import enter, post_to_panel
from ringwall.service import Charge, Order, OrderState
from ringwall.settlement import PanelEvent, PostingKind, ServiceBill, Voucher, service_billed


def book_service(office: Office, object_id: UUID, order: Order, *, at: datetime) -> Refusal | None:
    """What the newest step of an order asks for: settled, the invoice is owed; reversed, it is owed no more.

    An order that the insured pays for itself is none of the insurer's money. What the policy includes is shared by the
    panel where it has agreed so; what the lead orders beside the policy it bears alone.
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
    refused = enter(office, object_id, service_billed(me.code, owed, voucher))
    if refused is not None or order.charge is not Charge.INCLUDED:
        return refused
    return _share(office, object_id, owed, reference, at)


def _share(office: Office, object_id: UUID, owed: ServiceBill, reference: str, at: datetime) -> Refusal | None:
    """Each follower's part of what was billed, or of what is taken back, on the panel's running total."""
    policies = office.policies.of_object(object_id)
    agreement = policies[-1].record.agreement if policies else None
    if agreement is None or not agreement.services_shared or not agreement.followers:
        return None
    event = PanelEvent(PostingKind.SERVICE, owed.amount_minor, at, owed.order, f"{reference}:panel")
    posting = post_to_panel(office, object_id, agreement, event)
    return posting if isinstance(posting, Refusal) else None
