"""`price`: one risk from a file, with its waterfall and what each fix would save."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal, Words
from ringwall.evidence import Standing
from ringwall.price import Fix, Offer, PricedRisk, PricingBasis, all_fixed, fixes, prepare, price_risk
from ringwall.product import Product, Schedule, compile_schedule, make_schedule
from ringwall.risk import relief_steps
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.commands.settle import pairs
from ringwall.shell.cli.files.event import read_choices
from ringwall.shell.cli.files.risk import RiskFile, Shelf, read_risk
from ringwall.shell.cli.page import Page, money
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.reading import read_document
from ringwall.shell.cli.refused import good
from ringwall.shell.cli.shelf import (
    DEFAULT_PRODUCT,
    load_controls,
    load_model,
    load_product,
    load_questionnaire,
    load_rates,
    load_rules,
)
from ringwall.shell.cli.tools import Tools

STANDINGS = {
    Standing.HELD: Words("有效", "held"),
    Standing.BROKEN: Words("失效", "broken"),
    Standing.UNKNOWN: Words("未知", "unknown"),
}


@dataclass(frozen=True, slots=True)
class Priced:
    """The risk, its price or the reason why it has none, and what mending would do."""

    risk: RiskFile
    product: Product
    schedule: Schedule
    price: PricedRisk | Refusal
    fixes: tuple[Fix, ...]
    all_fixed: tuple[int | None, Fraction]


def add_arguments(parser: Parser) -> None:
    parser.add(Words("风险文件（YAML 或 JSON）", "the risk (YAML or JSON)"), "risk", type=Path, metavar="RISK")
    parser.add(
        Words("加入 scan --json 输出中的发现项", "add the findings of a file that scan --json printed"),
        "--scan",
        type=Path,
        metavar="SCAN.json",
    )
    parser.add(
        Words(f"产品版本，默认 {DEFAULT_PRODUCT}", f"product version, by default {DEFAULT_PRODUCT}"),
        "--product",
        metavar="CODE/VERSION",
    )
    parser.add(
        Words("明细表的选择，例如 event_limit=500000000", "choices of the schedule, such as event_limit=500000000"),
        "--schedule",
        action="append",
        metavar="NAME=VALUE,...",
    )


def run(arguments: Namespace, tools: Tools) -> int:
    where = str(arguments.risk)
    shelf = Shelf(load_questionnaire(tools), load_controls(tools), load_rules(tools))
    scan = (str(arguments.scan), read_document(arguments.scan)) if arguments.scan else None
    risk = read_risk(where, read_document(arguments.risk), shelf, tools.now(), scan)
    product = load_product(tools, arguments.product or risk.product or DEFAULT_PRODUCT)
    chosen = {**risk.schedule, **pairs("--schedule", arguments.schedule)}
    schedule = good(make_schedule(product, read_choices(product, chosen, f"{where}: schedule")))
    priced = price_file(tools, risk, product, schedule)
    no = (priced.price,) if isinstance(priced.price, Refusal) else ()
    answer = Answer(document(priced), lambda page: draw(page, priced), no, refused=bool(no))
    return show(arguments, answer)


def price_file(tools: Tools, risk: RiskFile, product: Product, schedule: Schedule) -> Priced:
    terms = good(compile_schedule(product, schedule))
    default = good(compile_schedule(product, good(make_schedule(product, {}))))
    offer = Offer(product.code, product.version, terms, default)
    basis: PricingBasis = good(prepare(load_model(tools), load_rates(tools, product), offer, risk.organisation))
    steps = relief_steps(basis.model, risk.standings, risk.findings)
    return Priced(
        risk,
        product,
        schedule,
        price_risk(basis, steps),
        fixes(basis, risk.standings, risk.findings),
        all_fixed(basis, risk.standings, risk.findings),
    )


def document(priced: Priced) -> dict[str, Any]:
    """Amounts are fen a year; factors are exact fractions."""
    risk, price = priced.risk, priced.price
    found: dict[str, Any] = {
        "kind": "price",
        "at": risk.at,
        "insured": risk.organisation.name,
        "product": {"code": priced.product.code, "version": priced.product.version, "sha256": priced.product.sha256},
        "schedule": {name: priced.schedule.values[name] for name in sorted(priced.schedule.chosen)},
        "controls": risk.standings,
        "contradictions": risk.contradictions,
        "findings": [
            {"check": f.check, "locator": f.locator, "severity": f.severity.name.lower(), "may_price": f.may_price}
            for f in risk.findings
        ],
        "fixes": [_fix(fix) for fix in priced.fixes],
        "all_fixed": {"gross_minor": priced.all_fixed[0], "rate_factor": priced.all_fixed[1]},
    }
    if isinstance(price, Refusal):
        return found
    return {
        **found,
        "origin": price.origin,
        "frequency_a_year": price.frequency,
        "technical_net_minor": price.technical_net_minor,
        "base_net_minor": price.base_net_minor,
        "rate_factor": price.rate_factor,
        "net_minor": price.net_minor,
        "vat_minor": price.vat_minor,
        "gross_minor": price.gross_minor,
        "waterfall": price.waterfall.steps,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "code": fix.code,
        "kind": fix.kind,
        "label": fix.label,
        "was": fix.was,
        "next_step": fix.next_step,
        "gross_before_minor": fix.premium_before_minor,
        "gross_after_minor": fix.premium_after_minor,
        "effect_minor": fix.effect_minor,
        "factor_after": fix.factor_after,
    }


def draw(page: Page, priced: Priced) -> None:
    risk, price, product = priced.risk, priced.price, priced.product
    name = risk.organisation.name
    page.title(
        Words(f"{name.zh} · {product.title.zh} {product.version}", f"{name.en} · {product.title.en} {product.version}")
    )
    if not isinstance(price, Refusal):
        rows = [
            (Words("技术保费（不含税）", "Technical premium, net"), money(price.technical_net_minor)),
            (Words("费率系数", "Rate factor"), f"{float(price.rate_factor):.3f}"),
            (Words("不含税保险费", "Net premium"), money(price.net_minor)),
            (Words("增值税", "VAT"), money(price.vat_minor)),
            (Words("含税保险费", "Gross premium"), money(price.gross_minor)),
        ]
        page.table((Words("一年", "A year"), Words("金额", "Amount")), rows, numbers=(1,))
        draw_waterfall(page, price)
    draw_fixes(page, priced)
    draw_controls(page, risk)
    if not isinstance(price, Refusal):
        made = price.origin
        filed = f"{made.rates} ({made.filing})"
        zh = f"模型 {made.model}，费率 {filed}，种子 {made.seed}，抽样 {made.draws} 次"
        en = f"model {made.model}, rates {filed}, seed {made.seed}, {made.draws} draws"
        page.line(Words(zh, en), "dim")


def draw_waterfall(page: Page, price: PricedRisk) -> None:
    page.heading(Words("保费瀑布", "Premium waterfall"))
    columns = (Words("项目", "Step"), Words("增减", "Change"), Words("至此", "Level"), Words("原因", "Because"))
    rows = [(s.label, money(s.amount_minor), money(s.level_minor), s.because) for s in price.waterfall.steps]
    page.table(columns, rows, numbers=(1, 2))


def draw_fixes(page: Page, priced: Priced) -> None:
    page.heading(Words("整改清单", "Fix list"))
    columns = (
        Words("项目", "Item"),
        Words("现状", "Now"),
        Words("整改后含税保费", "Gross premium after"),
        Words("变化", "Effect"),
        Words("怎么做", "Next step"),
    )
    rows = [
        (fix.label, _was(fix.was), money(fix.premium_after_minor), money(fix.effect_minor), fix.next_step)
        for fix in priced.fixes
    ]
    page.table(columns, rows, numbers=(2, 3))
    after, factor = priced.all_fixed
    page.line(
        Words(
            f"全部整改后：{money(after)}（系数 {float(factor):.3f}）",
            f"with everything mended: {money(after)} (factor {float(factor):.3f})",
        )
    )


def _was(word: str) -> Words:
    return STANDINGS[Standing(word)] if word in list(Standing) else Words("未整改", "open")


def draw_controls(page: Page, risk: RiskFile) -> None:
    page.heading(Words("控制措施", "Controls"))
    columns = (Words("控制措施", "Control"), Words("状态", "Standing"), Words("依据", "Because"))
    page.table(columns, [(s.control, STANDINGS[s.standing], s.because) for s in risk.standings])
    for clash in risk.contradictions:
        page.line(clash.message, "yellow")
