"""Measures of whole sorted arrays, against counts that a reader can do by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringwall.portfolio import allocate_tail, measure, tail_years


def test_the_curve_of_a_thousand_years_reads_off_the_ranked_losses() -> None:
    totals = np.arange(1, 1001, dtype=np.int64)
    found = measure(totals, totals // 2)
    assert found.aal_minor == 500  # 500.5 half-even
    assert {p.years: p.loss_minor for p in found.aep} == {
        2: 501,
        5: 801,
        10: 901,
        50: 981,
        100: 991,
        200: 996,
        250: 997,
    }
    assert found.oep[-1].loss_minor == 498
    assert found.tvar99_minor == 996  # the mean of 991 … 1000 is 995.5, half-even
    assert found.worst_year_minor == 1000


def test_a_return_period_longer_than_the_simulation_has_no_loss() -> None:
    one = np.array([5], np.int64)
    assert [point.loss_minor for point in measure(one, one, (1, 2)).aep] == [5, None]


def test_an_average_of_amounts_near_the_edge_of_int64_does_not_wrap() -> None:
    edge = np.full(10, 2**62, np.int64)
    assert measure(edge, edge).aal_minor == 2**62


years = st.lists(st.lists(st.integers(0, 10**12), max_size=4), min_size=1, max_size=300)


@given(years)
def test_the_largest_event_is_never_above_the_sum_of_the_year_at_any_return_period(book: list[list[int]]) -> None:
    totals = np.array([sum(year) for year in book], np.int64)
    largest = np.array([max(year, default=0) for year in book], np.int64)
    found = measure(totals, largest)
    for aep, oep in zip(found.aep, found.oep, strict=True):
        assert (aep.loss_minor is None) == (oep.loss_minor is None)
        assert (oep.loss_minor or 0) <= (aep.loss_minor or 0)


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 10**13), min_size=1), st.integers(0, 10**13))
def test_the_tail_given_back_to_policies_sums_exactly(sums: dict[str, int], tvar: int) -> None:
    parts = allocate_tail(sums, tvar)
    assert sum(parts.values()) == tvar
    assert parts.keys() == sums.keys()
    whole = sum(sums.values())
    if whole:
        assert all(abs(parts[name] - Fraction(tvar * lost, whole)) <= 1 for name, lost in sums.items())


def test_of_equal_years_the_earlier_counts_as_the_worse() -> None:
    assert tail_years(np.array([3, 9, 9, 1], np.int64), Fraction(1, 2)).tolist() == [1, 2]
