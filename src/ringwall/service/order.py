"""A service order (服务工单) as append-only entries, its automaton, and its clocks: due, met or missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from ringwall.basics import Refusal, Words, local_day, refuse
from ringwall.service.catalogue import OrderState, Service, SlaTerm
from ringwall.service.payable import InvoiceDispute, InvoicePayment, Payable
from ringwall.service.rates import ServiceInvoice


class Charge(StrEnum):
    """Who bears the provider's work: the policy's own entitlement, the insured, or the insurer."""

    INCLUDED = "included"
    INSURED = "insured"
    INSURER = "insurer"


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """One step of an order: who reached which state when, with what to show for it.

    `evidence_sha256` is the digest of a file, `record` the number of a scan or of counted traffic.
    """

    state: OrderState
    at: datetime
    by: str
    note: str = ""
    evidence_sha256: str = ""
    record: str = ""

    @property
    def shows_something(self) -> bool:
        return bool(self.evidence_sha256 or self.record)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was handed in on the way, beside the deliverable."""

    sha256: str
    name: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order of one service from one provider; it begins with the request. `policy` is empty before binding.

    `assets` are what may be looked at for it, within the consent; `findings` what a re-test is about.
    """

    number: str
    policy: str
    service: str
    provider: str
    entries: tuple[OrderEntry, ...]
    charge: Charge = Charge.INCLUDED
    papers: tuple[Paper, ...] = ()
    invoice: ServiceInvoice | None = None
    assets: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    disputes: tuple[InvoiceDispute, ...] = ()
    payment: InvoicePayment | None = None

    @property
    def state(self) -> OrderState:
        return self.entries[-1].state

    @property
    def has_ended(self) -> bool:
        return self.state in ENDS

    @property
    def is_done(self) -> bool:
        """Whether its work is done or will not be done: what was sent back is to be done again."""
        return self.has_ended or self.deliverable is not None

    @property
    def draws(self) -> bool:
        """Whether the order uses up a unit of the policy: one that ended without a result has given it back."""
        return self.charge is Charge.INCLUDED and self.state not in WITHOUT_RESULT

    @property
    def deliverable(self) -> OrderEntry | None:
        """The last delivery, unless it was sent back or rejected."""
        return _standing_entry(self.entries, OrderState.DELIVERED)

    def reached_at(self, state: OrderState) -> datetime | None:
        """When the order reached a state and stayed beyond it; a delivery that was sent back is none."""
        entry = _standing_entry(self.entries, state)
        return entry.at if entry else None

    @property
    def dispute(self) -> InvoiceDispute | None:
        """What stands against the invoice; nothing once it has ended, or where another invoice took its place."""
        number = self.invoice.number if self.invoice else ""
        return next((each for each in self.disputes if each.invoice == number and each.ended_at is None), None)

    @property
    def is_owed(self) -> bool:
        """Whether the insurer owes its invoice: settled and not reversed, and not for the insured to pay itself."""
        return self.charge is not Charge.INSURED and self.invoice is not None and self.state is OrderState.SETTLED

    def payable(self, term_days: int) -> Payable | None:
        """What the insurer owes for it: due so many days after the acceptance, never before it is settled."""
        if self.invoice is None or not self.is_owed:
            return None
        accepted = self.reached_at(OrderState.ACCEPTED_BY_INSURED)
        settled_on = local_day(self.entries[-1].at)
        due_on = max(local_day(accepted) + timedelta(days=term_days), settled_on) if accepted else settled_on
        of = self.invoice
        return Payable(self.number, self.provider, of.number, of.charged_minor, due_on, self.dispute, self.payment)

    def known_at(self, at: datetime) -> Order | None:
        """The order as it stood at an instant; nothing before its request."""
        entries = tuple(entry for entry in self.entries if entry.at <= at)
        papers = tuple(paper for paper in self.papers if paper.at <= at)
        return replace(self, entries=entries, papers=papers) if entries else None


class SlaResult(StrEnum):
    """Not started and running are neither met nor missed; a clock stops with an order that ends before it is due."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SlaStanding:
    """One clock of one order at an instant."""

    term: SlaTerm
    started_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    result: SlaResult


