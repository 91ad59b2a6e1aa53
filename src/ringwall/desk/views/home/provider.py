"""The service provider: orders by the clock of their next step, and invoices that are due."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Refusal, Words, local_day, yuan
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.permissions import ENGINEER
from ringwall.desk.service.advance_order import INVOICED_IN
from ringwall.desk.service.rate_cards import card_of, payable_of
from ringwall.desk.service.scorecard_of import checked
from ringwall.desk.views.home.waiting import Waiting
from ringwall.desk.views.parts import Bar, Figure, all_known, insured_name
from ringwall.service import Order, OrderState, Service, SlaResult, sla_standing

PEOPLE = frozenset({ENGINEER})


STEPS = {
    OrderState.REQUESTED: Words("待同意", "consent is to come"),
    OrderState.CONSENTED: Words("接单", "accept it"),
    OrderState.ACCEPTED: Words("到场或交付", "go on site or deliver"),
    OrderState.ON_SITE: Words("交付", "deliver"),
    OrderState.SENT_BACK: Words("重做后再次交付", "do it again and deliver"),
}


def waiting(office: Office, now: datetime) -> tuple[Waiting, ...]:
    """Every order that is not delivered yet, and every accepted one that is not settled."""
    tasks = []
    for row in all_known(office.orders, now):
        service = office.catalogue.services.service(row.record.service)
        if isinstance(service, Refusal):
            continue
        if row.record.state in STEPS:
            tasks.append(_order(office, row, service, now))
        elif row.record.state in INVOICED_IN and row.record.invoice is None:
            tasks.append(_to_invoice(office, row, service, now))
        elif row.record.state is OrderState.REVERSED:
            tasks.append(_to_correct(office, row, service))
    return tuple(tasks)


def figures(office: Office, now: datetime) -> tuple[Figure, ...]:
    """How many orders, and how many of their clocks were kept."""
    rows = all_known(office.orders, now)
    orders = [row.record for row in rows]
    results = [result for order in orders for result in _results(office, order, now)]
    ended = [result for result in results if result in (SlaResult.MET, SlaResult.MISSED)]
    payables = (payable_of(office, row.object_id, row.record) for row in rows)
    owed = [payable for payable in payables if payable is not None]
    unpaid = sum(each.amount_minor for each in owed if each.payment is None)
    paid = sum(each.amount_minor for each in owed if each.payment is not None)
    return (
        Figure(Words("服务工单", "Orders"), len(orders), "count"),
        Figure(Words("时限内完成", "Clocks kept"), _of(ended.count(SlaResult.MET), len(ended))),
        Figure(Words("已结算未付（不含增值税）", "Settled, unpaid (without VAT)"), unpaid, "money", "/payables"),
        Figure(Words("已付", "Paid"), paid, "money", "/payables"),
    )


def _of(kept: int, all_of_them: int) -> str:
    return f"{kept} / {all_of_them}"


def _results(office: Office, order: Order, now: datetime) -> list[SlaResult]:
    service = office.catalogue.services.service(order.service)
    return [] if isinstance(service, Refusal) else [each.result for each in sla_standing(order, service, now)]


def _to_invoice(office: Office, row: Row[Order], service: Service, now: datetime) -> Waiting:
    """With what a person-day costs by the card: what comes of it hangs on the days worked."""
    order, insured = row.record, insured_name(office, row.object_id)
    card = card_of(office, row.object_id, order.provider, order.service, local_day(now))
    prices = [] if isinstance(card, Refusal) else list(card.price_minor.items())
    names = {} if isinstance(card, Refusal) else card.names
    words = [(names.get(grade, Words(grade, grade)), yuan(price)) for grade, price in prices]
    zh = "、".join(f"{name.zh} {price}" for name, price in words) or "无有效价目表"
    en = ", ".join(f"{name.en} {price}" for name, price in words) or "no card holds"
    return Waiting(
        "invoice_due",
        Words(f"为已验收工单 {order.number} 开票", f"Invoice the accepted order {order.number}"),
        Words(
            f"{service.name.zh} · {insured.zh} · 价目表（元/人天）：{zh}",
            f"{service.name.en} · {insured.en} · by the rate card, yuan a person-day: {en}",
        ),
        f"/order/{order.number}#invoice",
        Words("开票", "Send the invoice"),
        since=order.entries[-1].at,
    )


def _to_correct(office: Office, row: Row[Order], service: Service) -> Waiting:
    order, check = row.record, checked(office, row.object_id, row.record)
    return Waiting(
        "invoice_reversed",
        Words(f"工单 {order.number} 结算已冲销，请更正发票", f"Order {order.number}: settlement reversed, correct it"),
        Words(f"{service.name.zh} · {order.entries[-1].note}", f"{service.name.en} · {order.entries[-1].note}"),
        f"/order/{order.number}#invoice",
        Words("更正发票", "Correct the invoice"),
        since=order.entries[-1].at,
        amount_minor=check.by_rate_card_minor if check else None,
        amount_is=Words("按价目表", "by the rate card") if check else None,
    )


def _order(office: Office, row: Row[Order], service: Service, now: datetime) -> Waiting:
    order = row.record
    running = [each for each in sla_standing(order, service, now) if each.due_at and each.done_at is None]
    next_due = min(running, key=lambda each: each.due_at or now, default=None)
    started = order.reached_at(next_due.term.from_state) if next_due else None
    step, insured = STEPS[order.state], insured_name(office, row.object_id)
    return Waiting(
        f"order_{order.state.value}",
        Words(f"工单 {order.number}：{step.zh}", f"Order {order.number}: {step.en}"),
        Words(f"{service.name.zh} · {insured.zh}", f"{service.name.en} · {insured.en}"),
        f"/order/{order.number}",
        Words("打开工单", "Open the order"),
        Bar(started, next_due.due_at) if next_due and next_due.due_at and started else None,
        since=order.entries[-1].at,
    )
