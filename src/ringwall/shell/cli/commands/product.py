"""`product`: check and show here; new, diff, backtest, pack and booklet in the family of product commands."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringwall.basics import SHANGHAI, Refusal, Words, refuse
from ringwall.product import (
    CheckedExample,
    MutationReport,
    Parameter,
    Product,
    ProductReport,
    Proof,
    check_product,
    mutation_report,
    prove_product,
)
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.page import Page, money
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.family import BELOW
from ringwall.shell.cli.products.named import add_product, product_of, texts_of
from ringwall.shell.cli.shelf import further_examples
from ringwall.shell.cli.tools import Tools
from ringwall.terms import Bounds

CHECK = Words("检查一个文件夹，或目录中的产品版本", "check a folder, or a product version of the catalogue")
SHOW = Words("显示条款与编号、参数与来源", "show clauses with their numbers, parameters with their source")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, what is proved, and what the examples notice; None where nothing could be read."""

    report: ProductReport
    proof: Proof | None
    mutation: MutationReport | None


def add_arguments(parser: Parser) -> None:
    below = parser.commands(Words("子命令", "commands"), "part")
    check = parser.command(below, "check", CHECK)
    add_product(check, "folder")
    quick = Words("不计算改动得分", "leave out the mutation score")
    check.add(quick, "--quick", action="store_true")
    add_product(parser.command(below, "show", SHOW))
    for command in BELOW:
        command.add_arguments(parser.command(below, command.NAME, command.HELP))


def run(arguments: Namespace, tools: Tools) -> int:
    runs = {"check": run_check, "show": run_show, **{command.NAME: command.run for command in BELOW}}
    return runs[arguments.part](arguments, tools)


def run_check(arguments: Namespace, tools: Tools) -> int:
    named = arguments.folder
    report = check_product(texts_of(named, tools), further_examples(tools, named))
    found = Checked(
        report,
        prove_product(report.product) if report.product else None,
        mutation_report(report.product) if report.product and not arguments.quick else None,
    )
    refusals = (*report.refusals, *(_broken(e) for e in report.examples if e.differences))
    answer = Answer(
        check_document(named, found),
        lambda page: draw_check(page, named, found),
        refusals,
        refused=not report.good,
    )
    return show(arguments, answer)


def _broken(example: CheckedExample) -> Refusal:
    found = "; ".join(example.differences)
    return refuse(
        "example_differs",
        example.place,
        zh=f"示例「{example.name.zh}」与条款计算不符：{found}；请更正示例或条款。",
        en=f"The example “{example.name.en}” and the terms disagree: {found}; correct one of them.",
    )


def check_document(named: str, found: Checked) -> dict[str, Any]:
    report = found.report
    product = report.product
    return {
        "kind": "product_check",
        "product": named
        if product is None
        else {"code": product.code, "version": product.version, "sha256": product.sha256},
        "good": report.good,
        "examples": report.examples,
        "coverage": report.coverage,
        "silent": report.silent,
        "proof": found.proof,
        "mutation": found.mutation,
    }


def draw_check(page: Page, named: str, found: Checked) -> None:
    report = found.report
    product = report.product
    if product is None:
        page.title(Words(f"{named}：无法解析", f"{named}: cannot be parsed"))
        return
    page.title(
        Words(
            f"{product.title.zh} {product.code} {product.version}：{'通过' if report.good else '未通过'}",
            f"{product.title.en} {product.code} {product.version}: {'good' if report.good else 'not good'}",
        )
    )
    page.line(f"SHA-256 {product.sha256}", "dim")
    held = sum(not example.differences for example in report.examples)
    clauses, numbers, examples = len(product.clauses), len(product.parameters), len(report.examples)
    spoken = clauses - len(report.silent)
    page.line(
        Words(
            f"条款 {clauses} 条，参数 {numbers} 个；示例 {held}/{examples} 相符；示例触及 {spoken}/{clauses} 条条款",
            f"{clauses} clauses, {numbers} parameters; {held} of {examples} examples hold and reach {spoken} clauses",
        )
    )
    if report.silent:
        silent = ", ".join(report.silent)
        page.line(Words(f"没有示例触及：{silent}", f"reached by no example: {silent}"), "yellow")
    draw_proof(page, found)
    rows = [("✓" if not e.differences else "✗", e.name, e.place) for e in report.examples]
    page.table(("", Words("示例", "Example"), Words("位置", "Place")), rows)