STATE_NAMES = {
    OrderState.REQUESTED: Words("已申请", "requested"),
    OrderState.CONSENTED: Words("已同意", "consented"),
    OrderState.ACCEPTED: Words("已接单", "accepted"),
    OrderState.ON_SITE: Words("已到场", "on site"),
    OrderState.DELIVERED: Words("已交付", "delivered"),
    OrderState.ACCEPTED_BY_INSURED: Words("已验收", "accepted by the insured"),
    OrderState.SETTLED: Words("已结算", "settled"),
    OrderState.SENT_BACK: Words("已退回重做", "sent back to be done again"),
    OrderState.REVERSED: Words("结算已冲销", "settlement reversed"),
    OrderState.REJECTED: Words("验收不通过，终止", "rejected for good"),
    OrderState.CANCELLED: Words("已取消", "cancelled"),
}
ENDS = frozenset({OrderState.SETTLED, OrderState.REJECTED, OrderState.CANCELLED})
WITHOUT_RESULT = frozenset({OrderState.REJECTED, OrderState.CANCELLED})
NEEDS_REASON = frozenset({OrderState.SENT_BACK, OrderState.REVERSED, OrderState.REJECTED, OrderState.CANCELLED})
BESIDE_THE_WAY: Mapping[OrderState, tuple[OrderState, ...]] = {
    OrderState.REQUESTED: (OrderState.CANCELLED,),
    OrderState.CONSENTED: (OrderState.CANCELLED,),
    OrderState.ACCEPTED: (OrderState.CANCELLED,),
    OrderState.ON_SITE: (OrderState.CANCELLED,),
    OrderState.DELIVERED: (OrderState.SENT_BACK, OrderState.REJECTED),
    OrderState.SETTLED: (OrderState.REVERSED,),
}
"""Where an order may leave the straight way of its service."""
BACK_ON_THE_WAY: Mapping[OrderState, tuple[OrderState, ...]] = {
    OrderState.SENT_BACK: (OrderState.DELIVERED, OrderState.REJECTED),
    OrderState.REVERSED: (OrderState.SETTLED,),
}


def next_states(service: Service, state: OrderState) -> tuple[OrderState, ...]:
    """The states that may follow, the one of the straight way first; none after an end without a result."""
    if state in WITHOUT_RESULT:
        return ()
    if state in BACK_ON_THE_WAY:
        return BACK_ON_THE_WAY[state]
    way = service.states
    following = way[way.index(state) + 1 :][:1]
    return (*following, *BESIDE_THE_WAY.get(state, ()))


def request(
    number: str,
    policy: str,
    service: Service,
    provider: str,
    *,
    by: str,
    at: datetime,
    charge: Charge = Charge.INCLUDED,
    assets: tuple[str, ...] = (),
    findings: tuple[str, ...] = (),
) -> Order:
    """A new order; a provider is engaged only after the consent that follows."""
    begun = (OrderEntry(OrderState.REQUESTED, at, by),)
    return Order(number, policy, service.code, provider, begun, charge, assets=assets, findings=findings)


def advance(order: Order, service: Service, entry: OrderEntry) -> Order | Refusal:
    """The order one state further: no state is skipped, time does not run back, the last entry again is no change."""
    if entry == order.entries[-1]:
        return order
    allowed = next_states(service, order.state)
    if entry.state not in allowed:
        return _out_of_order(order, entry, allowed)
    if entry.at < order.entries[-1].at:
        return refuse(
            "entry_backdated",
            order.number,
            zh=f"“{STATE_NAMES[entry.state].zh}”时间 {entry.at} 早于上一步 {order.entries[-1].at}；请更正时间。",
            en=f"'{STATE_NAMES[entry.state].en}' at {entry.at} is before the last step at "
            f"{order.entries[-1].at}; correct the time.",
        )
    if entry.state is OrderState.DELIVERED and not entry.shows_something:
        return refuse(
            "deliverable_missing",
            order.number,
            zh=f"交付须附交付物（{service.deliverable.zh}），未见其摘要值；请上传后再交付。",
            en=f"Delivery needs the deliverable ({service.deliverable.en}), none is attached; upload it, then deliver.",
        )
    if entry.state in NEEDS_REASON and not entry.note.strip():
        return _without_reason(order, entry.state)
    return replace(order, entries=(*order.entries, entry))


