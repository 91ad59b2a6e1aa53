"""Service orders by the clock of their next step, and one order with its timeline, files, invoice and next acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.doors import Row, Speaker, StoredFile
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.service.advance_order import INVOICED_IN, task_of
from ringwall.desk.service.rate_cards import card_of, payable_of
from ringwall.desk.service.scorecard_of import checked
from ringwall.desk.views.parts import Bar, all_known, insured_name, known
from ringwall.service import (
    PAYABLE_NAMES,
    STATE_NAMES,
    Charge,
    DeliverableKind,
    InvoiceCheck,
    Order,
    OrderState,
    Payable,
    RateCard,
    Service,
    SlaResult,
    SlaStanding,
    next_states,
    sla_standing,
)
from ringwall.settlement import CHART, head_of

ACT_NAMES: Mapping[OrderState, Words] = {
    OrderState.CONSENTED: Words("同意", "Consent"),
    OrderState.ACCEPTED: Words("接单", "Accept the order"),
    OrderState.ON_SITE: Words("登记到场", "Say that you are on site"),
    OrderState.DELIVERED: Words("交付", "Deliver"),
    OrderState.ACCEPTED_BY_INSURED: Words("验收通过", "Accept the deliverable"),
    OrderState.SENT_BACK: Words("退回重做", "Send it back"),
    OrderState.REJECTED: Words("验收不通过并终止", "Reject it for good"),
    OrderState.SETTLED: Words("结算", "Settle"),
    OrderState.REVERSED: Words("冲销结算", "Reverse the settlement"),
    OrderState.CANCELLED: Words("取消工单", "Cancel the order"),
}
INVOICE = Words("开票", "Send the invoice")
CHARGE_NAMES: Mapping[Charge, Words] = {
    Charge.INCLUDED: Words("保单已含", "included in the policy"),
    Charge.INSURED: Words("被保险人自费", "paid for by the insured"),
    Charge.INSURER: Words("保险人承担", "paid for by the insurer"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One service time: between which states, and as a bar where it has started."""

    label: Words
    hours: int
    source: str
    bar: Bar | None
    stopped: bool


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order of a list: its next act for this reader, and the clock that presses most."""

    number: str
    service: Words
    insured: Words
    provider: Words
    state: Words
    action: Words | None
    bar: Bar | None
    ended: bool
    payable: Payable | None
    owed: Words | None
    """How what is owed for it stands, once it is settled."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the timeline."""

    state: Words
    at: datetime
    by: Words
    note: str
    record: str


@dataclass(frozen=True, slots=True)
class Booked:
    """One movement in the reader's own journal."""

    at: datetime
    debit: Words
    credit: Words
    amount_minor: int
    reference: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order as a reader may see it; `acts` are what this reader may do next, the first one primary."""

    order: Order
    service: Service
    object_number: str
    insured: Words
    provider: Words
    state: Words
    charge: Words
    clocks: tuple[Clock, ...]
    happened: tuple[Happened, ...]
    files: tuple[StoredFile, ...]
    records: tuple[str, ...]
    """Scans or counted traffic that may be delivered."""
    acts: tuple[OrderState, ...]
    may_hand_in: bool
    may_invoice: bool
    card: RateCard | None
    check: InvoiceCheck | None
    payable: Payable | None
    owed: Words | None
    may_dispute: bool
    may_end_dispute: bool
    booked: tuple[Booked, ...]
    """The settlement in the reader's own books; empty for whoever bears nothing of it."""


def orders_by_clock(office: Office, speaker: Speaker, now: datetime) -> tuple[OrderLine, ...]:
    """Open orders first: overdue, then by the next deadline, then without a clock; the ended ones last."""
    lines = [line for row in all_known(office.orders, now) if (line := _line(office, speaker, row, now)) is not None]

    def urgency(line: OrderLine) -> tuple[bool, bool, float, str]:
        due = line.bar.due_at.timestamp() if line.bar else 0.0
        return line.ended, line.bar is None, due, line.number

    return tuple(sorted(lines, key=urgency))


def order_page(office: Office, speaker: Speaker, number: str, now: datetime) -> OrderPage | Refusal:
    """One order as it was known at an instant."""
    row = known(office.orders, office.orders.newest(number), now)
    service = office.catalogue.services.service(row.record.service) if row else None
    if row is None or not isinstance(service, Service):
        return not_visible(number)
    order, roles = row.record, office.objects.roles(row.object_id)
    acts = _acts(speaker, order, service, roles)
    works = permit(speaker, "advance_order", roles) is None
    card = card_of(office, row.object_id, order.provider, order.service, local_day(now))
    payable = payable_of(office, row.object_id, order)
    disputes = order.invoice is not None and permit(speaker, "dispute_invoice", roles) is None
    return OrderPage(
        order=order,
        service=service,
        object_number=office.objects.number_of(row.object_id),
        insured=insured_name(office, row.object_id),
        provider=provider_name(office, order.provider),
        state=STATE_NAMES[order.state],
        charge=CHARGE_NAMES[order.charge],
        clocks=tuple(_clock(each) for each in sla_standing(order, service, now)),
        happened=tuple(
            Happened(STATE_NAMES[each.state], each.at, _by(office, each.by), each.note, each.record)
            for each in order.entries
        ),
        files=_files(office, row.object_id, order),
        records=_records(office, row.object_id, service, now) if OrderState.DELIVERED in acts else (),
        acts=acts,
        may_hand_in=not order.has_ended and permit(speaker, "hand_in_for_order", roles) is None,
        may_invoice=works and order.state in INVOICED_IN,
        card=None if isinstance(card, Refusal) else card,
        check=checked(office, row.object_id, order),
        payable=payable,
        owed=_owed(payable, now),
        may_dispute=disputes and order.dispute is None and order.payment is None,
        may_end_dispute=disputes and order.dispute is not None and order.dispute.by == str(office.me),
        booked=_booked(office, row.object_id, order, now),
    )


