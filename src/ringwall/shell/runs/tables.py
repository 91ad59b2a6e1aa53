"""Tables of a book as Parquet: a portfolio file read as the text of its rows, columns of a result written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray


def book_text(path: Path) -> str:
    """The rows of a Parquet portfolio file as CSV: every cell as the file says it, to be read like any other."""
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / "book.csv"
        with duckdb.connect() as engine:
            engine.read_parquet(str(path)).write_csv(str(aside), header=True)
        return aside.read_text(encoding="utf-8")


def write_table(path: Path, columns: Mapping[str, NDArray[Any]], texts: Mapping[str, Sequence[str]]) -> None:
    """One Parquet file of these columns; one that `texts` names holds places in its list, −1 for none."""
    chosen = ", ".join(
        f'list_extract(${name}, "{name}" + 1) AS "{name}"' if name in texts else f'"{name}"' for name in columns
    )
    with duckdb.connect() as engine:
        engine.register("columns", dict(columns))
        lists = {name: list(held) for name, held in texts.items()}
        engine.sql(f"SELECT {chosen} FROM columns", params=lists).write_parquet(str(path), compression="zstd")
