"""`portfolio totals FILE`: a book of any size in sums, within a bounded memory."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from ringwall.basics import Words
from ringwall.portfolio import LargeBook, Setting, draw_calendar, total_portions
from ringwall.risk import Territory, reference_profile
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.fields import day
from ringwall.shell.cli.page import Page, money
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.portfolios.check import readable
from ringwall.shell.cli.portfolios.running import add_workers, save_table, shown_progress, workers_of, writable
from ringwall.shell.cli.products.writing import unwritable
from ringwall.shell.cli.refused import Refused, good, no
from ringwall.shell.cli.shelf import load_model, load_products
from ringwall.shell.cli.tools import CheckedBook, Tools

NAME = "totals"
HELP = Words(
    "以合计方式模拟任意大小的业务组合：只保留逐年、逐事件、逐原因的合计，内存有上限；有误的行列出并略去\n\n"
    "示例：ringwall portfolio totals book.csv --years 10000 --workers 2 --on processes\n"
    "只给再保前的数字；再保后、逐笔赔付与分摊见 simulate。",
    "simulate a book of any size in sums: by year, event and cause, within a bounded memory; broken rows are named and "
    "left out\n\n"
    "Example: ringwall portfolio totals book.csv --years 10000 --workers 2 --on processes\n"
    "Gross figures only; simulate gives net ones, payments and what each policy adds.",
)
DEFAULT_YEARS, MOST_YEARS, DEFAULT_SEED = 10_000, 1_000_000, 1
SHOWN = 20


def add_arguments(parser: Parser) -> None:
    file = Words("业务组合文件（.csv 或 .parquet）", "the portfolio file (.csv or .parquet)")
    parser.add(file, "file", type=Path, metavar="FILE")
    years = Words(f"模拟年数，默认 {DEFAULT_YEARS}", f"years to simulate, by default {DEFAULT_YEARS}")
    parser.add(years, "--years", type=int, default=DEFAULT_YEARS, metavar="N")
    seed = Words("随机种子：同一种子结果相同", "seed: the same seed gives the same figures")
    parser.add(seed, "--seed", type=int, default=DEFAULT_SEED, metavar="S")
    as_at = Words("只计此日起各保单在保的时段", "count each policy only while it is in force from this day on")
    parser.add(as_at, "--as-at", metavar="DAY")
    report = Words(
        "有误的行写入此文件（CSV），默认为 <文件名>.broken.csv", "faults (CSV), by default <name>.broken.csv"
    )
    parser.add(report, "--report", type=Path, metavar="FILE")
    add_workers(parser)
    out = Words("把逐年损失写成 Parquet", "write the years' losses as Parquet")
    parser.add(out, "--out", type=Path, metavar="YEARS.parquet")


def run(arguments: Namespace, tools: Tools) -> int:
    for option, value, least, most in (
        ("--years", arguments.years, 1, MOST_YEARS),
        ("--seed", arguments.seed, 0, 2**63 - 1),
    ):
        if not least <= value <= most:
            raise no(
                "option_wrong",
                option,
                zh=f"{value} 不在 {least} 至 {most} 之间；请更正。",
                en=f"{value} is not between {least} and {most}; correct it.",
            )
    report = arguments.report or Path(f"{arguments.file.stem}.broken.csv")
    readable(arguments.file)
    writable(*(path for path in (report, arguments.out) if path))
    checked, book = _totalled(arguments, tools, report)
    if arguments.out:
        years = np.arange(1, arguments.years + 1)
        columns = {"year": years, "gross_minor": book.by_year, "gross_largest_minor": book.largest}
        save_table(tools, arguments.out, columns, {})
    model = load_model(tools)
    document: dict[str, Any] = {
        "kind": "portfolio_totals",
        "rows": checked.rows,
        "broken": checked.broken,
        "report": str(report) if checked.broken else None,
        "policies": book.policies,
        "premium_minor": book.premium_minor,
        "years": arguments.years,
        "seed": arguments.seed,
        "model": {"version": model.version, "sha256": model.sha256},
        "gross": book.measures,
        "mean_by_cause_minor": book.mean_by_cause,
    }
    refusals = (*checked.first, *book.refusals[:SHOWN])
    return show(arguments, Answer(document, lambda page: draw(page, document, book), refusals))


def _totalled(arguments: Namespace, tools: Tools, report: Path) -> tuple[CheckedBook, LargeBook]:
    """The file is read once: what is broken is named, what is good waits aside for the workers."""
    as_at, model = day("--as-at", arguments.as_at) if arguments.as_at else None, load_model(tools)
    reference = reference_profile(model, Territory.CHINA)
    calendar = draw_calendar(model, reference, arguments.years, arguments.seed, as_at)
    setting = Setting(calendar, model, load_products(tools))
    with tempfile.TemporaryDirectory(prefix="ringwall-totals-") as folder, ExitStack() as held:
        aside = Path(folder) / "good.parquet"
        try:
            checked = good(tools.check_portfolio(arguments.file, shown=SHOWN, report=report, good=aside))
        except OSError as fault:
            raise unwritable(Path(fault.filename or report), fault) from None
        if not checked.good:
            raise Refused(*checked.first)
        executor = held.enter_context(workers_of(arguments, tools))
        watch = held.enter_context(shown_progress(arguments.lang, Console(stderr=True), hidden=arguments.json))
        read = partial(tools.runs.checked_rows, aside)
        return checked, total_portions(read, checked.good, setting, executor=executor, loops=tools.loops, watch=watch)


def draw(page: Page, document: dict[str, Any], book: LargeBook) -> None:
    premium = money(book.premium_minor)
    page.title(
        Words(
            f"业务组合合计：{book.policies:,} 张保单，保费 {premium}",
            f"Book in sums: {book.policies:,} policies, {premium}",
        )
    )
    model, seed = document["model"]["version"], document["seed"]
    years, broken = f"{document['years']:,}", f"{document['broken']:,}"
    page.line(
        Words(
            f"{years} 年，种子 {seed}，模型 {model}；有误而略去 {broken} 行",
            f"{years} years, seed {seed}, model {model}; {broken} broken rows left out",
        ),
        "dim",
    )
    found = book.measures
    rows = [
        (Words("年均损失（AAL）", "Average annual loss (AAL)"), money(found.aal_minor)),
        (Words("尾部风险价值 99 %（TVaR）", "Tail value at risk 99 % (TVaR)"), money(found.tvar99_minor)),
        (Words("最坏一年", "Worst year"), money(found.worst_year_minor)),
    ]
    page.table((Words("指标", "Measure"), Words("再保前", "Gross")), rows, numbers=(1,))
    heads = Words("重现期（年）", "Return period"), Words("AEP 再保前", "AEP gross"), Words("OEP 再保前", "OEP gross")
    pairs = zip(found.aep, found.oep, strict=True)
    page.table(heads, [(f"{a.years:,}", money(a.loss_minor), money(o.loss_minor)) for a, o in pairs], numbers=(0, 1, 2))
    causes = [(cause, money(amount)) for cause, amount in book.mean_by_cause.items() if amount]
    page.table((Words("原因", "Cause"), Words("每年平均", "Mean a year")), causes, numbers=(1,))