def draw_proof(page: Page, found: Checked) -> None:
    if found.proof:
        for theorem in found.proof.theorems:
            page.line(theorem.says, "" if theorem.proved else "red")
    if found.proof and found.proof.bounds:
        draw_bounds(page, found.proof.bounds)
    if found.mutation:
        seen, tried = found.mutation.noticed, found.mutation.tried
        share = f"{seen}/{tried} = {100 * seen / max(tried, 1):.1f} %"
        page.line(Words(f"故意改动被示例发现 {share}", f"deliberate wrongs noticed by the examples: {share}"))
        for each in found.mutation.survivors:
            page.line(
                Words(f"  未被发现：{each.clause} {each.says.zh}", f"  not noticed: {each.clause} {each.says.en}"),
                "dim",
            )


def draw_bounds(page: Page, most: Bounds) -> None:
    """The most that an event is paid, part by part, and what has no effect."""
    parts = "，".join(f"{code} {money(amount)}" for code, amount in most.parts.items())
    contract = money(most.contract_minor)
    page.line(
        Words(
            f"每次事件合同赔款最多 {contract}；各责任项：{parts}",
            f"at most {contract} an event under the contract; by part: {parts.replace('，', ', ')}",
        )
    )
    for clauses, zh, en in (
        (most.idle, "永不起作用的限额或免赔额", "limits or deductibles without effect"),
        (tuple(each.clause for each in most.same), "结果恒定的步骤", "steps with one value in every case"),
        (most.unreachable, "任何情形都不及的条款", "clauses that no case reaches"),
    ):
        if clauses:
            named = ", ".join(dict.fromkeys(clauses))
            page.line(Words(f"{zh}：{named}", f"{en}: {named}"), "yellow")


def run_show(arguments: Namespace, tools: Tools) -> int:
    product = product_of(arguments.product, tools)
    return show(arguments, Answer(show_document(product), lambda page: draw_product(page, product)))


def show_document(product: Product) -> dict[str, Any]:
    return {
        "kind": "product",
        "code": product.code,
        "version": product.version,
        "title": product.title,
        "currency": product.currency,
        "sha256": product.sha256,
        "filing": product.filing,
        "parts": product.parts,
        "clauses": product.clauses,
        "parameters": list(product.parameters.values()),
    }


def draw_product(page: Page, product: Product) -> None:
    filing = product.filing
    page.title(
        Words(
            f"{product.title.zh} {product.code} {product.version}",
            f"{product.title.en} {product.code} {product.version}",
        )
    )
    page.line(
        Words(
            f"备案 {filing.number}（{filing.status}），可售 {filing.valid_from} 至 {filing.valid_until}（不含）",
            f"filing {filing.number} ({filing.status}), on sale from {filing.valid_from} until, not including, "
            f"{filing.valid_until}",
        )
    )
    page.heading(
        Words(
            "条款（◆ 免除或减轻保险人责任，须作提示与明确说明）",
            "Clauses (◆ takes something away and has to be explained)",
        )
    )
    columns = (Words("条款", "Clause"), "", Words("标题", "Heading"), Words("正文", "Text"))
    page.table(columns, [(c.number, "◆" if c.takes_away else "", c.heading, c.text) for c in product.clauses])
    page.heading(Words("参数", "Parameters"))
    heads = (
        Words("参数", "Parameter"),
        Words("含义", "Meaning"),
        Words("取值", "Value"),
        Words("可选", "Choice"),
        Words("日期", "Date"),
        Words("来源", "Source"),
    )
    rows = [
        (p.name, p.words, value_of(page, p, p.value), choice_of(page, p), str(p.since), p.source)
        for p in product.parameters.values()
    ]
    page.table(heads, rows, numbers=(2,))


def value_of(page: Page, parameter: Parameter, value: int) -> str:
    match parameter.unit:
        case "minor":
            return money(value)
        case "instant":
            return datetime.fromtimestamp(value, SHANGHAI).isoformat(timespec="minutes")
        case "code" if parameter.choices:
            return f"{value} {page.word(parameter.choices[value])}"
        case "per_ten_thousand":
            return f"{value} ‱"
    return f"{value} {page.word(UNITS.get(parameter.unit, Words(parameter.unit, parameter.unit)))}"


UNITS = {"hour": Words("小时", "h"), "day": Words("日", "d"), "count": Words("次", "times")}


def choice_of(page: Page, parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(f"{code} {page.word(words)}" for code, words in parameter.choices.items())
    if parameter.free:
        return page.word(Words("自由填写", "free"))
    if parameter.low is None and parameter.high is None:
        return page.word(Words("固定", "fixed"))
    low, high = (
        value_of(page, parameter, each) if each is not None else "" for each in (parameter.low, parameter.high)
    )
    return f"{low} – {high}"
