"""ORD tables on disk: the same rows in CSV and Parquet, amounts to the last minor unit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pytest

from ringwall.portfolio.interchange import of_years, ord_tables
from ringwall.shell.books import write_ord

LOSSES = of_years(np.array([0, 2, 2, 3]), np.array([10**13 + 1, 250, 0], np.int64))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_table_is_a_file_and_amounts_are_exact(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "it's new"
    written = write_ord(folder, {"il": ord_tables(LOSSES)}, form)  # type: ignore[arg-type]
    names = {path.name for path in written}
    assert names == {f"il_S1_{table}.{form}" for table in ("selt", "splt", "mplt", "ept", "palt")}
    file = str(folder / f"il_S1_splt.{form}").replace("'", "''")
    found = duckdb.execute(f'SELECT "Period", "EventId", "Loss"::DECIMAL(20, 2), "Year" FROM \'{file}\'').fetchall()
    assert found == [(1, 1, Decimal("100000000000.01"), None), (1, 2, Decimal("2.50"), None)]


def test_a_csv_file_begins_with_the_names_of_the_format(tmp_path: Path) -> None:
    write_ord(tmp_path / "ord", {"ri": ord_tables(LOSSES)})
    lines = (tmp_path / "ord" / "ri_S1_ept.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "SummaryId,EPCalc,EPType,ReturnPeriod,Loss"
    assert lines[1] == "1,2,1,3.0,100000000000.01"
    assert len(lines) == 1 + 4 * 3


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        write_ord(tmp_path, {"il": ord_tables(LOSSES)})