def due_at(order: Order, term: SlaTerm) -> datetime | None:
    """The instant by which the clock's end state is due: elapsed hours, no pause, no rolling."""
    start = order.reached_at(term.from_state)
    return None if start is None else start.astimezone(UTC) + timedelta(hours=term.hours)


def sla_standing(order: Order, service: Service, at: datetime) -> tuple[SlaStanding, ...]:
    """Every clock of the order as it stood at an instant; done at the due instant is in time."""
    then = order.known_at(at)
    if then is None:
        return tuple(SlaStanding(term, None, None, None, SlaResult.NOT_STARTED) for term in service.clocks)
    return tuple(_standing(then, term, at) for term in service.clocks)


def missed(standings: Iterable[SlaStanding]) -> tuple[SlaStanding, ...]:
    """The clocks that were missed; each is a case for the provider's scorecard."""
    return tuple(standing for standing in standings if standing.result is SlaResult.MISSED)


def _standing(order: Order, term: SlaTerm, at: datetime) -> SlaStanding:
    started, due, done = order.reached_at(term.from_state), due_at(order, term), order.reached_at(term.to_state)
    if due is None:
        return SlaStanding(term, None, None, done, SlaResult.NOT_STARTED)
    if done is not None:
        return SlaStanding(term, started, due, done, SlaResult.MET if done <= due else SlaResult.MISSED)
    ended = order.entries[-1].at if order.has_ended else None
    if (ended or at) > due:
        return SlaStanding(term, started, due, None, SlaResult.MISSED)
    return SlaStanding(term, started, due, None, SlaResult.STOPPED if ended else SlaResult.RUNNING)


def _standing_entry(entries: tuple[OrderEntry, ...], state: OrderState) -> OrderEntry | None:
    """The last entry of a state; a delivery counts until it is sent back or rejected."""
    place = next((place for place in reversed(range(len(entries))) if entries[place].state is state), None)
    if place is None:
        return None
    after = entries[place + 1].state if place + 1 < len(entries) else None
    undone = state is OrderState.DELIVERED and after in (OrderState.SENT_BACK, OrderState.REJECTED)
    return None if undone else entries[place]


def _out_of_order(order: Order, entry: OrderEntry, allowed: tuple[OrderState, ...]) -> Refusal:
    now, asked = STATE_NAMES[order.state], STATE_NAMES[entry.state]
    names = [STATE_NAMES[state] for state in allowed]
    next_zh = f"下一步应为{'或'.join(f'“{each.zh}”' for each in names)}" if names else "工单已结束，请另开工单"
    either = " or ".join(f"'{each.en}'" for each in names)
    next_en = f"the next step is {either}" if names else "the order has ended, open another one"
    return refuse(
        "order_state",
        order.number,
        zh=f"工单 {order.number} 现为“{now.zh}”，不能转为“{asked.zh}”；{next_zh}。",
        en=f"Order {order.number} is '{now.en}' and cannot become '{asked.en}'; {next_en}.",
    )


def _without_reason(order: Order, state: OrderState) -> Refusal:
    asked = STATE_NAMES[state]
    return refuse(
        "order_reason_missing",
        order.number,
        zh=f"工单 {order.number} 要转为“{asked.zh}”，却没有写明理由；请写明理由后再提交。",
        en=f"Order {order.number} is to become '{asked.en}' and no reason is given; give the reason and send it again.",
    )
