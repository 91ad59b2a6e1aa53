"""Service orders of the year: the case's own steps, each by the person whose it is, with what is handed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.life.case import OrderSteps
from ringwall.desk.life.year import Figure, Figures, Step, Year
from ringwall.desk.office import Office
from ringwall.desk.records import ScanFile
from ringwall.desk.service.advance_order import OrderStep, Upload, advance_order, deliver_file
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider, entitlement_left
from ringwall.service import Order, OrderState, SlaResult, sla_standing

WHO = {
    OrderState.ACCEPTED_BY_INSURED: ("insured", "accept_deliverable"),
    OrderState.CONSENTED: ("claims", "consent_order"),
}
"""Who takes a step of an order and by which permission; every other step is the provider's."""
SCAN = "scan:"
"""A step's evidence that is the scan of a step of the year, by that step's key."""


def follow_order(year: Year, person: str, steps: OrderSteps) -> Order:
    """An order through all the steps that the case has for it."""
    wish, requested_at = OrderWish(steps.service), steps.steps[0][1]
    order = year.do(
        person,
        "dispatch_provider",
        f"order:{steps.service}",
        Order,
        lambda office, obj: dispatch_provider(office, obj, wish, at=requested_at),
    )
    for state, at, shown in steps.steps[1:]:
        order = _step(year, order, (state, at, shown), f"order:{steps.service}:{state.value}")
    return order


def _step(year: Year, order: Order, step: tuple[OrderState, datetime, str], key: str) -> Order:
    state, at, shown = step
    person, action = WHO.get(state, ("provider", "advance_order"))
    if shown and not shown.startswith(SCAN):
        upload = Upload(order.number, f"{order.number}.txt", "text/plain", shown.encode())
        return year.do(person, action, key, Order, lambda office, obj: deliver_file(office, obj, upload, at=at))
    scan = shown.removeprefix(SCAN)
    record = year.recalled("insured", f"life:{scan}", ScanFile).number if scan else ""
    taken = OrderStep(order.number, state, record=record)

    def advance(office: Office, object_id: UUID) -> Order | Refusal:
        return advance_order(office, object_id, taken, at=at)

    return year.do(person, action, key, Order, advance)


def use_services(year: Year) -> Figures:
    """A service of the policy is ordered by the insured, delivered as the scan on record, and accepted."""
    return tuple(_used(year, steps) for steps in year.case.services_used)


def _used(year: Year, steps: OrderSteps) -> Figure:
    order = follow_order(year, "insured", steps)

    def standing(office: Office, object_id: UUID) -> str:
        service, left = (
            office.catalogue.services.service(order.service),
            entitlement_left(office, object_id, order.service),
        )
        assert not isinstance(service, Refusal), "the order was placed for a service of the catalogue"
        assert not isinstance(left, Refusal), "the order drew on the policy"
        results = [each.result for each in sla_standing(order, service, order.entries[-1].at)]
        return f"{results.count(SlaResult.MET)} / {len(results)} · {left.left} / {left.units}"

    label = Words(
        f"{order.number} {steps.service}：时限达成 · 剩余次数",
        f"{order.number} {steps.service}: times met · units left",
    )
    return Figure(label, year.read("insured", standing))


STEPS = (
    Step("service", Words("在保服务：下单、交付、验收", "Service in term ordered, delivered, accepted"), use_services),
)
