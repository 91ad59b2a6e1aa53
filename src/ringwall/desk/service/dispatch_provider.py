"""A service is ordered from a provider: under the policy's own entitlement, or paid for, before binding too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, local_day, refuse
from ringwall.desk.doors import Letter
from ringwall.desk.office import Office, own_code
from ringwall.desk.service.consent_of_order import assets_within_consent
from ringwall.desk.service.rate_cards import card_of
from ringwall.desk.service.registry import registered, unfit_for
from ringwall.policy import Policy
from ringwall.service import (
    Charge,
    ConsentOf,
    Engagement,
    Entitlement,
    Order,
    OrderEntry,
    OrderState,
    Phase,
    Provider,
    Service,
    advance,
    after_orders,
    check_conflicts,
    draw,
    entitlements,
    request,
)


@dataclass(frozen=True, slots=True)
class OrderWish:
    """What is ordered; without a provider it is the policy's own. `assets` narrows what may be looked at, `findings`
    says what a re-test is about."""

    service: str
    provider: str = ""
    charge: Charge = Charge.INCLUDED
    assets: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


def dispatch_provider(office: Office, object_id: UUID, wish: OrderWish, *, at: datetime) -> Order | Refusal:
    """The order, consented to at once where the one who orders is the one whose consent it needs."""
    office.objects.hold(object_id)
    service = office.catalogue.services.service(wish.service)
    if isinstance(service, Refusal):
        return service
    policy = policy_of(office, object_id)
    number = office.numbers.next(f"{own_code(office)}-O")
    if (objection := _may_order(office, object_id, service, wish, number, at)) is not None:
        return objection
    assets = assets_within_consent(office, object_id, service, wish.assets, at=at)
    if isinstance(assets, Refusal):
        return assets
    provider = _engaged(office, object_id, policy, service, wish, at)
    if isinstance(provider, Refusal):
        return provider
    by = str(office.me)
    order: Order | Refusal = request(
        number,
        policy.number if policy else "",
        service,
        provider.id,
        by=by,
        at=at,
        charge=wish.charge,
        assets=assets,
        findings=wish.findings,
    )
    if service.consent is ConsentOf.INSURED and "insured" in office.objects.roles(object_id):
        assert isinstance(order, Order)
        order = advance(order, service, OrderEntry(OrderState.CONSENTED, at, by))
    if isinstance(order, Refusal):
        return order
    office.orders.add(number, order, object_id=object_id, effective_at=at, known_at=at, state=order.state.value)
    subject = Words(f"服务工单 {number}：{service.name.zh}", f"Service order {number}: {service.name.en}")
    text = Words("请按服务时限接单。", "Accept it within its time.")
    office.post.send(Letter(object_id, "order", "provider", subject, text, f"/order/{number}", at, number))
    return order


def policy_of(office: Office, object_id: UUID) -> Policy | None:
    """The policy of an object, nothing before binding."""
    rows = office.policies.of_object(object_id)
    return rows[-1].record.policy if rows else None


def entitlement_left(office: Office, object_id: UUID, service_code: str) -> Entitlement | Refusal:
    """What the policy includes of a service, less the orders that drew on it."""
    found = next((each for each in entitlements_left(office, object_id) if each.service == service_code), None)
    if found is not None:
        return found
    policy = policy_of(office, object_id)
    number = policy.number if policy else office.objects.number_of(object_id)
    return refuse(
        "service_not_included",
        number,
        zh=f"{number} 不含服务 {service_code}；请先批改加入，或由被保险人另行采购。",
        en=f"{number} does not include {service_code}; endorse it first, or let the insured buy it.",
    )


def entitlements_left(office: Office, object_id: UUID) -> tuple[Entitlement, ...]:
    """Every service that the policy includes, with what its orders have left of it."""
    policy = policy_of(office, object_id)
    if policy is None:
        return ()
    orders = [row.record for row in office.orders.of_object(object_id)]
    return tuple(after_orders(each, orders) for each in entitlements(policy.number, policy.newest.content))


def _may_order(
    office: Office, object_id: UUID, service: Service, wish: OrderWish, number: str, at: datetime
) -> Refusal | None:
    """What the phase and the entitlement have against an order."""
    policy = policy_of(office, object_id)
    if wish.charge is Charge.INCLUDED:
        left = entitlement_left(office, object_id, service.code)
        drawn = left if isinstance(left, Refusal) else draw(left, number, 1, at=at)
        return drawn if isinstance(drawn, Refusal) else None
    if policy is None and service.phase is not Phase.PRE_BIND:
        return refuse(
            "service_before_binding",
            service.code,
            zh=f"{service.name.zh}属承保后的服务，{office.objects.number_of(object_id)} 尚未承保；"
            "请选择承保前服务，或待出单后下单。",
            en=f"{service.name.en} belongs to a policy and {office.objects.number_of(object_id)} is not bound yet; "
            "order a service of the time before binding, or wait for the policy.",
        )
    return None


def _engaged(
    office: Office, object_id: UUID, policy: Policy | None, service: Service, wish: OrderWish, at: datetime
) -> Provider | Refusal:
    """The provider, if it is of the register, qualified on the day and without a conflict; it sees the object now."""
    own = policy.newest.content.parties.provider if policy else None
    code = wish.provider or (own.id if own else "")
    provider, member = registered(office, code), office.directory.by_code(code)
    if provider is None or member is None or member.kind != "provider":
        return _no_provider(policy.number if policy else office.objects.number_of(object_id), code)
    if (objection := unfit_for(office, object_id, code, service, at)) is not None:
        return objection
    if isinstance(card := card_of(office, object_id, code, service.code, local_day(at)), Refusal):
        return card
    if (clash := _clash(office, object_id, provider, service)) is not None:
        return clash
    office.objects.share(object_id, member.id, "provider")
    return provider


def _clash(office: Office, object_id: UUID, provider: Provider, service: Service) -> Refusal | None:
    """A role on this case, by an order that was not cancelled, with which the new one does not go together."""
    case = office.objects.number_of(object_id)
    mine = Engagement(case, provider, service.role)
    for row in office.orders.of_object(object_id):
        other, ordered = registered(office, row.record.provider), row.record.service
        of = office.catalogue.services.service(ordered)
        if row.record.state is OrderState.CANCELLED or other is None or isinstance(of, Refusal):
            continue
        if clashes := check_conflicts((Engagement(case, other, of.role), mine)):
            return clashes[0]
    return None


def _no_provider(number: str, code: str) -> Refusal:
    return refuse(
        "no_provider",
        number,
        zh=f"{number} 未指定名册内的网络安全服务机构（{code or '未填'}）；请从名册中指定，或先批改保单。",
        en=f"{number} names no service provider of the register ({code or 'none'}); name one of the register, or "
        "endorse the policy.",
    )
