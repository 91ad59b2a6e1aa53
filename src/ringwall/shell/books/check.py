"""A portfolio file of any size, read once: how many rows are good, which are broken and why, and the good ones kept."""

from __future__ import annotations

import csv
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from ringwall.basics import Refusal, refuse
from ringwall.portfolio import COLUMNS, BookPolicy, read_row, repeated
from ringwall.shell.books import statements
from ringwall.shell.books.engine import MEMORY_MIB, THREADS, opened
from ringwall.shell.books.source import Source, blank_lines, source_of, unreadable

SHOWN = 20
AT_ONCE = 2_000
REPORT = ("row", "column", "code", "zh", "en")
FAULTS = {
    "UNQUOTED VALUE": ("引号没有成对", "a quote is opened and not closed, or text follows a closed one"),
    "INVALID ENCODING": ("不是 UTF-8 文本", "it is no UTF-8 text"),
    "LINE SIZE OVER MAXIMUM": ("一行过长", "the line is too long"),
}
Fault = tuple[int, Refusal]
"""A row of the file, as a spreadsheet counts it, and one thing that is wrong with it."""


@dataclass(frozen=True, slots=True)
class CheckedBook:
    """Rows that say something, those that are policies, and the refusals of the first broken ones."""

    rows: int
    good: int
    broken: int
    first: tuple[Refusal, ...]
    """All refusals of the first broken rows, then what is to be said of the file as a whole."""


def check_portfolio(
    path: Path,
    *,
    shown: int = SHOWN,
    report: Path | None = None,
    good: Path | None = None,
    threads: int = THREADS,
    memory_mib: int = MEMORY_MIB,
) -> CheckedBook | Refusal:
    """Read the file once. `report` gets a line for every refusal, `good` the rows without any (CSV or Parquet)."""
    try:
        with tempfile.TemporaryDirectory(prefix="ringwall-book-") as scratch, ExitStack() as held:
            engine = held.enter_context(opened(Path(scratch), threads, memory_mib))
            source = source_of(path, engine)
            if isinstance(source, Refusal):
                return source
            engine.execute(statements.load(source.header, source.sql), {"path": _plain(path, Path(scratch))})
            return _checked(path, engine, source, shown, report, good)
    except duckdb.OutOfMemoryException:
        return _too_large(path.name, memory_mib)
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException) as error:
        return unreadable(path.name, str(error).partition("\n")[0])


def _plain(path: Path, scratch: Path) -> str:
    """A link keeps a name with [ or * from being a pattern."""
    link = scratch / f"source{path.suffix.lower()}"
    link.symlink_to(path.resolve(strict=True))
    return str(link)


def _checked(
    path: Path, engine: duckdb.DuckDBPyConnection, source: Source, shown: int, report: Path | None, good: Path | None
) -> CheckedBook:
    found = _Faults(path.name, engine, source)
    first = found.listed(shown, report)
    held, broken, twice = _row(engine, statements.COUNTS)
    if good:
        _save(engine, good)
    lost = len(found.torn)
    blank = 0 if path.suffix.lower() == ".parquet" else blank_lines(path)
    said = (*first, *((_blank(path.name, blank),) if blank and first else ()))
    return CheckedBook(held + lost, held - broken - twice, broken + twice + lost, said)


def _row(engine: duckdb.DuckDBPyConnection, query: str) -> Any:
    found = engine.execute(query).fetchone()
    assert found is not None, "a count is always given"
    return found


def _save(engine: duckdb.DuckDBPyConnection, good: Path) -> None:
    """Written beside the place and moved there whole; a file that is there already is not overwritten."""
    form = "FORMAT parquet, COMPRESSION zstd" if good.suffix.lower() == ".parquet" else "FORMAT csv, HEADER true"
    with tempfile.TemporaryDirectory(prefix=".ringwall-good-", dir=good.parent) as beside:
        written = Path(beside) / f"good{good.suffix.lower()}"
        engine.execute(f"COPY ({statements.typed_good()}) TO '{str(written).replace(chr(39), chr(39) * 2)}' ({form})")
        with good.open("xb") as target, written.open("rb") as body:
            shutil.copyfileobj(body, target)