def _booked(office: Office, object_id: UUID, order: Order, now: datetime) -> tuple[Booked, ...]:
    moved = [each for each in office.books.of_object(object_id) if each.reference == order.number]
    return tuple(
        Booked(
            each.known_at,
            CHART[head_of(each.debit)][1],
            CHART[head_of(each.credit)][1],
            each.amount_minor,
            each.id.partition("/")[0],
        )
        for each in sorted(moved, key=lambda each: (each.known_at, each.id))
        if each.known_at <= now
    )


def provider_name(office: Office, code: str) -> Words:
    """As the house lists it, or as it has registered itself."""
    found = office.catalogue.providers.get(code) or office.directory.by_code(code)
    return found.name if found else Words(code, code)


def _owed(payable: Payable | None, now: datetime) -> Words | None:
    return PAYABLE_NAMES[payable.state(local_day(now))] if payable else None


def read_file(office: Office, number: str, sha256: str) -> tuple[StoredFile, bytes] | Refusal:
    """A file of an order, for whoever may see it."""
    row = office.orders.newest(number)
    files = _files(office, row.object_id, row.record) if row else ()
    file = next((each for each in files if each.sha256 == sha256), None)
    return (file, office.files.read(file)) if file else not_visible(sha256)


def _acts(speaker: Speaker, order: Order, service: Service, roles: Iterable[str]) -> tuple[OrderState, ...]:
    """What this reader may do next; a settlement whose invoice was paid is not taken back."""
    held = frozenset(roles)
    return tuple(
        state
        for state in next_states(service, order.state)
        if permit(speaker, task_of(order, service, state), held) is None
        and not (state is OrderState.REVERSED and order.payment is not None)
    )


def _line(office: Office, speaker: Speaker, row: Row[Order], now: datetime) -> OrderLine | None:
    order, service = row.record, office.catalogue.services.service(row.record.service)
    if isinstance(service, Refusal):
        return None
    acts = _acts(speaker, order, service, office.objects.roles(row.object_id))
    forward = [state for state in acts if state in service.states]
    to_invoice = order.state in INVOICED_IN and _may_invoice(office, speaker, row)
    running = [_clock(each) for each in sla_standing(order, service, now) if each.done_at is None and each.due_at]
    bars = [clock.bar for clock in running if clock.bar and not clock.stopped]
    payable = payable_of(office, row.object_id, order)
    return OrderLine(
        row.number,
        service.name,
        insured_name(office, row.object_id),
        provider_name(office, order.provider),
        STATE_NAMES[order.state],
        INVOICE if to_invoice else ACT_NAMES[forward[0]] if forward else None,
        min(bars, key=lambda bar: bar.due_at, default=None),
        order.has_ended or (order.state is OrderState.ACCEPTED_BY_INSURED and not forward and not to_invoice),
        payable,
        _owed(payable, now),
    )


def _may_invoice(office: Office, speaker: Speaker, row: Row[Order]) -> bool:
    """Whether this reader is to send the order's invoice: there is none, or its settlement was reversed."""
    wanted = row.record.invoice is None or row.record.state is OrderState.REVERSED
    return wanted and permit(speaker, "advance_order", office.objects.roles(row.object_id)) is None


def _clock(standing: SlaStanding) -> Clock:
    term, start = standing.term, standing.started_at
    begins, ends = STATE_NAMES[term.from_state], STATE_NAMES[term.to_state]
    bar = Bar(start, standing.due_at, standing.done_at) if start and standing.due_at else None
    label = Words(f"{begins.zh} → {ends.zh}", f"{begins.en} → {ends.en}")
    return Clock(label, term.hours, term.note or term.source, bar, standing.result is SlaResult.STOPPED)


def _by(office: Office, organisation: str) -> Words:
    try:
        member = office.directory.by_id(UUID(organisation))
    except ValueError:
        member = None
    return member.name if member else Words(organisation, organisation)


def _files(office: Office, object_id: UUID, order: Order) -> tuple[StoredFile, ...]:
    wanted = {paper.sha256 for paper in order.papers} | {entry.evidence_sha256 for entry in order.entries}
    found = {file.sha256: file for file in office.files.of_object(object_id) if file.sha256 in wanted}
    return tuple(found.values())


def _records(office: Office, object_id: UUID, service: Service, now: datetime) -> tuple[str, ...]:
    match service.delivered_as:
        case DeliverableKind.SCAN:
            return tuple(row.number for row in all_known(office.scans, now, object_id))
        case DeliverableKind.TRAFFIC:
            return tuple(row.number for row in all_known(office.traffic, now, object_id))
        case _:
            return ()
