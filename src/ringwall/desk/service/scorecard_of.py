"""How a provider keeps its times and its rate card, and how many of its findings hold, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.service.rate_cards import card_of
from ringwall.evidence import StatementKind
from ringwall.service import (
    InvoiceCheck,
    Order,
    OrderState,
    Scorecard,
    SlaStanding,
    check_invoice,
    score,
    sla_standing,
)

FindingKey = tuple[UUID, str]
"""A finding by the object and its uid."""
UNDONE = (OrderState.SENT_BACK, OrderState.REJECTED)


def scorecard_of(office: Office, provider: str, at: datetime) -> Scorecard:
    """The scorecard at an instant; a finding counts as false once a dispute of it was upheld."""
    mine = [row for row in office.orders.all() if row.record.provider == provider]
    orders = [order for row in mine if (order := row.record.known_at(at)) is not None]
    found = _findings_of(office, provider, mine, at)
    false = found & _upheld(office, at)
    states = [entry.state for order in orders for entry in order.entries]
    return score(
        provider,
        [clock for order in orders for clock in _clocks(office, order, at)],
        _checks(office, mine, at),
        findings_confirmed=len(found) - len(false),
        findings_false=len(false),
        complaints=sum(states.count(state) for state in UNDONE),
        deliveries=states.count(OrderState.DELIVERED),
    )


def _findings_of(office: Office, provider: str, orders: Iterable[Row[Order]], at: datetime) -> frozenset[FindingKey]:
    """What a provider has stated: seen by the scans that it delivered, and reported by files that it handed in."""
    stated: set[FindingKey] = set()
    for row in orders:
        order = row.record.known_at(at)
        scan = office.scans.newest(order.deliverable.record) if order and order.deliverable else None
        if scan is not None:
            stated |= {(row.object_id, each.uid) for each in scan.record.findings if each.last_seen == scan.known_at}
    member = office.directory.by_code(provider)
    for report in office.reports.all() if member else ():
        if member and report.owner_id == member.id and report.known_at <= at:
            stated |= {(report.object_id, uid) for uid in report.record.findings}
    return frozenset(stated)


def _upheld(office: Office, at: datetime) -> frozenset[FindingKey]:
    """Findings of which the insurer has given a dispute right."""
    return frozenset(
        (row.object_id, row.record.finding)
        for row in office.statements.all()
        if row.record.kind is StatementKind.UPHELD and row.known_at <= at
    )


def _checks(office: Office, rows: Iterable[Row[Order]], at: datetime) -> list[InvoiceCheck]:
    known = ((row.object_id, row.record.known_at(at)) for row in rows)
    found = (checked(office, object_id, order) for object_id, order in known if order is not None)
    return [check for check in found if check is not None]


def checked(office: Office, object_id: UUID, order: Order) -> InvoiceCheck | None:
    """The order's invoice against the provider's card; nothing without the one or the other."""
    if order.invoice is None:
        return None
    card = card_of(office, object_id, order.provider, order.service, order.invoice.worked_on)
    return None if isinstance(card, Refusal) else check_invoice(order.invoice, card)


def _clocks(office: Office, order: Order, at: datetime) -> tuple[SlaStanding, ...]:
    service = office.catalogue.services.service(order.service)
    return () if isinstance(service, Refusal) else sla_standing(order, service, at)
