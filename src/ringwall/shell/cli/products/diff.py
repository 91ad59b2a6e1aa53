"""`product diff A B`: what another edition changes, and what a policyholder gains or loses by it."""

from __future__ import annotations

from argparse import Namespace

from ringwall.basics import Words
from ringwall.product import Change, ProductDifference, Side, product_difference
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.page import Page, money, span
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.named import add_product, product_of
from ringwall.shell.cli.tools import Tools

NAME = "diff"
HELP = Words(
    "比较两个版本：条款、数额、效果，以及投保人的得失\n\n"
    "示例：ringwall product diff enterprise-cyber/2026-01 enterprise-cyber/2026-07",
    "compare two editions: clauses, numbers, effects, and what a policyholder gains or loses\n\n"
    "Example: ringwall product diff enterprise-cyber/2026-01 enterprise-cyber/2026-07",
)
CHANGES = {
    Change.ADDED: Words("新增", "added"),
    Change.REMOVED: Words("删去", "removed"),
    Change.REWORDED: Words("改写文字", "reworded"),
    Change.ACTS_OTHERWISE: Words("作用改变", "acts otherwise"),
}
SIDES = {
    Side.GAINS: Words("有利", "gains"),
    Side.LOSES: Words("不利", "loses"),
    Side.OPEN: Words("视情况", "depends"),
}
FOR_WHOM = Words("对投保人", "For the policyholder")


def add_arguments(parser: Parser) -> None:
    add_product(parser, "before", needed=True)
    add_product(parser, "after", needed=True)


def run(arguments: Namespace, tools: Tools) -> int:
    found = product_difference(product_of(arguments.before, tools), product_of(arguments.after, tools))
    document = {
        "kind": "product_diff",
        "before": found.before,
        "after": found.after,
        "clauses": found.clauses,
        "numbers": found.numbers,
        "examples": [
            {"name": e.name, "place": e.place, "before": e.before, "after": e.after, "side": e.side}
            for e in found.examples
        ],
    }
    return show(arguments, Answer(document, lambda page: draw(page, found), found.unsettled))


def draw(page: Page, found: ProductDifference) -> None:
    page.title(f"{found.before} → {found.after}")
    if found.nothing:
        page.line(Words("条款与数额相同", "clauses and numbers are the same"))
    if found.clauses:
        page.heading(Words("条款", "Clauses"))
        heads = (Words("条款", "Clause"), Words("变化", "Change"), FOR_WHOM, Words("标题", "Heading"))
        page.table(heads, [(c.number, CHANGES[c.change], SIDES[c.side], c.heading) for c in found.clauses])
    if found.numbers:
        page.heading(Words("数额", "Numbers"))
        columns = (Words("含义", "Meaning"), Words("原", "Before"), Words("新", "After"), FOR_WHOM)
        rows = [(n.words, _amount(n.before, n.unit), _amount(n.after, n.unit), SIDES[n.side]) for n in found.numbers]
        page.table(columns, rows, numbers=(1, 2))
    if found.examples:
        page.heading(Words("算例在两个版本下的赔款", "What the worked examples are paid under either edition"))
        heads = (Words("算例", "Example"), Words("原", "Before"), Words("新", "After"), FOR_WHOM)
        page.table(heads, [(e.name, span(e.before), span(e.after), SIDES[e.side]) for e in found.examples], (1, 2))


def _amount(value: int | None, unit: str) -> str:
    return "—" if value is None else money(value) if unit == "minor" else f"{value} {unit}"
