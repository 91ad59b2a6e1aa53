"""ORD tables as files, CSV or Parquet: amounts as exact decimals, what nobody knows as nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import duckdb

from ringwall.portfolio import OrdTable

Form = Literal["csv", "parquet"]
FORMS: Mapping[str, str] = {"csv": "FORMAT csv, HEADER true", "parquet": "FORMAT parquet, COMPRESSION zstd"}
AMOUNT = "DECIMAL(20, 2)"


def write_ord(folder: Path, perspectives: Mapping[str, Iterable[OrdTable]], form: Form = "csv") -> tuple[Path, ...]:
    """A new folder with one file a perspective and table, named as Oasis names them (`il_S1_ept.csv`)."""
    folder.mkdir(parents=True)
    engine = duckdb.connect()
    written = []
    for perspective, tables in perspectives.items():
        for table in tables:
            path = folder / f"{perspective}_S1_{table.name.lower()}.{form}"
            _write(engine, table, path, FORMS[form])
            written.append(path)
    engine.close()
    return tuple(written)


def _write(engine: duckdb.DuckDBPyConnection, table: OrdTable, path: Path, form: str) -> None:
    engine.register("known", {name: column for name, column in table.columns.items() if column is not None})
    columns = ", ".join(_column(table, name) for name in table.columns)
    target = str(path).replace("'", "''")
    engine.execute(f"COPY (SELECT {columns} FROM known) TO '{target}' ({form})")
    engine.unregister("known")


def _column(table: OrdTable, name: str) -> str:
    kind = AMOUNT if name in table.money else "BIGINT"
    if table.columns[name] is None:
        return f'CAST(NULL AS {kind}) AS "{name}"'
    return f'CAST("{name}" * 0.01 AS {AMOUNT}) AS "{name}"' if name in table.money else f'"{name}"'
