"""`model compare A B`: which numbers differ between two versions, and what that does to the reference portfolio."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ringwall.basics import Words
from ringwall.portfolio import BookAgain, ModelEffect, compile_book, effect_of_model, read_portfolio
from ringwall.price import FiledRates
from ringwall.risk import TERRITORIES, Difference, RiskModel, differences
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.models.named import add_model, model_of
from ringwall.shell.cli.page import Page, money
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.refused import no
from ringwall.shell.cli.shelf import load_product, load_programme, load_rates
from ringwall.shell.cli.tools import Tools

NAME = "compare"
HELP = Words(
    "比较两个模型版本：参数差异，及其对参照组合（开业业务组合）的影响\n\n"
    "示例：ringwall model compare 2026-01 drafts/2026-02",
    "compare two versions: numbers that differ, and the effect on the reference portfolio (the opening book)\n\n"
    "Example: ringwall model compare 2026-01 drafts/2026-02",
)
DEFAULT_YEARS, MOST_YEARS, SEED = 2_000, 100_000, 1


def add_arguments(parser: Parser) -> None:
    add_model(parser, "before", needed=True)
    add_model(parser, "after", needed=True)
    years = Words(f"模拟年数，默认 {DEFAULT_YEARS}", f"years to simulate, by default {DEFAULT_YEARS}")
    parser.add(years, "--years", type=int, default=DEFAULT_YEARS, metavar="N")


def run(arguments: Namespace, tools: Tools) -> int:
    if not 200 <= arguments.years <= MOST_YEARS:
        raise no(
            "option_wrong",
            "--years",
            zh=f"{arguments.years} 不在 200 至 {MOST_YEARS} 之间；请更正。",
            en=f"{arguments.years} is not between 200 and {MOST_YEARS}; correct it.",
        )
    before, after = (model_of(named, tools) for named in (arguments.before, arguments.after))
    found = differences(before, after)
    old, new = effects(tools, before, after, arguments.years)
    document = {
        "kind": "model_comparison",
        "before": {"version": before.version, "sha256": before.sha256},
        "after": {"version": after.version, "sha256": after.sha256},
        "numbers": [_difference(each) for each in found],
        "portfolio": {"years": arguments.years, "seed": SEED, "before": old, "after": new},
    }
    return show(arguments, Answer(document, lambda page: draw(page, (before, after), found, (old, new))))


def effects(tools: Tools, before: RiskModel, after: RiskModel, years: int) -> tuple[ModelEffect, ModelEffect]:
    """The reference portfolio under both versions: the same seed, so that what differs is the model."""
    held, rates = reference_portfolio(tools, before, years)
    programme = load_programme(tools)
    old, new = (
        effect_of_model(replace(held, model=model), programme, rates, loops=tools.loops) for model in (before, after)
    )
    return old, new


def reference_portfolio(
    tools: Tools, model: RiskModel, years: int
) -> tuple[BookAgain, Mapping[tuple[str, str], FiledRates]]:
    """The opening book with its terms and rates; only the product versions that stand in it are read."""
    policies = read_portfolio(tools.catalogue("book")["opening.csv"]).rows
    versions = sorted({(policy.product, policy.product_version) for policy in policies})
    products = {version: load_product(tools, "/".join(version)) for version in versions}
    terms = compile_book(policies, products).terms
    held = tuple(sorted((p for p in policies if p.number in terms), key=lambda policy: policy.number))
    rates = {version: load_rates(tools, product) for version, product in products.items()}
    return BookAgain(held, terms, model, years, SEED, None, {}, ()), rates


def _difference(each: Difference) -> dict[str, Any]:
    return {
        "name": each.name,
        "territory": each.territory,
        "before": each.before,
        "after": each.after,
        "ratio": each.ratio,
    }


def draw(
    page: Page,
    models: tuple[RiskModel, RiskModel],
    found: tuple[Difference, ...],
    effects: tuple[ModelEffect, ModelEffect],
) -> None:
    before, after = models
    page.title(Words(f"模型 {before.version} 与 {after.version}", f"Model {before.version} and {after.version}"))
    page.heading(Words(f"不同的参数：{len(found)} 个", f"Numbers that differ: {len(found)}"))
    heads = (
        Words("参数", "Number"),
        Words("之前", "Before"),
        Words("之后", "After"),
        Words("比值", "Ratio"),
        Words("等级", "Grade"),
    )
    page.table(heads, [_row(page, each) for each in found], numbers=(1, 2, 3))
    policies = effects[0].policies
    text = f"参照组合（{policies} 张保单，每年）", f"The reference portfolio ({policies} policies, a year)"
    draw_effects(page, Words(*text), *effects)


def draw_effects(page: Page, heading: Words, before: ModelEffect, after: ModelEffect) -> None:
    """A book under two versions: technical premium, mean and tail, gross and net, and the mean by cause."""
    page.heading(heading)
    lines: list[tuple[str | Words, int, int]] = [
        (Words("技术保费", "Technical premium"), before.technical_minor, after.technical_minor),
        (Words("年均损失（AAL），再保前", "AAL, gross"), before.gross.aal_minor, after.gross.aal_minor),
        (Words("TVaR 99 %，再保前", "TVaR 99 %, gross"), before.gross.tvar99_minor, after.gross.tvar99_minor),
        (Words("年均损失（AAL），再保后", "AAL, net"), before.net.aal_minor, after.net.aal_minor),
        (Words("TVaR 99 %，再保后", "TVaR 99 %, net"), before.net.tvar99_minor, after.net.tvar99_minor),
        *((cause, amount, after.by_cause.get(cause, 0)) for cause, amount in before.by_cause.items()),
    ]
    rows = [(name, money(a), money(b), f"{b / a - 1:+.1%}" if a else "–") for name, a, b in lines]
    columns = (Words("指标", "Measure"), before.version, after.version, Words("变动", "Change"))
    page.table(columns, rows, numbers=(1, 2, 3))


def _row(page: Page, each: Difference) -> tuple[str, ...]:
    old, new = (f"{p.value:.4g}" if p else "–" for p in (each.before, each.after))
    grades = " → ".join(str(p.grade) if p else "–" for p in (each.before, each.after))
    ratio = f"{each.ratio:.3f}" if each.ratio is not None else "–"
    return f"{each.name} {page.word(TERRITORIES[each.territory])}", old, new, ratio, grades
