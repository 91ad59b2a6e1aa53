"""The payment run: what is owed to providers and due leaves the bank, once, and the invoice is marked as paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, local_day, refuse, yuan
from ringwall.desk.doors import Letter, Row
from ringwall.desk.office import Office, own_code
from ringwall.desk.permissions import not_visible
from ringwall.desk.service.advance_order import keep_order
from ringwall.desk.service.rate_cards import payable_of
from ringwall.desk.service.registry import account_of, suspension_of
from ringwall.desk.settlement.post_to_panel import enter
from ringwall.service import (
    InvoicePayment,
    Order,
    Payable,
    PayableState,
    may_pay,
)
from ringwall.settlement import ServiceBill, Voucher, service_paid


@dataclass(frozen=True, slots=True)
class PaymentRun:
    """What one run has paid under its reference, and what was due and could not be paid."""

    reference: str
    paid_on: date
    paid: tuple[Payable, ...]
    refusals: tuple[Refusal, ...]

    @property
    def paid_minor(self) -> int:
        return sum(each.amount_minor for each in self.paid)


def pay_providers(
    office: Office, orders: Sequence[str] = (), *, reference: str = "", by: str, at: datetime
) -> PaymentRun | Refusal:
    """Pays the named orders, all of them or none; without a name, everything that is due and has nothing against it."""
    day = local_day(at)
    rows = _named(office, orders) if orders else _due(office, day)
    if isinstance(rows, Refusal):
        return rows
    for object_id in sorted({row.object_id for row in rows}):
        office.objects.hold(object_id)
    to_pay: list[tuple[Row[Order], Payable]] = []
    refusals: list[Refusal] = []
    for row in _as_they_stand(office, rows):
        found = _payable_now(office, row, day)
        if not isinstance(found, Refusal):
            to_pay.append((row, found))
        elif orders:
            return found
        elif found.code != "invoice_paid":
            refusals.append(found)
    if not to_pay:
        return PaymentRun("", day, (), tuple(refusals))
    under = reference.strip() or office.numbers.next(f"{own_code(office)}-PAY")
    paid = []
    for row, payable in to_pay:
        done = _pay(office, row, payable, under, by, at)
        if isinstance(done, Refusal):
            return done
        paid.append(done)
    return PaymentRun(under, day, tuple(paid), tuple(refusals))


def objection_to(office: Office, payable: Payable, day: date) -> Refusal | None:
    """What stands against paying on a day, as far as the acting insurer knows."""
    account, stopped = account_of(office, payable.provider), suspension_of(office, payable.provider, office.me)
    return may_pay(payable, account, stopped, day)


def owed_for(office: Office, rows: Iterable[Row[Order]]) -> Iterator[tuple[Row[Order], Payable]]:
    """What the acting insurer owes for these orders: those that it leads, once they are settled."""
    for row in rows:
        payable = payable_of(office, row.object_id, row.record)
        if payable is not None and "lead" in office.objects.roles(row.object_id):
            yield row, payable


def _due(office: Office, day: date) -> tuple[Row[Order], ...]:
    owed = owed_for(office, office.orders.all())
    return tuple(row for row, of in owed if of.due_on <= day and of.state(day) is not PayableState.PAID)


def _named(office: Office, orders: Sequence[str]) -> tuple[Row[Order], ...] | Refusal:
    rows = []
    for number in dict.fromkeys(orders):
        row = office.orders.newest(number)
        if row is None or "lead" not in office.objects.roles(row.object_id):
            return not_visible(number)
        rows.append(row)
    return tuple(rows)


def _as_they_stand(office: Office, rows: Sequence[Row[Order]]) -> Iterator[Row[Order]]:
    """Read again under the lock: another run may have paid in the meantime."""
    newest = (office.orders.newest(row.number) for row in rows)
    return (row for row in newest if row is not None)


def _payable_now(office: Office, row: Row[Order], day: date) -> Payable | Refusal:
    payable = payable_of(office, row.object_id, row.record)
    return _not_owed(row.record) if payable is None else objection_to(office, payable, day) or payable


def _pay(office: Office, row: Row[Order], payable: Payable, reference: str, by: str, at: datetime) -> Payable | Refusal:
    account, me = account_of(office, payable.provider), office.directory.by_id(office.me)
    assert account is not None, "nothing is paid without an account"
    assert me is not None, "the acting organisation is on the platform"
    day, order = local_day(at), row.record
    bill = ServiceBill(order.number, payable.provider, payable.invoice, payable.amount_minor)
    voucher = Voucher(f"{order.number}:paid", day, at, order.number)
    if refused := enter(office, row.object_id, service_paid(me.code, bill, voucher)):
        return refused
    payment = InvoicePayment(payable.invoice, payable.amount_minor, day, reference, account, by, at)
    keep_order(office, row.object_id, replace(order, payment=payment), at)
    office.post.send(_letter(row.object_id, order.number, payment))
    return replace(payable, payment=payment)


def _letter(object_id: UUID, order: str, payment: InvoicePayment) -> Letter:
    amount, day, under = yuan(payment.amount_minor), payment.paid_on, payment.reference
    subject = Words(f"发票 {payment.invoice} 已付", f"Invoice {payment.invoice} is paid")
    text = Words(
        f"工单 {order}：{day} 付 {amount} 元，付款编号 {under}。",
        f"Order {order}: CNY {amount} paid on {day} under {under}.",
    )
    return Letter(object_id, "payment", "provider", subject, text, f"/order/{order}#payment", payment.at, order)


def _not_owed(order: Order) -> Refusal:
    return refuse(
        "invoice_not_owed",
        order.number,
        zh=f"工单 {order.number} 由“{order.charge.value}”承担、现为“{order.state.value}”，没有保险人应付的已结算发票；"
        "请先结算，或由被保险人自行支付。",
        en=f"Order {order.number} is borne as '{order.charge.value}' and is '{order.state.value}': the insurer owes no "
        "settled invoice for it; settle it first, or leave it to the insured.",
    )
