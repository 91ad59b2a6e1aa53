"""How a provider keeps its times and its rate card, over all orders that the reader may see."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.service import (
    InvoiceCheck,
    Order,
    OrderState,
    Scorecard,
    SlaStanding,
    card_for,
    check_invoice,
    score,
    sla_standing,
)

UNDONE = (OrderState.SENT_BACK, OrderState.REJECTED)


def scorecard_of(office: Office, provider: str, at: datetime) -> Scorecard:
    """The scorecard at an instant; findings' precision is unknown until re-tests are counted against disputes."""
    known = (row.record.known_at(at) for row in office.orders.all() if row.record.provider == provider)
    orders = [order for order in known if order is not None]
    states = [entry.state for order in orders for entry in order.entries]
    return score(
        provider,
        [clock for order in orders for clock in _clocks(office, order, at)],
        [check for order in orders if (check := checked(office, order)) is not None],
        findings_confirmed=0,
        findings_false=0,
        complaints=sum(states.count(state) for state in UNDONE),
        deliveries=states.count(OrderState.DELIVERED),
    )


def checked(office: Office, order: Order) -> InvoiceCheck | None:
    """The order's invoice against the provider's card; nothing without the one or the other."""
    if order.invoice is None:
        return None
    card = card_for(office.catalogue.rate_cards, order.provider, order.invoice.worked_on)
    return None if isinstance(card, Refusal) else check_invoice(order.invoice, card)


def _clocks(office: Office, order: Order, at: datetime) -> tuple[SlaStanding, ...]:
    service = office.catalogue.services.service(order.service)
    return () if isinstance(service, Refusal) else sla_standing(order, service, at)
