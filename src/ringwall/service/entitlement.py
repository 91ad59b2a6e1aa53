"""Service entitlement (服务权益): units that the policy itself includes, drawn down by orders and given back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.basics import Refusal, refuse
from ringwall.policy import PolicyContent
from ringwall.service.order import Order


@dataclass(frozen=True, slots=True)
class Draw:
    """One order's use of the entitlement."""

    order: str
    units: int
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What one policy may still draw of one service."""

    policy: str
    service: str
    units: int
    draws: tuple[Draw, ...] = ()

    @property
    def left(self) -> int:
        """Never below nil: an endorsement may have left fewer units than were drawn before it."""
        return max(self.units - sum(draw.units for draw in self.draws), 0)


def entitlements(policy: str, content: PolicyContent) -> tuple[Entitlement, ...]:
    """The services that the policy itself describes; nothing else may be given with it (R-28)."""
    return tuple(Entitlement(policy, line.code, line.units) for line in content.cover.services)


def after_orders(entitlement: Entitlement, orders: Iterable[Order]) -> Entitlement:
    """What is left after the orders of the policy as they stand: each draws one unit once, in whatever version.

    An order that was cancelled or rejected for good has given its unit back.
    """
    mine = {
        order.number: order
        for order in orders
        if (order.policy, order.service) == (entitlement.policy, entitlement.service)
    }
    draws = tuple(Draw(each.number, 1, each.entries[0].at) for each in mine.values() if each.draws)
    return replace(entitlement, draws=draws)


def draw(entitlement: Entitlement, order: str, units: int, *, at: datetime) -> Entitlement | Refusal:
    """The entitlement with one draw more; the same order again changes nothing."""
    assert units > 0, "an order draws at least one unit"
    earlier = next((each for each in entitlement.draws if each.order == order), None)
    if earlier is not None and earlier.units == units:
        return entitlement
    where = f"{entitlement.policy}/{entitlement.service}"
    if earlier is not None:
        return refuse(
            "drawn_before",
            where,
            zh=f"工单 {order} 已使用 {earlier.units} 次，现又申请 {units} 次；请另开工单。",
            en=f"Order {order} has drawn {earlier.units} unit(s) and now asks for {units}; open another order.",
        )
    if units > entitlement.left:
        return refuse(
            "entitlement_used_up",
            where,
            zh=f"工单 {order} 申请 {units} 次，保单仅余 {entitlement.left} 次；请自费下单或批改增加服务。",
            en=f"Order {order} asks for {units} unit(s), the policy has {entitlement.left} left; pay for it or "
            "endorse the policy.",
        )
    return replace(entitlement, draws=(*entitlement.draws, Draw(order, units, at)))
