"""A portfolio file of any size: the good rows are kept, each broken one is named with its row, column and reason."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.make_portfolio import OPENING, write_csv, write_parquet

from ringwall.basics import Refusal
from ringwall.portfolio import COLUMNS, read_portfolio
from ringwall.shell.books import CheckedBook, check_portfolio

ROWS, EVERY, MILLION = 20_000, 1_000, 1_000_000
MOST_BYTES = 2 * 10**9
MEASURED = """
import resource, sys
from pathlib import Path
from ringwall.shell.books import check_portfolio
book = check_portfolio(Path(sys.argv[1]), report=Path(sys.argv[2]), good=Path(sys.argv[3]))
print(book.rows, book.good, book.broken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
FIRMS = list(csv.reader(io.StringIO(OPENING.read_text(encoding="utf-8"))))[1:13]
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "0",
            "1",
            "-1",
            "1.005",
            "1.5",
            " 12 ",
            "\u300012",
            "1/3",
            "4/3",
            "0/0",
            "1e3",
            "٣",
            "nan",
            "99999999999",
        ]
    ),
    st.sampled_from(["2026-01-01", "2027-01-01", "20260101", "2026-02-30", "0000-01-01", "2026-W01-1", "both", "Both"]),
    st.sampled_from(["SYN-P-0001", " SYN-P-0001", "SYN-P-0001\u2003", "\t", "\u00a0", "x\x1f", "a;b", "1.0", "101"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=6),
)


def checked(path: Path, **how: object) -> CheckedBook:
    found = check_portfolio(path, **how)  # type: ignore[arg-type]
    assert isinstance(found, CheckedBook), found
    return found


def places(book: CheckedBook, name: str) -> set[tuple[int, str]]:
    """Row and column of each refusal."""
    split = (refusal.where.removeprefix(f"{name}:").partition(" ") for refusal in book.first)
    return {(int(row), column) for row, _, column in split}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_each_broken_row_of_a_large_file_is_named_and_the_others_are_kept(tmp_path: Path, form: str) -> None:
    path, report = tmp_path / f"book.{form}", tmp_path / "broken.csv"
    broken = (write_csv if form == "csv" else write_parquet)(path, ROWS, EVERY)
    book = checked(path, shown=MILLION, report=report)
    assert (book.rows, book.good, book.broken) == (ROWS, ROWS - len(broken), len(broken))
    assert places(book, path.name) == {(row, way.column) for row, way in broken}
    with report.open(encoding="utf-8", newline="") as file:
        said = list(csv.DictReader(file))
    assert {(int(line["row"]), line["column"]) for line in said} == places(book, path.name)
    assert all(line["code"] and line["zh"] and line["en"] for line in said)


@pytest.mark.full
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_million_rows_are_checked_within_two_gigabytes(tmp_path: Path, form: str) -> None:
    path, good = tmp_path / f"book.{form}", tmp_path / "good.parquet"
    broken = (write_csv if form == "csv" else write_parquet)(path, MILLION, EVERY)
    command = [sys.executable, "-c", MEASURED, str(path), str(tmp_path / "broken.csv"), str(good)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    rows, kept, refused, peak = (int(word) for word in done.stdout.split())
    print(f"{form}: {rows} rows, {refused} broken, peak {peak / 1e6:.0f} MB")
    assert (rows, kept, refused) == (MILLION, MILLION - len(broken), len(broken))
    assert peak <= MOST_BYTES


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(FIRMS) - 1), st.sampled_from(COLUMNS), CELLS), max_size=14))
def test_what_the_engine_lets_pass_is_what_the_row_reader_takes(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str, str]]
) -> None:
    rows = [list(cells) for cells in FIRMS]
    for row, column, cell in changes:
        rows[row][COLUMNS.index(column)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    path = tmp_path_factory.mktemp("book") / "book.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    read = read_portfolio(out.getvalue(), "book.csv")
    good = path.with_name("good.csv")
    book = checked(path, shown=MILLION, good=good)
    assert set(book.first) == set(read.refusals)
    assert book.good == len(read.rows)
    assert read_portfolio(good.read_text(encoding="utf-8")).rows == read.rows


def test_columns_may_stand_in_any_order_and_cells_may_hold_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "odd [1]*.csv"
    columns = COLUMNS[::-1]
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in FIRMS]
    rows[2]["InsuredNameEn"], rows[4]["Industry"] = "two\nlines", ""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    book = checked(path)
    assert (book.rows, book.broken) == (12, 1)
    assert places(book, path.name) == {(6, "Industry")}


def test_a_file_with_the_line_ends_of_another_system_is_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes(OPENING.read_bytes().replace(b"\n", b"\r\n").replace(b"CN-FJ", b""))
    lines = OPENING.read_text(encoding="utf-8").splitlines()
    expected = {(row, "Region") for row, line in enumerate(lines, start=1) if ",CN-FJ," in line}
    book = checked(path, shown=MILLION)
    assert places(book, path.name) == expected
    assert book.good == 400 - len(expected)


def test_torn_lines_do_not_shift_the_numbers_of_the_rows_after_them(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    lines = OPENING.read_text(encoding="utf-8").splitlines()[:20]
    lines[3] += ",one more"
    lines[4] = "x,too short"
    lines[9] = lines[9].replace("SYN-P-0009", "SYN-P-0001")
    path.write_bytes("\n".join(lines).encode().replace(b"0011", b"\xff\xfe11"))
    book = checked(path)
    assert places(book, path.name) == {(4, ""), (5, ""), (10, "PolNumber"), (12, "")}
    assert [refusal.code for refusal in book.first] == ["row_width", "row_width", "policy_repeated", "row_unreadable"]
    assert "line 2 " in book.first[2].message.en
    assert (book.rows, book.good) == (19, 15)


def test_empty_lines_between_rows_are_spoken_of_where_numbers_matter(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    lines = OPENING.read_text(encoding="utf-8").splitlines()[:6]
    lines[4] = lines[4].replace("enterprise-cyber", "")
    path.write_text("\n".join([*lines[:2], "", *lines[2:], ""]), encoding="utf-8")
    assert [refusal.code for refusal in checked(path).first] == ["cell_unreadable", "blank_lines"]


def test_a_float_column_is_refused_since_it_is_no_amount(tmp_path: Path) -> None:
    path = tmp_path / "book.parquet"
    read = f'SELECT * REPLACE ("LayerLimit"::DOUBLE AS "LayerLimit") FROM read_csv(\'{OPENING}\', all_varchar = true)'
    duckdb.connect().execute(f"COPY ({read}) TO '{path}' (FORMAT parquet)")
    refused = check_portfolio(path)
    assert isinstance(refused, Refusal)
    assert (refused.code, "LayerLimit DOUBLE" in refused.message.en) == ("column_types", True)


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.csv", b"a,b\n1,2\n", "header_unreadable"),
        ("a.csv", b"", "header_unreadable"),
        ("a.parquet", b"PAR1 and no more", "portfolio_unreadable"),
    ],
)
def test_another_file_is_refused_as_a_whole(tmp_path: Path, name: str, body: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    refused = check_portfolio(path)
    assert isinstance(refused, Refusal)
    assert refused.code == code
