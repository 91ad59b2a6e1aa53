"""Tables of a book as Parquet: a portfolio file read as the text of its rows, columns of a result written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from ringwall.portfolio import COLUMNS, BookPolicy, read_row


def book_text(path: Path) -> str:
    """The rows of a Parquet portfolio file as CSV: every cell as the file says it, to be read like any other.

    A file that is not there is an OSError, one that is no Parquet a ValueError.
    """
    path.open("rb").close()
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / "book.csv"
        try:
            with duckdb.connect() as engine:
                engine.read_parquet(str(path)).write_csv(str(aside), header=True)
        except duckdb.Error as fault:
            raise ValueError(str(fault)) from None
        return aside.read_text(encoding="utf-8")


def checked_rows(path: Path, first: int, last: int) -> list[BookPolicy]:
    """The policies at these places of a Parquet file of checked rows, of which the portfolio check keeps no other."""
    cells = "SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), '') FROM read_parquet($path) LIMIT $count OFFSET $first"
    with duckdb.connect(config={"threads": 1}) as engine:
        rows = engine.execute(cells, {"path": str(path), "count": last - first, "first": first}).fetchall()
    found = [read_row(COLUMNS, row, f"{path.name}:{first + place}") for place, row in enumerate(rows, start=1)]
    return [policy for policy in found if isinstance(policy, BookPolicy)]


def write_table(path: Path, columns: Mapping[str, NDArray[Any]], texts: Mapping[str, Sequence[str]]) -> None:
    """One Parquet file of these columns; one that `texts` names holds places in its list, −1 for none.

    A file that cannot be written is an OSError.
    """
    chosen = ", ".join(
        f'list_extract(${name}, "{name}" + 1) AS "{name}"' if name in texts else f'"{name}"' for name in columns
    )
    lists = {name: list(held) for name, held in texts.items()}
    try:
        with duckdb.connect() as engine:
            engine.register("columns", dict(columns))
            engine.sql(f"SELECT {chosen} FROM columns", params=lists).write_parquet(str(path), compression="zstd")
    except duckdb.Error as fault:
        raise OSError(str(fault)) from None
