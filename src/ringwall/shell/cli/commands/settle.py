"""`settle`: one loss event under one product version and schedule; three numbers, each with its parts and its trace."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rich.text import Text
from rich.tree import Tree

from ringwall.basics import Words
from ringwall.product import Product
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.files.event import EventFile, read_event
from ringwall.shell.cli.files.explained import draw_explained, explained, explained_document
from ringwall.shell.cli.files.settlement import Settled, settle_file, settlement_document
from ringwall.shell.cli.page import Page, money, span
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.reading import read_document
from ringwall.shell.cli.refused import no
from ringwall.shell.cli.shelf import DEFAULT_PRODUCT, load_product
from ringwall.shell.cli.tools import Tools
from ringwall.terms import ItemOutcome, Outcome, TraceNode, Verdict

SECONDS = "（秒）"
"""How the words of a step end whose value is a time and not an amount."""
VERDICTS = {
    Verdict.COVERED: Words("承保", "covered"),
    Verdict.LIMITED: Words("限制承保", "limited"),
    Verdict.CONDITIONAL: Words("附条件承保", "conditional"),
    Verdict.EXCLUDED: Words("除外", "excluded"),
    Verdict.NOMINAL_ONLY: Words("仅列名，不予支付", "named, not paid"),
    Verdict.UNMAPPED: Words("无责任项对应", "not insured"),
    Verdict.UNKNOWN: Words("待认定", "unknown until ruled"),
}


def add_arguments(parser: Parser) -> None:
    parser.add(Words("事件文件（YAML 或 JSON）", "the event (YAML or JSON)"), "event", type=Path, metavar="EVENT")
    parser.add(
        Words(f"产品版本，默认 {DEFAULT_PRODUCT}", f"product version, by default {DEFAULT_PRODUCT}"),
        "--product",
        metavar="CODE/VERSION",
    )
    parser.add(
        Words("改用此文件夹中的产品版本", "use the product version in this folder"),
        "--product-folder",
        type=Path,
        metavar="DIR",
    )
    parser.add(
        Words("明细表的选择，例如 event_limit=120000000", "choices of the schedule, such as event_limit=120000000"),
        "--schedule",
        action="append",
        metavar="NAME=VALUE,...",
    )
    parser.add(
        Words("期间状态，例如 aggregate_used=120000000", "state of the period, such as aggregate_used=120000000"),
        "--state",
        action="append",
        metavar="NAME=VALUE,...",
    )
    parser.add(
        Words("未作说明因而不生效的条款", "clauses that are void because nobody explained them"),
        "--void",
        action="append",
        metavar="CLAUSE,...",
    )
    parser.add(Words("显示计算过程（树）", "show how it was reckoned, as a tree"), "--trace", action="store_true")
    plain = Words(
        "用平常的话解释，并说明怎样的事实会改变结果", "explain it in plain words, with what would have changed it"
    )
    parser.add(plain, "--explain", action="store_true")


def run(arguments: Namespace, tools: Tools) -> int:
    file = with_options(read_event(str(arguments.event), read_document(arguments.event)), arguments)
    product = load_product(tools, arguments.product or file.product or DEFAULT_PRODUCT, arguments.product_folder)
    settled = settle_file(product, file, str(arguments.event))
    document = settlement_document(settled, trace=arguments.trace)
    told = explained(settled) if arguments.explain else None
    if told:
        document["explanation"] = explained_document(told)

    def page_of(page: Page) -> None:
        draw(page, settled, trace=arguments.trace)
        if told:
            draw_explained(page, told)

    return show(arguments, Answer(document, page_of))


def with_options(file: EventFile, arguments: Namespace) -> EventFile:
    """What the command line says goes before what the file says."""
    return EventFile(
        file.event,
        file.product,
        {**file.schedule, **pairs("--schedule", arguments.schedule)},
        {**file.state, **pairs("--state", arguments.state)},
        tuple(
            dict.fromkeys((*file.void, *(part.strip() for word in arguments.void or () for part in word.split(","))))
        ),
    )


def pairs(option: str, words: list[str] | None) -> dict[str, str]:
    found = {}
    for part in (part for word in words or () for part in word.split(",")):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not (name and equals and value):
            raise no(
                "option_wrong",
                option,
                zh=f"「{part}」应写成 名称=值，多个用逗号分开。",
                en=f"“{part}” should be name=value, several with commas between.",
            )
        found[name] = value
    return found


def draw(page: Page, settled: Settled, *, trace: bool) -> None:
    outcome, product = settled.outcome, settled.product
    page.title(
        Words(f"{product.title.zh} {product.version} · 理算", f"{product.title.en} {product.version} · settlement")
    )
    rows = [
        (Words("事实损失", "Factual loss"), money(outcome.factual_minor)),
        (Words("承保范围内损失", "Loss within cover"), span(outcome.within_cover)),
        (Words("应付赔款", "Payable"), span(outcome.payable)),
        (Words("　其中：合同项下", "  of which under the contract"), span(outcome.contract)),
        (Words("　其中：法定费用", "  of which costs by law"), span(outcome.statutory)),
    ]
    page.table((Words("三个数", "Three numbers"), Words("金额", "Amount")), rows, numbers=(1,))
    draw_items(page, settled)
    draw_parts(page, product, outcome)
    draw_open(page, outcome)
    for name, after in outcome.state_after.items():
        before = outcome.state_before.get(name, 0)
        page.line(
            Words(
                f"期间状态 {name}：{money(before)} → {money(after)}", f"State {name}: {money(before)} → {money(after)}"
            )
        )
    if trace:
        page.heading(Words("计算过程", "How it was reckoned"))
        page.tree(tree(page, outcome))


def draw_items(page: Page, settled: Settled) -> None:
    page.heading(Words("损失项", "Loss items"))
    columns = (
        Words("损失项", "Item"),
        Words("责任项", "Part"),
        Words("结论", "Verdict"),
        Words("条款", "Clause"),
        Words("事实损失", "Factual loss"),
        Words("范围内", "Within cover"),
    )
    rows = [
        (
            item.name,
            item.part,
            VERDICTS[item.verdict],
            item.clause or "—",
            money(item.factual_minor),
            span(item.within_cover),
        )
        for item in settled.outcome.items
    ]
    page.table(columns, rows, numbers=(4, 5))
    for item in settled.outcome.items:
        if item.covered_if:
            page.line(covered_if(item))


def covered_if(item: ItemOutcome) -> Words:
    """What would change the answer: a fact, or a clause that would then not work."""
    facts = [change for change in item.covered_if if "=" in change]
    clauses = [change for change in item.covered_if if "=" not in change]
    zh = [*facts, *(f"第 {clause} 条不生效" for clause in clauses)]
    en = [*facts, *(f"clause {clause} were void" for clause in clauses)]
    return Words(
        f"· {item.name}：若 {'，或 '.join(zh)}，则承保", f"· {item.name} would be covered if {', or if '.join(en)}"
    )


def draw_parts(page: Page, product: Product, outcome: Outcome) -> None:
    page.heading(Words("责任项", "Coverage parts"))
    names = {part.code: part.name for part in product.parts}
    rows = [
        (
            part.part,
            names.get(part.part, "—"),
            money(part.factual_minor),
            span(part.within_cover),
            span(part.payable),
        )
        for part in outcome.parts
    ]
    columns = (
        Words("代码", "Code"),
        Words("责任项", "Part"),
        Words("事实损失", "Factual loss"),
        Words("范围内", "Within cover"),
        Words("应付", "Payable"),
    )
    page.table(columns, rows, numbers=(2, 3, 4))


def draw_open(page: Page, outcome: Outcome) -> None:
    if not outcome.open_points:
        return
    page.heading(Words("待定事项（各自落定时增加的应付金额）", "Open points, and what each would add"))
    columns = (Words("损失项", "Item"), Words("条款", "Clause"), Words("待定事实", "Open fact"), Words("增加", "Adds"))
    rows = [(point.item, point.clause, point.fact, money(point.adds_minor)) for point in outcome.open_points]
    page.table(columns, rows, numbers=(3,))


def tree(page: Page, outcome: Outcome) -> Tree:
    """The steps from the payment back to the invoices; parts in which nothing happened are left out."""
    drawn = Tree(_label(page, outcome.trace), guide_style="dim")
    waiting = [(drawn, outcome.trace)]
    while waiting:
        branch, step = waiting.pop()
        waiting += [(branch.add(_label(page, below)), below) for below in step.inputs if _tells(below)]
    return drawn


def _tells(node: TraceNode) -> bool:
    return node.value != 0 or _holds_item(node)


def _holds_item(node: TraceNode) -> bool:
    """What was done with an item is its verdict."""
    return node.operation in set(Verdict) or any(_holds_item(below) for below in node.inputs)


def _label(page: Page, node: TraceNode) -> Text:
    value = f"{node.value:,} s" if node.text.zh.endswith(SECONDS) else money(node.value)
    parts: list[tuple[str, str]] = [(page.word(node.text), ""), (f"  {value}", "bold")]
    if node.clause:
        parts.append((f"  [{node.clause}]", "cyan"))
    for read in node.parameters:
        amount = money(read.value) if read.unit == "minor" else f"{read.value} {read.unit}"
        parts.append((f"  {read.name} = {amount} ({read.source})", "dim"))
    if node.tried:
        parts.append(
            (page.word(Words(f"  未起作用：{', '.join(node.tried)}", f"  tried: {', '.join(node.tried)}")), "dim")
        )
    return Text.assemble(*parts)
