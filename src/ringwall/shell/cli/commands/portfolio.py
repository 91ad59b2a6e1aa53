"""`portfolio`: simulate a book from a CSV file here; check and interchange in the family of portfolio commands."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ringwall.basics import Refusal, Words
from ringwall.portfolio import (
    Accumulation,
    BookAgain,
    BookResult,
    BookView,
    Pile,
    accumulation,
    by_cause,
    by_vendor,
    compile_book,
    gross_events,
    gross_view,
    net_of,
    net_view,
    of_years,
    ord_tables,
    read_portfolio,
    retained_events,
    simulate_book,
)
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.books import BookParts, draw_bands, draw_disasters, draw_year, take_apart
from ringwall.shell.cli.fields import day
from ringwall.shell.cli.files.oed import OedBook, read_oed
from ringwall.shell.cli.page import Page, money
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.portfolios.family import BELOW
from ringwall.shell.cli.portfolios.running import Running, add_running, open_run, read_book, save_tables
from ringwall.shell.cli.products.writing import unwritable
from ringwall.shell.cli.refused import Refused, no
from ringwall.shell.cli.shelf import load_model, load_products, load_programme
from ringwall.shell.cli.tools import Tools
from ringwall.treaty import Programme

NAME = "portfolio"
HELP = Words(
    "业务组合：simulate 模拟，totals 以合计模拟任意大小，check 检查文件，oed 写成 OED，oasis 与 Oasis 逐笔比较\n\n"
    "示例：ringwall portfolio simulate docs/samples/book.csv --years 10000；ringwall portfolio check book.parquet",
    "a book: simulate it, totals (of any size, in sums), check (a file of any size), oed (write OED files), oasis "
    "(compare)\n\n"
    "Example: ringwall portfolio simulate docs/samples/book.csv --years 10000; ringwall portfolio check book.parquet",
)
SIMULATE = Words(
    "模拟一个业务组合：年均损失、超越概率、尾部风险价值、累积风险，再保前后\n\n"
    "示例：ringwall portfolio simulate docs/samples/book.csv --years 10000 --seed 7\n"
    "有误的行逐行列出并略去，其余照算；列的含义见 catalogue/book/README.md。",
    "simulate a book: average annual loss, exceedance, tail value at risk, accumulation, gross and net\n\n"
    "Example: ringwall portfolio simulate docs/samples/book.csv --years 10000 --seed 7\n"
    "Broken rows are named and left out, the others are simulated; catalogue/book/README.md explains the columns.",
)
DEFAULT_YEARS, DEFAULT_SEED, MOST_YEARS = 10_000, 1, 1_000_000
PILES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Book:
    """A simulated book with its two views and its piles."""

    result: BookResult
    gross: BookView
    net: BookView
    piles: Accumulation
    premium_minor: int
    programme: Programme
    refusals: tuple[Refusal, ...]
    parts: BookParts


def add_arguments(parser: Parser) -> None:
    below = parser.commands(Words("子命令", "commands"), "part")
    add_simulate(parser.command(below, "simulate", SIMULATE))
    for command in BELOW:
        command.add_arguments(parser.command(below, command.NAME, command.HELP))


def run(arguments: Namespace, tools: Tools) -> int:
    runs = {"simulate": run_simulate, **{command.NAME: command.run for command in BELOW}}
    return runs[arguments.part](arguments, tools)


def add_simulate(parser: Parser) -> None:
    book = Words(
        "业务组合文件（CSV 或 Parquet），或 OED 文件所在的文件夹", "the book (CSV or Parquet), or a folder of OED files"
    )
    parser.add(book, "book", type=Path, metavar="BOOK")
    product = Words(
        "OED 保单未注明产品时使用的产品版本；不给则按 OED 自身条件",
        "product version for OED policies that name none; without it they keep OED's own terms",
    )
    parser.add(product, "--product", metavar="CODE/VERSION")
    parser.add(
        Words(f"模拟年数，默认 {DEFAULT_YEARS}", f"years to simulate, by default {DEFAULT_YEARS}"),
        "--years",
        type=int,
        default=DEFAULT_YEARS,
        metavar="N",
    )
    parser.add(
        Words("随机种子：同一种子结果相同", "seed: the same seed gives the same figures"),
        "--seed",
        type=int,
        default=DEFAULT_SEED,
        metavar="S",
    )
    parser.add(
        Words("只计此日起各保单在保的时段", "count each policy only while it is in force from this day on"),
        "--as-at",
        metavar="DAY",
    )
    parser.add(
        Words("将结果写成 ORD 表，放入新文件夹", "write the results as ORD tables into a new folder"),
        "--ord",
        type=Path,
        metavar="DIR",
    )
    parser.add(
        Words("ORD 表的格式：csv（默认）或 parquet", "form of the ORD tables: csv (by default) or parquet"),
        "--ord-form",
        choices=("csv", "parquet"),
        default="csv",
    )
    parser.add(
        Words("列出该模拟年份的事件、保单和责任部分", "show the events, policies and parts of this simulated year"),
        "--year",
        type=int,
        metavar="N",
    )
    add_running(parser)


def run_simulate(arguments: Namespace, tools: Tools) -> int:
    for option, value, most in (("--years", arguments.years, MOST_YEARS), ("--seed", arguments.seed, 2**63 - 1)):
        if not (option == "--years") <= value <= most:
            raise _out_of_range(option, value, int(option == "--years"), most)
    as_at = day("--as-at", arguments.as_at) if arguments.as_at else None
    if arguments.year is not None and not 0 <= arguments.year < arguments.years:
        raise _out_of_range("--year", arguments.year, 0, arguments.years - 1)
    with open_run(arguments, tools) as running:
        book = simulate(
            tools,
            arguments.book,
            arguments.years,
            arguments.seed,
            as_at,
            running,
            product=arguments.product,
            year=arguments.year,
        )
    save_tables(arguments, tools, book.result, book.gross, book.net)
    if arguments.ord:
        save_ord(tools, book, arguments.ord, arguments.ord_form)
    return show(arguments, Answer(document(book), lambda page: draw(page, book), book.refusals))


def simulate(
    tools: Tools,
    path: Path,
    years: int,
    seed: int,
    as_at: date | None,
    how: Running,
    *,
    product: str | None = None,
    year: int | None = None,
) -> Book:
    """Good rows are simulated; where there is none, the refusals are the answer."""
    given = given_book(tools, path, product)
    compiled = compile_book([p for p in given.policies if p.number not in given.terms], load_products(tools))
    terms = {**given.terms, **compiled.terms}
    held = [policy for policy in given.policies if policy.number in terms]
    if not held:
        raise Refused(*given.refusals, *compiled.refusals, _empty(path.name))
    model, programme = load_model(tools), given.programme or load_programme(tools)
    result = simulate_book(
        held, terms, model, years, seed, as_at=as_at, loops=tools.loops,
        executor=how.executor, store=how.store, watch=how.watch,
    )  # fmt: skip
    gross, net, piles = gross_view(result), net_view(result, programme), accumulation(held, as_at)
    again = BookAgain(result.policies, terms, model, years, seed, as_at, {}, ())
    return Book(
        result,
        gross,
        net,
        piles,
        sum(policy.premium_minor for policy in held),
        programme,
        (*given.refusals, *compiled.refusals, *result.refusals),
        take_apart(again, (gross, net), programme, piles, year, tools.loops, how.executor),
    )


def given_book(tools: Tools, path: Path, product: str | None) -> OedBook:
    """A portfolio file, or a folder of OED files; only such a folder has a programme and terms of its own."""
    if path.is_dir():
        return read_oed(path, product or "")
    read = read_portfolio(read_book(tools, path), path.name)
    return OedBook(read.rows, {}, None, read.refusals)


def save_ord(tools: Tools, book: Book, folder: Path, form: Literal["csv", "parquet"]) -> None:
    """Gross as `il` and net of reinsurance as `ri`, the names that Oasis gives them."""
    gross, retained = gross_events(book.result), retained_events(book.result)
    net = net_of(book.programme, retained).amount
    tables = {
        "il": ord_tables(of_years(gross.starts, gross.amount)),
        "ri": ord_tables(of_years(retained.starts, net)),
    }
    try:
        tools.write_ord(folder, tables, form)
    except OSError as fault:
        raise unwritable(folder, fault) from None


def _empty(where: str) -> Refusal:
    words = Words(
        "文件中没有一行可用的保单，无从模拟；请更正各行后重试。",
        "No row of the file is a policy that can be simulated; correct the rows and try again.",
    )
    return Refusal("book_empty", where, words)


def _out_of_range(option: str, value: int, least: int, most: int) -> Refused:
    return no(
        "option_wrong",
        option,
        zh=f"{value} 不在 {least} 至 {most} 之间；请更正。",
        en=f"{value} is not between {least} and {most}; correct it.",
    )


def document(book: Book) -> dict[str, Any]:
    result = book.result
    return {
        "kind": "portfolio",
        "policies": len(result.policies),
        "premium_minor": book.premium_minor,
        "years": result.years,
        "seed": result.seed,
        "as_at": result.as_at,
        "model": {"version": result.model_version, "sha256": result.model_sha256},
        "gross": _view(book.gross),
        "net": _view(book.net),
        "mean_by_cause_minor": by_cause(result),
        "mean_by_vendor_minor": by_vendor(result),
        "accumulation": book.piles,
        "curves": book.parts.points,
        "bands": book.parts.bands,
        "disasters": book.parts.disasters,
        **({"year": book.parts.year} if book.parts.year else {}),
    }


def _view(view: BookView) -> dict[str, Any]:
    return {
        "measures": view.measures,
        "recoveries_minor": view.recoveries_minor,
        "reinstatement_premium_minor": view.reinstatement_premium_minor,
    }


def draw(page: Page, book: Book) -> None:
    result, gross, net = book.result, book.gross.measures, book.net.measures
    count, premium, origin = len(result.policies), money(book.premium_minor), result.model_version
    page.title(Words(f"业务组合：{count} 张保单，保费 {premium}", f"Book: {count} policies, premium {premium}"))
    years, seed = f"{result.years:,}", result.seed
    page.line(Words(f"{years} 年，种子 {seed}，模型 {origin}", f"{years} years, seed {seed}, model {origin}"), "dim")
    rows = [
        (Words("年均损失（AAL）", "Average annual loss (AAL)"), money(gross.aal_minor), money(net.aal_minor)),
        (
            Words("尾部风险价值 99 %（TVaR）", "Tail value at risk 99 % (TVaR)"),
            money(gross.tvar99_minor),
            money(net.tvar99_minor),
        ),
        (Words("最坏一年", "Worst year"), money(gross.worst_year_minor), money(net.worst_year_minor)),
    ]
    page.table((Words("指标", "Measure"), Words("再保前", "Gross"), Words("再保后", "Net")), rows, numbers=(1, 2))
    draw_curves(page, book)
    draw_bands(page, book.parts)
    draw_treaties(page, book.net)
    draw_disasters(page, book.parts)
    draw_year(page, book.parts)
    for heading, piles in (
        (Words("累积：共同供应商", "Accumulation by vendor"), book.piles.vendors),
        (Words("累积：地区", "Accumulation by region"), book.piles.regions),
        (Words("累积：行业", "Accumulation by industry"), book.piles.industries),
    ):
        draw_piles(page, heading, piles)


def draw_curves(page: Page, book: Book) -> None:
    page.heading(Words("超越概率：每若干年一遇的损失", "Exceedance: the loss reached once in so many years"))
    columns = (
        Words("重现期（年）", "Return period"),
        Words("AEP 再保前", "AEP gross"),
        Words("AEP 再保后", "AEP net"),
        Words("OEP 再保前", "OEP gross"),
        Words("OEP 再保后", "OEP net"),
    )
    gross, net = book.gross.measures, book.net.measures
    rows = [
        (str(points[0].years), *(money(point.loss_minor) for point in points))
        for points in zip(gross.aep, net.aep, gross.oep, net.oep, strict=True)
    ]
    page.table(columns, rows, numbers=(0, 1, 2, 3, 4))


def draw_treaties(page: Page, net: BookView) -> None:
    page.heading(Words("再保合约（每年平均）", "Treaties, mean a year"))
    rows = [(code, money(amount)) for code, amount in net.recoveries_minor.items()]
    rows.append(("—", money(net.reinstatement_premium_minor)))
    labelled = [
        (code if code != "—" else Words("恢复保费（支出）", "reinstatement premium (paid)"), amount)
        for code, amount in rows
    ]
    page.table((Words("合约", "Treaty"), Words("摊回", "Recovered")), labelled, numbers=(1,))


def draw_piles(page: Page, heading: Words, piles: tuple[Pile, ...]) -> None:
    page.heading(heading)
    columns = (
        Words("累积项", "Pile"),
        Words("保单数", "Policies"),
        Words("每次事故限额合计", "Event limits"),
        Words("保费", "Premium"),
    )
    rows = [(p.key, f"{p.policies:,}", money(p.limit_minor), money(p.premium_minor)) for p in piles[:PILES_SHOWN]]
    page.table(columns, rows, numbers=(1, 2, 3))