class _Faults:
    """The broken rows of one file: torn lines, rows that the reader refuses, and repeated policy numbers."""

    def __init__(self, name: str, engine: duckdb.DuckDBPyConnection, source: Source) -> None:
        self.name, self.engine, self.source = name, engine, source
        self.torn: list[tuple[int, str, str]] = []
        with suppress(duckdb.CatalogException):  # Parquet has no torn lines
            self.torn = engine.execute(statements.REJECTED).fetchall()
        self.before = [line - source.first_row - place for place, (line, _, _) in enumerate(self.torn)]
        """How many whole rows stand before each torn line."""

    def listed(self, shown: int, report: Path | None) -> tuple[Refusal, ...]:
        """Every fault goes into the report, those of the first rows are given back; without a fault no file is made."""
        first: list[Refusal] = []
        with ExitStack() as held:
            writer = None
            for count, (row, faults) in enumerate(groupby(self._in_order(), key=lambda fault: fault[0])):
                if report and not writer:
                    writer = csv.writer(held.enter_context(report.open("x", encoding="utf-8", newline="")))
                    writer.writerow(REPORT)
                refusals = [refusal for _, refusal in faults]
                if count < shown:
                    first += refusals
                if writer:
                    writer.writerows(_reported(row, refusal) for refusal in refusals)
        return tuple(first)

    def _in_order(self) -> Iterator[Fault]:
        """By row; what the row reader refuses is found first, since a broken row repeats no policy number."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as kept:
            self._refused_rows(kept)
            kept.seek(0)
            refused = ((int(row), refuse(code, where, zh=zh, en=en)) for row, code, where, zh, en in csv.reader(kept))
            yield from merge(self._torn_lines(), refused, self._repeated(), key=lambda fault: fault[0])

    def _refused_rows(self, kept: Any) -> None:
        """Read every suspect row; its refusals wait in a file, however many there are."""
        self.engine.execute(statements.MAKE_BROKEN)
        writer, cursor = csv.writer(kept), self.engine.cursor()
        cursor.execute(statements.SUSPECTS)
        while rows := cursor.fetchmany(AT_ONCE):
            broken = []
            for place, *cells in rows:
                row = self._number(place)
                read = read_row(COLUMNS, cells, f"{self.name}:{row}")
                if not isinstance(read, BookPolicy):
                    broken.append(place)
                    writer.writerows((row, r.code, r.where, r.message.zh, r.message.en) for r in read)
            self.engine.execute(statements.ADD_BROKEN, {"places": broken})
        self.engine.execute(statements.MAKE_REPEATED)

    def _number(self, place: int) -> int:
        """The row of the file, from the place among the whole rows."""
        return place - 1 + self.source.first_row + bisect_left(self.before, place)

    def _repeated(self) -> Iterator[Fault]:
        for place, number, first in _streamed(self.engine, statements.REPEATED):
            row = self._number(place)
            yield row, repeated(number, f"{self.name}:{row}", self._number(first))

    def _torn_lines(self) -> Iterator[Fault]:
        for line, fault, text in self.torn:
            place = f"{self.name}:{line}"
            cells = next(csv.reader([(text or "").strip("\r\n")]), [])
            counted = fault in ("MISSING COLUMNS", "TOO MANY COLUMNS") and len(cells) != len(self.source.header)
            read = read_row(self.source.header, cells, place) if counted else [_torn(place, fault)]
            assert not isinstance(read, BookPolicy), "a line of another width is no policy"
            yield from ((line, refusal) for refusal in read)


def _streamed(engine: duckdb.DuckDBPyConnection, query: str) -> Iterator[Any]:
    cursor = engine.cursor()
    cursor.execute(query)
    while rows := cursor.fetchmany(AT_ONCE):
        yield from rows


def _reported(row: int, refusal: Refusal) -> Iterable[object]:
    column = refusal.where.partition(" ")[2]
    return row, column, refusal.code, refusal.message.zh, refusal.message.en


def _torn(place: str, fault: str) -> Refusal:
    zh, en = FAULTS.get(fault, (f"无法读取（{fault}）", f"it cannot be read ({fault})"))
    return refuse(
        "row_unreadable",
        place,
        zh=f"本行应为以逗号分隔、引号成对的 UTF-8 文本，但{zh}；请更正后重新导入本行。",
        en=f"The row should be UTF-8 text with commas and paired quotes, but {en}; correct and reload it.",
    )


def _blank(name: str, count: int) -> Refusal:
    return refuse(
        "blank_lines",
        name,
        zh=f"文件中间有 {count} 个空行，行号未将其计入，实际行号可能更大；请删去空行以得到准确行号。",
        en=f"The file has {count} empty lines between its rows, which the row numbers do not count; "
        "remove them for exact numbers.",
    )


def _too_large(name: str, memory_mib: int) -> Refusal:
    return refuse(
        "portfolio_too_large",
        name,
        zh=f"读取所需内存超过 {memory_mib} MiB；请将文件分为几份后分别导入。",
        en=f"Reading it takes more than the {memory_mib} MiB allowed; split the file and load the parts.",
    )
