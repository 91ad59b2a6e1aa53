"""`portfolio` on workers, with a run folder and with tables: the same answer, found again, written for others."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import numpy as np
import pytest
from rich.console import Console
from tests.shell.cli.ran import SAMPLES, Run

from ringwall.portfolio import Progress
from ringwall.shell.cli.portfolios.running import shown_progress

BOOK = SAMPLES / "book.csv"
FEW = ("--years", "300")


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "book.parquet"
    duckdb.connect().read_csv(str(BOOK), all_varchar=True).write_parquet(str(path))
    return path


def test_workers_folder_and_parquet_change_no_figure(run: Run, parquet: Path, tmp_path: Path) -> None:
    right = run("portfolio", "simulate", BOOK, *FEW, "--json").document
    folder, out, events = tmp_path / "run", tmp_path / "years.parquet", tmp_path / "events.parquet"
    tables = ("--out", out, "--events-out", events)
    found = run(
        "portfolio", "simulate", parquet, *FEW, "--workers", "2", "--run-folder", folder, *tables, "--json"
    ).document
    assert {**found, "refusals": None} == {**right, "refusals": None}
    kept = sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())
    assert kept
    assert run("portfolio", "simulate", BOOK, *FEW, "--run-folder", folder, "--json").document == right
    assert sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()) == kept
    years = duckdb.connect().read_parquet(str(out)).fetchnumpy()
    payments = duckdb.connect().read_parquet(str(events)).fetchnumpy()
    assert years["year"].tolist() == list(range(1, 301))
    sums = np.bincount(payments["year"], payments["payable_minor"], 301)[1:]
    assert sums.tolist() == years["gross_minor"].tolist()


def test_what_cannot_be_written_is_refused_before_the_run(run: Run, tmp_path: Path) -> None:
    there = tmp_path / "there.parquet"
    there.touch()
    for path in (there, tmp_path / "nowhere" / "years.parquet"):
        ran = run("portfolio", "simulate", BOOK, *FEW, "--out", path, "--json")
        assert ran.code == 1
        assert [each["code"] for each in ran.document["refusals"]] == ["file_unwritable"]
    ran = run("portfolio", "simulate", BOOK, *FEW, "--run-folder", there, "--json")
    assert [each["code"] for each in ran.document["refusals"]] == ["file_unwritable"]


@pytest.mark.parametrize("options", [("--workers", "0"), ("--workers", "1000"), ("--on", "nowhere")])
def test_workers_that_are_none_are_refused(run: Run, options: tuple[str, str]) -> None:
    ran = run("portfolio", "simulate", BOOK, *FEW, *options, "--json")
    assert ran.code == 1
    assert len(ran.document["refusals"]) == 1


def test_a_parquet_file_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "book.parquet"
    for content in (None, b"no table"):
        if content:
            path.write_bytes(content)
        ran = run("portfolio", "simulate", path, *FEW, "--json")
        assert ran.code == 1
        assert ran.document["refusals"][0]["code"] == "file_unreadable"


def test_a_terminal_shows_blocks_done_and_time_left_in_both_languages() -> None:
    for language, words in (("zh", ("已用", "剩余")), ("en", ("elapsed", "left"))):
        paper = io.StringIO()
        with shown_progress(language, Console(file=paper, force_terminal=True, width=100), hidden=False) as watch:  # type: ignore[arg-type]
            watch(Progress(3, 12, 1))
        assert all(word in paper.getvalue() for word in ("3/12", *words))


def test_totals_are_the_gross_figures_of_the_simulation_and_name_what_is_broken(run: Run, tmp_path: Path) -> None:
    whole = run("portfolio", "simulate", BOOK, *FEW, "--seed", "7", "--json").document
    path, report, years = tmp_path / "book.csv", tmp_path / "broken.csv", tmp_path / "years.parquet"
    rows = BOOK.read_text("utf-8").splitlines()
    path.write_text("\n".join([*rows, rows[1]]) + "\n", encoding="utf-8")
    found = run("portfolio", "totals", path, *FEW, "--seed", "7", "--report", report, "--out", years, "--json")
    totals = found.document
    assert (found.code, totals["rows"], totals["broken"]) == (0, len(rows), 1)
    assert totals["gross"] == whole["gross"]["measures"]
    assert totals["mean_by_cause_minor"] == whole["mean_by_cause_minor"]
    assert (totals["policies"], totals["premium_minor"]) == (whole["policies"], whole["premium_minor"])
    assert "policy_repeated" in report.read_text("utf-8")
    mean = duckdb.connect().read_parquet(str(years)).fetchnumpy()["gross_minor"].mean()
    assert abs(mean - whole["gross"]["measures"]["aal_minor"]) <= 0.5
    assert (
        "AEP gross"
        in run("portfolio", "totals", BOOK, "--years", "200", "--report", tmp_path / "none.csv", "--lang", "en").out
    )
