"""`model compare A B`: which numbers differ between two versions, and what that does to the reference portfolio."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringwall.basics import Words
from ringwall.portfolio import BookPolicy, Measures, by_cause, compile_book, gross_view, read_portfolio, simulate_book
from ringwall.risk import TERRITORIES, Difference, RiskModel, differences
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.models.named import add_model, model_of
from ringwall.shell.cli.page import Page, money
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.refused import no
from ringwall.shell.cli.shelf import load_product
from ringwall.shell.cli.tools import Tools
from ringwall.terms import CompiledTerms

NAME = "compare"
HELP = Words(
    "比较两个模型版本：参数差异，及其对参照组合（开业业务组合）的影响\n\n"
    "示例：ringwall model compare 2026-01 drafts/2026-02",
    "compare two versions: numbers that differ, and the effect on the reference portfolio (the opening book)\n\n"
    "Example: ringwall model compare 2026-01 drafts/2026-02",
)
DEFAULT_YEARS, MOST_YEARS, SEED = 2_000, 100_000, 1


@dataclass(frozen=True, slots=True)
class Effect:
    """The reference portfolio under one version."""

    policies: int
    measures: Measures
    causes: dict[str, int]


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
    held, terms = reference_portfolio(tools)
    old, new = (effect_of(held, terms, model, arguments.years) for model in (before, after))
    document = {
        "kind": "model_comparison",
        "before": {"version": before.version, "sha256": before.sha256},
        "after": {"version": after.version, "sha256": after.sha256},
        "numbers": [_difference(each) for each in found],
        "portfolio": {"years": arguments.years, "seed": SEED, "before": old, "after": new},
    }
    return show(arguments, Answer(document, lambda page: draw(page, (before, after), found, (old, new))))


def reference_portfolio(tools: Tools) -> tuple[list[BookPolicy], Mapping[str, CompiledTerms]]:
    """The opening book with its terms; only the product versions that stand in it are read."""
    policies = read_portfolio(tools.catalogue("book")["opening.csv"]).rows
    versions = {(policy.product, policy.product_version) for policy in policies}
    products = {version: load_product(tools, "/".join(version)) for version in sorted(versions)}
    terms = compile_book(policies, products).terms
    return [policy for policy in policies if policy.number in terms], terms


def effect_of(held: list[BookPolicy], terms: Mapping[str, CompiledTerms], model: RiskModel, years: int) -> Effect:
    """The reference portfolio under one version: the same seed, so that what differs is the model."""
    result = simulate_book(held, terms, model, years, SEED)
    return Effect(len(held), gross_view(result).measures, by_cause(result))


def _difference(each: Difference) -> dict[str, Any]:
    return {
        "name": each.name,
        "territory": each.territory,
        "before": each.before,
        "after": each.after,
        "ratio": each.ratio,
    }


def draw(
    page: Page, models: tuple[RiskModel, RiskModel], found: tuple[Difference, ...], effects: tuple[Effect, Effect]
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
    old, new = effects
    text = (
        f"参照组合（{old.policies} 张保单，每年，毛额）",
        f"The reference portfolio ({old.policies} policies, a year, gross)",
    )
    page.heading(Words(*text))
    lines: list[tuple[str | Words, int, int]] = [
        (Words("年均损失（AAL）", "Average annual loss (AAL)"), old.measures.aal_minor, new.measures.aal_minor),
        (Words("尾部风险价值 99 %", "Tail value at risk 99 %"), old.measures.tvar99_minor, new.measures.tvar99_minor),
        *((cause, amount, new.causes.get(cause, 0)) for cause, amount in old.causes.items()),
    ]
    rows = [(name, money(a), money(b), f"{b / a - 1:+.1%}" if a else "–") for name, a, b in lines]
    columns = (Words("指标", "Measure"), before.version, after.version, Words("变动", "Change"))
    page.table(columns, rows, numbers=(1, 2, 3))


def _row(page: Page, each: Difference) -> tuple[str, ...]:
    old, new = (f"{p.value:.4g}" if p else "–" for p in (each.before, each.after))
    grades = " → ".join(str(p.grade) if p else "–" for p in (each.before, each.after))
    ratio = f"{each.ratio:.3f}" if each.ratio is not None else "–"
    return f"{each.name} {page.word(TERRITORIES[each.territory])}", old, new, ratio, grades
