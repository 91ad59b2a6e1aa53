"""The privacy floor: no cell, no difference of published sums and no linear trick shows a small group."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringwall
from ringwall.basics import Refusal
from ringwall.market import (
    TOTAL,
    Figures,
    Scheme,
    StatisticsRow,
    Table,
    hide_small_groups,
    read_scheme,
    statistics,
)

SCHEME_TEXT = (Path(ringwall.__file__).parent / "catalogue/book/statistics.yaml").read_text("utf-8")


def scheme() -> Scheme:
    read = read_scheme(SCHEME_TEXT)
    assert isinstance(read, Scheme), read
    return read


def row(number: int, industry: str, region: str, employees: int = 50) -> StatisticsRow:
    return StatisticsRow(
        f"P{number}", "enterprise-cyber", industry, region, employees, "other", 100, 1_000, number % 2, 10, 20
    )


def rows_of(counts: dict[tuple[str, str], int]) -> list[StatisticsRow]:
    cells = [cell for cell, count in counts.items() for _ in range(count)]
    return [row(number, *cell) for number, cell in enumerate(cells)]


def table_of(counts: dict[tuple[str, str], int], *dimensions: str) -> Table:
    table = statistics(rows_of(counts), dimensions, scheme())
    assert isinstance(table, Table)
    return table


def shown(table: Table) -> dict[tuple[str, str], int | None]:
    return {(c.row, c.column): c.figures.policies if c.figures else None for c in table.cells}


def test_the_cells_of_a_table_sum_to_its_totals_where_nothing_is_small() -> None:
    table = table_of({("a", "n"): 6, ("a", "s"): 7, ("b", "n"): 8}, "industry", "region")
    assert shown(table) == {
        ("a", "n"): 6,
        ("a", "s"): 7,
        ("b", "n"): 8,
        ("a", TOTAL): 13,
        ("b", TOTAL): 8,
        (TOTAL, "n"): 14,
        (TOTAL, "s"): 7,
        (TOTAL, TOTAL): 21,
    }
    whole = table.find()
    assert whole is not None
    assert whole.figures == Figures(21, 2_100, 21_000, 10, 210, 420)


def test_a_small_cell_takes_the_next_one_with_it_so_that_no_difference_shows_it() -> None:
    assert shown(table_of({("a", "n"): 2, ("b", "n"): 9, ("c", "n"): 20}, "industry")) == {
        ("a", TOTAL): None,
        ("b", TOTAL): None,
        ("c", TOTAL): 20,
        (TOTAL, TOTAL): 31,
    }


def test_two_small_cells_that_are_small_together_take_a_third() -> None:
    assert hide_small_groups({"a": 1, "b": 2, "c": 9, "d": 30}, 5) == {"a", "b", "c"}
    assert hide_small_groups({"a": 3, "b": 4, "c": 9}, 5) == {"a", "b"}
    assert hide_small_groups({"a": 5, "b": 6}, 5) == frozenset()


def test_a_book_below_the_floor_publishes_nothing() -> None:
    table = table_of({("a", "n"): 4}, "industry")
    assert shown(table) == {(TOTAL, TOTAL): None}


def test_the_totals_of_a_two_way_table_are_those_of_the_one_way_tables() -> None:
    counts = {("a", "n"): 2, ("b", "n"): 9, ("b", "s"): 12, ("c", "s"): 20, ("c", "n"): 6}
    both = shown(table_of(counts, "industry", "region"))
    by_industry, by_region = shown(table_of(counts, "industry")), shown(table_of(counts, "region"))
    assert {cell: n for cell, n in both.items() if cell[1] == TOTAL} == by_industry
    assert {(TOTAL, region): n for (region, _), n in by_region.items()} == {
        cell: n for cell, n in both.items() if cell[0] == TOTAL
    }


books = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("nsew")), st.integers(1, 12), min_size=1, max_size=16
)


@given(books)
@settings(max_examples=2 * settings.default.max_examples)
def test_no_hidden_cell_follows_from_the_published_sums(counts: dict[tuple[str, str], int]) -> None:
    floor = scheme().floor
    table = table_of(counts, "industry", "region")
    published = shown(table)
    assert all(count is None or count >= floor for count in published.values())
    hidden = [cell for cell, count in published.items() if count is None]
    if table.totals_only or published[TOTAL, TOTAL] is None:
        return
    rows, columns = ({cell[side] for cell in published} for side in (0, 1))
    equations = [[signed(cell, "row", name) for cell in hidden] for name in rows]
    equations += [[signed(cell, "column", name) for cell in hidden] for name in columns]
    system = np.array(equations, dtype=float).reshape(len(equations), len(hidden))
    rank = np.linalg.matrix_rank(system) if hidden else 0
    for place in range(len(hidden)):
        unit = np.eye(len(hidden))[place]
        assert np.linalg.matrix_rank(np.vstack([system, unit])) > rank, f"{hidden[place]} follows from the sums"


def signed(cell: tuple[str, str], side: str, name: str) -> int:
    """The cell's sign in the equation of a line: inner cells add up to the line's total."""
    own, other = (cell[0], cell[1]) if side == "row" else (cell[1], cell[0])
    return 0 if own != name else -1 if other == TOTAL else 1


@given(books)
def test_hidden_cells_of_one_line_are_never_a_small_group(counts: dict[tuple[str, str], int]) -> None:
    published = shown(table_of(counts, "industry", "region"))
    floor = scheme().floor
    for side in (0, 1):
        for name in {cell[side] for cell in published if cell[side] != TOTAL}:
            line = (name, TOTAL) if side == 0 else (TOTAL, name)
            inner = [c for c, n in published.items() if c[side] == name and TOTAL not in c and n is None]
            if published[line] is not None and inner:
                assert sum(counts[cell] for cell in inner) >= floor


@pytest.mark.parametrize("dimensions", [(), ("colour",), ("industry", "industry"), ("industry", "region", "product")])
def test_a_table_that_cannot_be_cut_is_refused(dimensions: tuple[str, ...]) -> None:
    refusal = statistics([], dimensions, scheme())
    assert isinstance(refusal, Refusal)
    assert refusal.code == "statistics_dimensions"


@pytest.mark.parametrize(
    ("employees", "band"),
    [(0, "micro"), (19, "micro"), (20, "small"), (299, "small"), (300, "medium"), (1000, "large")],
)
def test_a_firm_belongs_to_the_last_band_that_it_reaches(employees: int, band: str) -> None:
    assert scheme().size_band(employees) == band


BROKEN = [
    ("value: 5,", "value: 1,"),
    ("value: 5,", "value: five,"),
    ("unit: policies,", "unit: firms,"),
    ("date: 2026-11-24, source: none}\n\n# A firm", "source: none}\n\n# A firm"),
    ("from: 0,", "from: 3,"),
    ('enterprise-cyber: "4"', 'enterprise-cyber: "9"'),
    ("subjects:", "objects:"),
    ("dimensions:", "dimensions: ["),
]


@pytest.mark.parametrize(("before", "after"), BROKEN)
def test_a_scheme_with_a_gap_is_refused_whole(before: str, after: str) -> None:
    assert before in SCHEME_TEXT
    refusal = read_scheme(SCHEME_TEXT.replace(before, after, 1))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "scheme_unreadable"
