"""The rate card under which an order is charged, and what is owed for it by the card's term of payment."""

from __future__ import annotations

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.service import LONGEST_PAYMENT_DAYS, Order, Payable, card_for


def payable_of(office: Office, order: Order) -> Payable | None:
    """What is owed for an order, due by the term of the provider's card; nothing before it is settled."""
    if order.invoice is None:
        return None
    card = card_for(office.catalogue.rate_cards, order.provider, order.invoice.worked_on)
    return order.payable(LONGEST_PAYMENT_DAYS if isinstance(card, Refusal) else card.payment_days)
