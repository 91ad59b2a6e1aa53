"""What a portfolio file is made of before its rows are read: its columns, and whether their types are ours."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ringwall.basics import Refusal, refuse
from ringwall.portfolio import header_fault
from ringwall.shell.books.statements import PARQUET_SOURCE, csv_source

HEADER_BYTES = 1 << 20
CHUNK = 1 << 20
WELCOME = ("VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UINTEGER", "UBIGINT", "DECIMAL", "DATE")
"""Types that say exactly what they mean; a float is no amount."""


@dataclass(frozen=True, slots=True)
class Source:
    """The columns in the file's order and the SQL that reads them; Parquet has no header row."""

    header: tuple[str, ...]
    sql: str
    first_row: int


def source_of(path: Path, engine: duckdb.DuckDBPyConnection) -> Source | Refusal:
    """The file's columns, or what is wrong with them."""
    return _parquet(path, engine) if path.suffix.lower() == ".parquet" else _csv(path)


def _csv(path: Path) -> Source | Refusal:
    with path.open("rb") as file:
        body = file.read(HEADER_BYTES)
    try:
        first = body.decode("utf-8-sig", errors="ignore").splitlines()[:1]
        header = [name.strip() for name in next(csv.reader(first), [])]
    except csv.Error as error:
        return unreadable(path.name, str(error))
    return header_fault(header, path.name) or Source(tuple(header), csv_source(header), 2)


def _parquet(path: Path, engine: duckdb.DuckDBPyConnection) -> Source | Refusal:
    described = engine.execute(f"DESCRIBE SELECT * FROM {PARQUET_SOURCE}", {"path": str(path)}).fetchall()
    header, types = [row[0] for row in described], [row[1] for row in described]
    fault = header_fault(header, path.name)
    if fault:
        return fault
    wrong = [f"{name} {kind}" for name, kind in zip(header, types, strict=True) if not kind.startswith(WELCOME)]
    return _types(path.name, wrong) if wrong else Source(tuple(header), PARQUET_SOURCE, 1)


def blank_lines(path: Path) -> int:
    """Empty lines before the last row of a CSV file: the engine passes over them without counting."""
    found = waiting = 0
    with path.open("rb") as file:
        while line := file.readline(CHUNK):
            blank = not line.strip(b"\r\n")
            found, waiting = (found, waiting + 1) if blank else (found + waiting, 0)
    return found


def unreadable(name: str, detail: str) -> Refusal:
    return refuse(
        "portfolio_unreadable",
        name,
        zh=f"文件不是可读的 CSV 或 Parquet（{detail}）；请以 UTF-8 CSV 或 Parquet 重新导出。",
        en=f"The file is no CSV or Parquet that can be read ({detail}); export it again as UTF-8 CSV or Parquet.",
    )


def _types(name: str, wrong: list[str]) -> Refusal:
    listed = ", ".join(wrong)
    return refuse(
        "column_types",
        name,
        zh=f"这些列的类型无法精确表示其内容：{listed}；可用文本、整数、DECIMAL 或 DATE，请改用其一后重新导出。",
        en=f"These columns have types that do not say exactly what they hold: {listed}; "
        "export them as text, whole numbers, DECIMAL or DATE.",
    )
