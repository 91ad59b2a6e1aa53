"""Writes a portfolio file of any size from the invented opening book, with a broken row now and then.

    python tools/make_portfolio.py book.csv --rows 1000000 --broken-every 1000

Every firm of the opening book comes again and again under new numbers. `.parquet` writes Parquet, which cannot have
torn lines. The same arguments give the same file.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

OPENING = Path(__file__).parent.parent / "src/ringwall/catalogue/book/opening.csv"
HEADER_ROWS = 1


@dataclass(frozen=True)
class Breakage:
    """One way of breaking a row: the column that is found wanting, and what stands there instead."""

    column: str
    cell: str

    @property
    def torn(self) -> bool:
        """The line itself is broken, which only a CSV file can be."""
        return not self.column


BREAKAGES = (
    Breakage("AnnualRevenue", "12,5 million"),
    Breakage("PolInceptionDate", "2026-13-01"),
    Breakage("PolExpiryDate", "2020-01-01"),
    Breakage("LayerAggLimit", "1"),
    Breakage("GrossProfitMargin", "27%"),
    Breakage("BIRetentionMode", "whichever"),
    Breakage("PolLimitNPBI", "99999999999"),
    Breakage("InsuredName", ""),
    Breakage("PolNumber", "SYN-P-0000001"),
    Breakage("CededPercent", "3/2"),
    Breakage("", "one cell too many"),
    Breakage("", '"text"after a closed quote'),
)


def lines(rows: int, broken_every: int, *, torn: bool = True) -> Iterator[tuple[str, Breakage | None]]:
    """The lines of the file, without the header, each with what is broken in it."""
    with OPENING.open(encoding="utf-8", newline="") as file:
        header, *firms = csv.reader(file)
    ways = [way for way in BREAKAGES if torn or not way.torn]
    for number in range(1, rows + 1):
        cells = list(firms[(number - 1) % len(firms)])
        cells[:4] = f"SYN-A-{number:07d}", f"SYN-P-{number:07d}", f"样本企业 {number:07d}", f"Sample Firm {number:07d}"
        broken = broken_every and number % broken_every == 0
        way = ways[number // broken_every % len(ways)] if broken else None
        if way and way.torn:
            cells.append(way.cell)
        elif way:
            cells[header.index(way.column)] = f'"{way.cell}"' if "," in way.cell else way.cell
        yield ",".join(cells), way


def write_csv(path: Path, rows: int, broken_every: int, *, torn: bool = True) -> list[tuple[int, Breakage]]:
    """The file, and the rows at which something is broken, as a spreadsheet counts them."""
    found: list[tuple[int, Breakage]] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header_line())
        for row, (line, way) in enumerate(lines(rows, broken_every, torn=torn), start=1 + HEADER_ROWS):
            file.write(f"{line}\n")
            if way:
                found.append((row, way))
    return found


def header_line() -> str:
    with OPENING.open(encoding="utf-8", newline="") as file:
        return file.readline()


def write_parquet(path: Path, rows: int, broken_every: int) -> list[tuple[int, Breakage]]:
    """The same as text columns of a Parquet file, in which the first row is row 1."""
    names = next(csv.reader(io.StringIO(header_line())))
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "book.csv"
        found = write_csv(text, rows, broken_every, torn=False)
        form = "auto_detect = false, header = true, delim = ',', quote = '\"'"
        read = f"SELECT * FROM read_csv('{text}', {form}, columns = {{{columns}}})"
        duckdb.connect().execute(f"COPY ({read}) TO '{path}' (FORMAT parquet)")
    return [(row - HEADER_ROWS, way) for row, way in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--broken-every", type=int, default=1_000)
    asked = parser.parse_args()
    write = write_parquet if asked.file.suffix == ".parquet" else write_csv
    broken = write(asked.file, asked.rows, asked.broken_every)
    print(f"{asked.file}: {asked.rows} rows, {len(broken)} broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
