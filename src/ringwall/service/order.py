"""A service order (服务工单) as append-only entries, and its clocks: due, met or missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from ringwall.basics import Refusal, Words, refuse
from ringwall.service.catalogue import OrderState, Service, SlaTerm


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """One step of an order: who reached which state when, with what to show for it."""

    state: OrderState
    at: datetime
    by: str
    note: str = ""
    evidence_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order of one service from one provider for one policy; it begins with the request."""

    number: str
    policy: str
    service: str
    provider: str
    entries: tuple[OrderEntry, ...]

    @property
    def state(self) -> OrderState:
        return self.entries[-1].state

    def reached_at(self, state: OrderState) -> datetime | None:
        return next((entry.at for entry in self.entries if entry.state is state), None)


class SlaResult(StrEnum):
    """Not started and running are neither met nor missed."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class SlaStanding:
    """One clock of one order at an instant."""

    term: SlaTerm
    due_at: datetime | None
    done_at: datetime | None
    result: SlaResult


def request(number: str, policy: str, service: Service, provider: str, *, by: str, at: datetime) -> Order:
    """A new order; a provider is engaged only after the consent that follows."""
    return Order(number, policy, service.code, provider, (OrderEntry(OrderState.REQUESTED, at, by),))


STATE_NAMES = {
    OrderState.REQUESTED: Words("已申请", "requested"),
    OrderState.CONSENTED: Words("已同意", "consented"),
    OrderState.ACCEPTED: Words("已接单", "accepted"),
    OrderState.ON_SITE: Words("已到场", "on site"),
    OrderState.DELIVERED: Words("已交付", "delivered"),
    OrderState.ACCEPTED_BY_INSURED: Words("已验收", "accepted by the insured"),
    OrderState.SETTLED: Words("已结算", "settled"),
}


def advance(order: Order, service: Service, entry: OrderEntry) -> Order | Refusal:
    """The order one state further: no state is skipped, time does not run back, the same entry again is no change."""
    if entry in order.entries:
        return order
    states = service.states
    place = states.index(order.state) + 1
    wanted = states[place] if place < len(states) else None
    if entry.state is not wanted:
        return _out_of_order(order, entry, wanted)
    if entry.at < order.entries[-1].at:
        return refuse(
            "entry_backdated",
            order.number,
            zh=f"“{STATE_NAMES[entry.state].zh}”时间 {entry.at} 早于上一步 {order.entries[-1].at}；请更正时间。",
            en=f"'{STATE_NAMES[entry.state].en}' at {entry.at} is before the last step at "
            f"{order.entries[-1].at}; correct the time.",
        )
    if entry.state is OrderState.DELIVERED and not entry.evidence_sha256:
        return refuse(
            "deliverable_missing",
            order.number,
            zh=f"交付须附交付物（{service.deliverable.zh}），未见其摘要值；请上传后再交付。",
            en=f"Delivery needs the deliverable ({service.deliverable.en}), none is attached; upload it, then deliver.",
        )
    return replace(order, entries=(*order.entries, entry))


def due_at(order: Order, term: SlaTerm) -> datetime | None:
    """The instant by which the clock's end state is due: elapsed hours, no pause, no rolling."""
    start = order.reached_at(term.from_state)
    return None if start is None else start.astimezone(UTC) + timedelta(hours=term.hours)


def sla_standing(order: Order, service: Service, at: datetime) -> tuple[SlaStanding, ...]:
    """Every clock of the order as it stands at an instant; done at the due instant is in time."""
    return tuple(_standing(order, term, at) for term in service.clocks)


def missed(standings: Iterable[SlaStanding]) -> tuple[SlaStanding, ...]:
    """The clocks that were missed; each is a case for the provider's scorecard."""
    return tuple(standing for standing in standings if standing.result is SlaResult.MISSED)


def _standing(order: Order, term: SlaTerm, at: datetime) -> SlaStanding:
    due, reached = due_at(order, term), order.reached_at(term.to_state)
    done = reached if reached is not None and reached <= at else None
    if due is None:
        return SlaStanding(term, None, done, SlaResult.NOT_STARTED)
    if done is None:
        return SlaStanding(term, due, None, SlaResult.MISSED if at > due else SlaResult.RUNNING)
    return SlaStanding(term, due, done, SlaResult.MET if done <= due else SlaResult.MISSED)


def _out_of_order(order: Order, entry: OrderEntry, wanted: OrderState | None) -> Refusal:
    now, asked = STATE_NAMES[order.state], STATE_NAMES[entry.state]
    next_zh = f"下一步应为“{STATE_NAMES[wanted].zh}”" if wanted else "工单已结束，请另开工单"
    next_en = f"the next step is '{STATE_NAMES[wanted].en}'" if wanted else "the order has ended, open another one"
    return refuse(
        "order_state",
        order.number,
        zh=f"工单 {order.number} 现为“{now.zh}”，不能转为“{asked.zh}”；{next_zh}。",
        en=f"Order {order.number} is '{now.en}' and cannot become '{asked.en}'; {next_en}.",
    )
