"""`product backtest A B`: losses settled again under the other edition, given ones and simulated ones."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal, Words
from ringwall.product import Backtest, Product, backtest, compile_schedule, make_schedule
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.page import Page, money, span
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.losses import read_losses
from ringwall.shell.cli.products.named import add_product, product_of
from ringwall.shell.cli.products.simulated import PerilUnderBoth, simulate_both
from ringwall.shell.cli.refused import good, no
from ringwall.shell.cli.shelf import load_model
from ringwall.shell.cli.tools import Tools
from ringwall.terms import CompiledTerms

NAME = "backtest"
HELP = Words(
    "用另一版本重新理算：给定的损失（--losses）和模拟的损失（--simulate），谁得谁失\n\n"
    "示例：ringwall product backtest enterprise-cyber/2026-01 drafts/mine --simulate 20000 --seed 7",
    "settle again under another edition: given losses (--losses) and simulated ones (--simulate); who gains or loses"
    "\n\n"
    "Example: ringwall product backtest enterprise-cyber/2026-01 drafts/mine --simulate 20000 --seed 7",
)
MOST_EVENTS = 2_000_000
ROWS_SHOWN = 40


def add_arguments(parser: Parser) -> None:
    add_product(parser, "before", needed=True)
    add_product(parser, "after", needed=True)
    given = Words("损失文件（.jsonl 每行一个事件，或 .csv 每行一个损失项）", "losses: .jsonl, an event a line, or .csv")
    parser.add(given, "--losses", type=Path, metavar="FILE")
    drawn = Words("每种风险模拟的事件数", "events to simulate of each peril")
    parser.add(drawn, "--simulate", type=int, metavar="N")
    parser.add(Words("随机种子；默认 1", "seed; by default 1"), "--seed", type=int, default=1, metavar="SEED")


def run(arguments: Namespace, tools: Tools) -> int:
    if not arguments.losses and not arguments.simulate:
        raise no(
            "backtest_of_nothing",
            "backtest",
            zh="没有要理算的损失；请给出 --losses 或 --simulate。",
            en="there are no losses to settle; give --losses or --simulate.",
        )
    if arguments.simulate and not 0 < arguments.simulate <= MOST_EVENTS:
        raise no(
            "backtest_events",
            "--simulate",
            zh=f"模拟事件数须在 1 与 {MOST_EVENTS} 之间；请更正。",
            en=f"the number of events must lie between 1 and {MOST_EVENTS}; correct it.",
        )
    before, after = (product_of(name, tools) for name in (arguments.before, arguments.after))
    old, new = (_terms(before, before), _terms(after, before))
    refusals: tuple[Refusal, ...] = ()
    given: Backtest | None = None
    if arguments.losses:
        losses, refusals = read_losses(arguments.losses)
        given = backtest(old, new, losses)
        refusals = (*refusals, *given.refusals)
    drawn: tuple[PerilUnderBoth, ...] = ()
    if arguments.simulate:
        drawn = simulate_both(load_model(tools), old, new, arguments.simulate, arguments.seed)
    document = _document(before, after, given, drawn, arguments.seed)
    return show(arguments, Answer(document, lambda page: draw(page, before, after, given, drawn), refusals))


def _terms(product: Product, dates_of: Product) -> CompiledTerms:
    """The edition at its own numbers, on the dates of the first, so that the same losses fall into both periods."""
    dates = {n: p.value for n, p in dates_of.parameters.items() if p.free and n in product.parameters}
    return good(compile_schedule(product, good(make_schedule(product, dates))))


def _document(
    before: Product, after: Product, given: Backtest | None, drawn: tuple[PerilUnderBoth, ...], seed: int
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": "backtest",
        "before": {"code": before.code, "version": before.version, "sha256": before.sha256},
        "after": {"code": after.code, "version": after.version, "sha256": after.sha256},
    }
    if given:
        document["given"] = {
            "losses": given.losses,
            "policies": given.policies,
            "before_minor": given.before_minor,
            "after_minor": given.after_minor,
            "gained_minor": given.gained_minor,
            "lost_minor": given.lost_minor,
        }
    if drawn:
        document["simulated"] = {
            "seed": seed,
            "perils": drawn,
            "before_minor": sum(row.before_minor for row in drawn),
            "after_minor": sum(row.after_minor for row in drawn),
            "gained_minor": sum(row.gained_minor for row in drawn),
            "lost_minor": sum(row.lost_minor for row in drawn),
        }
    return document


def draw(
    page: Page, before: Product, after: Product, given: Backtest | None, drawn: tuple[PerilUnderBoth, ...]
) -> None:
    page.title(f"{before.code} {before.version} → {after.code} {after.version}")
    if given:
        draw_given(page, given)
    if drawn:
        draw_simulated(page, drawn)


def draw_given(page: Page, given: Backtest) -> None:
    page.heading(Words("给定的损失", "Given losses"))
    heads = (Words("保险单", "Policy"), Words("事件", "Event"), Words("原", "Before"), Words("新", "After"))
    moved = [loss for loss in given.losses if loss.before != loss.after]
    page.table(heads, [(e.policy, e.event, span(e.before), span(e.after)) for e in moved[:ROWS_SHOWN]], (2, 3))
    said = (
        f"{len(moved)}/{len(given.losses)}",
        money(given.before_minor),
        money(given.after_minor),
        money(given.gained_minor),
        money(given.lost_minor),
    )
    page.line(
        Words(
            "赔款改变 {} 件；合计 {} → {}；多得 {}，少得 {}".format(*said),
            "{} losses are paid otherwise; in all {} → {}; gained {}, lost {}".format(*said),
        )
    )


def draw_simulated(page: Page, drawn: tuple[PerilUnderBoth, ...]) -> None:
    page.heading(Words("模拟的损失", "Simulated losses"))
    columns = (
        Words("风险", "Peril"),
        Words("事件", "Events"),
        Words("原", "Before"),
        Words("新", "After"),
        Words("多得", "Gained"),
        Words("少得", "Lost"),
    )
    rows = [
        (r.peril, str(r.events), *(money(a) for a in (r.before_minor, r.after_minor, r.gained_minor, r.lost_minor)))
        for r in drawn
    ]
    page.table(columns, rows, numbers=(1, 2, 3, 4, 5))
