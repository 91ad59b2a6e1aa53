"""The speaker's book: rows imported as CSV, simulated with the losses of the running year; and the market's figures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from fastapi import APIRouter, Response
from pydantic import Field

from ringwall.basics import Refusal, refuse
from ringwall.desk.market.publish_statistics import publish_statistics
from ringwall.desk.office import Office
from ringwall.desk.portfolio.held_book import book_policies
from ringwall.desk.portfolio.simulate_book import BookWish, import_book, run_book
from ringwall.desk.records import BookRun, StatisticsFile
from ringwall.portfolio import Portfolio, read_portfolio
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.content import CSV, Table, described
from ringwall.shell.api.forms.fields import After, Body, Day, Limit, Number
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, listing, record_of
from ringwall.shell.api.problems import Refused

router = APIRouter(tags=["业务组合与市场 · Book and market"], route_class=SignedRoute)

PARTLY = 207


class RunBook(Body):
    """The day on which the book stands, how many years to simulate, and the seed."""

    as_at: Day
    years: int = Field(ge=100, le=20_000, strict=True, examples=[10_000])
    seed: int = Field(ge=0, le=2**31 - 1, strict=True)


class Publish(Body):
    """The day of which the figures are."""

    on: Day


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows joined the book, and every row that did not, with the reason."""

    accepted: int
    refused: tuple[Refusal, ...]


@router.post(
    "/book/imports",
    response_model=mirror(Imported),
    summary="导入业务组合 · Import a book",
    openapi_extra=described(CSV, "AccNumber,PolNumber,…\nA-1,P-1,…\n"),
    responses={
        PARTLY: {"description": "部分行被拒收 · some rows were refused", "model": mirror(Imported)},
    },
)
def bring_in(content: Table, writer: Writing, response: Response) -> Imported:
    """Good rows join the book; refused rows come back with their reasons. 200: all joined; 207: some did not.

    A table of which no row can be read is refused whole (422). A row that is in the book already is not changed.
    """
    table = _readable(content)
    at = writer.instant(None)
    if not table.rows and table.refusals:
        raise Refused(table.refusals[0])
    stated = {"sha256": hashlib.sha256(content).hexdigest()}
    count = writer.write("simulate_book", dict(stated), int, lambda office: import_book(office, table, at=at))
    if table.refusals:
        response.status_code = PARTLY
    return Imported(count, table.refusals)


@router.post("/book/runs", status_code=201, response_model=mirror(BookRun), summary="组合模拟 · Simulate the book")
def run(body: RunBook, writer: Writing) -> BookRun:
    """The book with the losses to date: average year, exceedance curves and tail, gross and net of treaties."""
    wish, at = BookWish(body.as_at, body.years, body.seed), writer.instant(None)

    def work(office: Office) -> BookRun | Refusal:
        if not book_policies(office):
            return _empty()
        return run_book(office, wish, at=at)

    return writer.write("simulate_book", body, BookRun, work)


@router.get("/book/runs", response_model=mirror(Listing), summary="模拟列表 · List runs")
def runs(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The simulations that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.book_runs.all(), limit, after))


@router.get("/book/runs/{number}", response_model=mirror(BookRun), summary="一次模拟 · One run")
def one_run(number: Number, caller: Asking) -> BookRun:
    """The measures with the model, its hash, the seed and the years, so that anybody can run it again."""
    return record_of(caller, lambda office: office.book_runs, number, BookRun)


@router.post(
    "/market/statistics",
    status_code=201,
    response_model=mirror(StatisticsFile),
    summary="公布统计 · Publish statistics",
)
def publish(body: Publish, writer: Writing) -> StatisticsFile:
    """Tables by industry, region and size, never below the privacy floor, with the regulator's export."""
    at = writer.instant(None)
    return writer.write(
        "publish_statistics", body, StatisticsFile, lambda office: publish_statistics(office, body.on, at=at)
    )


@router.get("/market/statistics", response_model=mirror(Listing), summary="统计列表 · List statistics")
def all_statistics(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The published statistics that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.statistics.all(), limit, after))


@router.get("/market/statistics/{number}", response_model=mirror(StatisticsFile), summary="一期统计 · One publication")
def one_publication(number: Number, caller: Asking) -> StatisticsFile:
    """The tables as they were published; a cell below the floor shows nothing."""
    return record_of(caller, lambda office: office.statistics, number, StatisticsFile)


def _readable(content: bytes) -> Portfolio:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused(_not_text(f"byte {fault.start}")) from fault
    if "\0" in text:
        raise Refused(_not_text(f"character {text.index(chr(0))}"))
    return read_portfolio(text, "book.csv")


def _not_text(place: str) -> Refusal:
    return refuse(
        "table_not_text",
        f"book.csv, {place}",
        zh=f"表格在 {place} 处不是 UTF-8 文本；请另存为 UTF-8 编码的 CSV 后重发。",
        en=f"The table is no UTF-8 text at {place}; save it as CSV in UTF-8 and send it again.",
    )


def _empty() -> Refusal:
    return refuse(
        "book_empty",
        "book",
        zh="业务组合中没有保险单，无从模拟；请先导入组合或出具保险单。",
        en="There is no policy in the book, so there is nothing to simulate; import a book or bind a policy first.",
    )
