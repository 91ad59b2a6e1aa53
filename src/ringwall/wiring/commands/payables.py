"""The command `payables`: what is owed to service providers, and the payment run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from ringwall.basics import Refusal, Words, yuan
from ringwall.desk.doors import Speaker
from ringwall.desk.front import Request
from ringwall.desk.settlement.pay_providers import PaymentRun, pay_providers
from ringwall.desk.views.service.payables import PayableLine, payables_page
from ringwall.service import Payable
from ringwall.shell.cli import Answer, Page, Parser, Refused, Tools, show
from ringwall.wiring.commands.acting import acting, add_person
from ringwall.wiring.house import House

COLUMNS = (
    Words("发票", "Invoice"),
    Words("工单", "Order"),
    Words("服务机构", "Provider"),
    Words("到期日", "Due on"),
    Words("应付（元，不含增值税）", "Owed (CNY, without VAT)"),
    Words("状态", "State"),
)
AMOUNT_AT = 4


class Payables:
    """The command `payables`: `list` and `pay`."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def add_arguments(self, parser: Parser) -> None:
        below = parser.commands(Words("操作", "what to do"), "what")
        listed = parser.command(below, "list", Words("已结算发票及其付款", "settled invoices and their payment"))
        add_person(listed)
        pay = parser.command(below, "pay", Words("支付到期发票", "pay what is due"))
        add_person(pay)
        some = Words("只付这些工单的发票；有一张不能付则都不付", "only these orders, all of them or none")
        pay.add(some, "--order", action="append", default=[], dest="orders", metavar="NUMBER")
        pay.add(Words("银行付款编号", "reference of the bank order"), "--reference", default="", metavar="TEXT")

    def run(self, arguments: Namespace, _: Tools) -> int:
        with acting(self._home, self._environment, arguments.person) as (house, speaker):
            return _pay(house, speaker, arguments) if arguments.what == "pay" else _list(house, speaker, arguments)


def _pay(house: House, speaker: Speaker, arguments: Namespace) -> int:
    """Started twice it pays once: what was paid is not due any more."""
    orders, reference, at = tuple(arguments.orders), arguments.reference, datetime.now(UTC)
    run = house.front.perform(
        Request(speaker, "pay_providers", f"pay:{uuid4()}", {"orders": list(orders), "reference": reference}),
        PaymentRun,
        lambda office: pay_providers(office, orders, reference=reference, by=speaker.display_name, at=at),
    )
    if isinstance(run, Refusal):
        raise Refused(run)
    told = {"kind": "payment_run", "reference": run.reference, "paid_on": run.paid_on, "paid": run.paid}
    return show(arguments, Answer(told, lambda page: _draw_run(page, run), run.refusals))


def _draw_run(page: Page, run: PaymentRun) -> None:
    page.title(Words(f"付款 {run.reference or '—'}", f"Payment run {run.reference or '—'}"))
    page.line(
        Words(
            f"{run.paid_on}：已付 {len(run.paid)} 张，共 {yuan(run.paid_minor)} 元",
            f"{run.paid_on}: {len(run.paid)} paid, CNY {yuan(run.paid_minor)} in all",
        )
    )
    _table(page, ((each, Words(f"已付 → {_to(each)}", f"paid → {_to(each)}")) for each in run.paid))


def _to(paid: Payable) -> str:
    return paid.payment.account.number if paid.payment else ""


def _list(house: House, speaker: Speaker, arguments: Namespace) -> int:
    now = datetime.now(UTC)
    view = house.front.ask(speaker, lambda office: payables_page(office, speaker, now))
    told = {"kind": "payables", "payables": [_document(line) for line in view.lines]}
    return show(
        arguments, Answer(told, lambda page: _table(page, ((each.payable, each.called) for each in view.lines)))
    )


def _document(line: PayableLine) -> dict[str, Any]:
    return {"payable": line.payable, "state": line.state, "objection": line.objection}


def _table(page: Page, lines: Iterable[tuple[Payable, Words]]) -> None:
    rows = [(of.invoice, of.order, of.provider, str(of.due_on), yuan(of.amount_minor), said) for of, said in lines]
    page.table(COLUMNS, rows, numbers=(AMOUNT_AT,))
