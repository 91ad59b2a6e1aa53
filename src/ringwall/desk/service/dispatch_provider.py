"""A provider is dispatched under the policy's own entitlement, and each step of its order is kept with its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, local_day, refuse
from ringwall.desk.doors import Letter
from ringwall.desk.office import Office, own_code
from ringwall.service import Entitlement, Order, OrderEntry, OrderState, advance, draw, entitlements, may_serve, request


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One step of an order: the state that it reaches, and what there is to show for it."""

    order: str
    state: OrderState
    note: str = ""
    evidence_sha256: str = ""


def dispatch_provider(office: Office, object_id: UUID, service_code: str, *, at: datetime) -> Order | Refusal:
    """An order to the policy's provider, for a service that the policy includes and has units left of."""
    policy = office.policies.of_object(object_id)[-1].record.policy
    content = policy.newest.content
    service = office.catalogue.services.service(service_code)
    if isinstance(service, Refusal):
        return service
    provider = office.catalogue.providers.get(content.parties.provider.id) if content.parties.provider else None
    if provider is None:
        return _no_provider(policy.number)
    if (objection := may_serve(provider, service, local_day(at))) is not None:
        return objection
    entitlement = entitlement_left(office, object_id, service_code)
    if isinstance(entitlement, Refusal):
        return entitlement
    number = office.numbers.next(f"{own_code(office)}-O")
    drawn = draw(entitlement, number, 1, at=at)
    if isinstance(drawn, Refusal):
        return drawn
    order = request(number, policy.number, service, provider.id, by=str(office.me), at=at)
    office.orders.add(number, order, object_id=object_id, effective_at=at, known_at=at, state=order.state.value)
    subject = Words(f"服务工单 {number}：{service.name.zh}", f"Service order {number}: {service.name.en}")
    text = Words("请按服务时限接单。", "Accept it within its time.")
    office.post.send(Letter(object_id, "order", "provider", subject, text, "/", at, number))
    return order


def advance_order(office: Office, object_id: UUID, step: OrderStep, *, at: datetime) -> Order | Refusal:
    """The order one state further; the step is a further version that the acting organisation owns."""
    row = office.orders.newest(step.order)
    if row is None or row.object_id != object_id:
        return _no_order(step.order)
    service = office.catalogue.services.service(row.record.service)
    if isinstance(service, Refusal):
        return service
    order = advance(row.record, service, OrderEntry(step.state, at, str(office.me), step.note, step.evidence_sha256))
    if isinstance(order, Refusal):
        return order
    office.orders.add(step.order, order, object_id=object_id, effective_at=at, known_at=at, state=order.state.value)
    return order


def entitlement_left(office: Office, object_id: UUID, service_code: str) -> Entitlement | Refusal:
    """What the policy includes of a service, less the orders that drew on it."""
    policy = office.policies.of_object(object_id)[-1].record.policy
    mine = [each for each in entitlements(policy.number, policy.newest.content) if each.service == service_code]
    if not mine:
        return refuse(
            "service_not_included",
            policy.number,
            zh=f"保险单 {policy.number} 不含服务 {service_code}；请先批改加入，或由被保险人另行采购。",
            en=f"Policy {policy.number} does not include {service_code}; endorse it first, or let the insured buy it.",
        )
    entitlement: Entitlement | Refusal = mine[0]
    for row in office.orders.of_object(object_id):
        if row.record.service == service_code and isinstance(entitlement, Entitlement):
            entitlement = draw(entitlement, row.number, 1, at=row.record.entries[0].at)
    return entitlement


def _no_provider(policy: str) -> Refusal:
    return refuse(
        "no_provider",
        policy,
        zh=f"保险单 {policy} 未约定名册内的网络安全服务机构；请先批改指定。",
        en=f"Policy {policy} names no service provider of the register; name one by endorsement first.",
    )


def _no_order(number: str) -> Refusal:
    return refuse(
        "order_unknown",
        number,
        zh=f"本业务下没有服务工单 {number}；请核对工单号。",
        en=f"There is no service order {number} on this object; check its number.",
    )
