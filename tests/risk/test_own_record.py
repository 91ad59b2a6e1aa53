"""Periods on record and declared losses make one experience; claims are counted once and never lower a frequency."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ringwall.risk import (
    Credibility,
    Experience,
    ExperienceYear,
    InsuredPeriod,
    credibility,
    with_declared,
    years_on_record,
)

ROWS = st.dictionaries(st.integers(2018, 2030), st.integers(0, 5)).map(
    lambda counts: tuple(ExperienceYear(year, counts[year]) for year in sorted(counts))
)


def factor(rows: tuple[ExperienceYear, ...]) -> float:
    found = credibility(Experience(rows, "record"), 0.3, 2.0)
    assert isinstance(found, Credibility), found
    return found.factor


def test_without_claims_and_without_years_the_factor_is_one() -> None:
    assert years_on_record(()) == ()
    assert factor(()) == 1.0


def test_a_period_stands_in_the_year_in_which_it_began_as_far_as_it_has_run() -> None:
    half = InsuredPeriod(date(2025, 7, 1), date(2025, 12, 31), 1)
    assert years_on_record((half,)) == (ExperienceYear(2025, 1, Fraction(183, 365)),)
    not_begun = InsuredPeriod(date(2026, 1, 1), date(2026, 1, 1), 0)
    assert years_on_record((not_begun,)) == ()


def test_two_periods_side_by_side_see_one_year_and_both_their_claims() -> None:
    year = InsuredPeriod(date(2025, 1, 1), date(2026, 1, 1), 1)
    assert years_on_record((year, year)) == (ExperienceYear(2025, 2, Fraction(1)),)


def test_a_claim_that_is_declared_and_on_record_counts_once() -> None:
    record = (ExperienceYear(2025, 1),)
    assert [row.claims for row in with_declared(record, 1, 3, 2026)] == [0, 0, 1]
    assert [row.claims for row in with_declared(record, 3, 3, 2026)] == [0, 0, 3]


@given(ROWS, st.integers(0, 6), st.integers(1, 5), st.integers(2020, 2031))
def test_one_loss_more_declared_never_lowers(
    rows: tuple[ExperienceYear, ...], losses: int, years: int, before: int
) -> None:
    fewer, more = (factor(with_declared(rows, count, years, before)) for count in (losses, losses + 1))
    assert more >= fewer


@given(ROWS.filter(bool), st.integers(0, 6), st.integers(1, 5), st.integers(2020, 2031), st.data())
def test_one_claim_more_on_record_never_lowers(
    rows: tuple[ExperienceYear, ...], losses: int, years: int, before: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    worse = (*rows[:place], ExperienceYear(row.year, row.claims + 1, row.exposed), *rows[place + 1 :])
    assert factor(with_declared(worse, losses, years, before)) >= factor(with_declared(rows, losses, years, before))


@given(ROWS, st.integers(0, 6), st.integers(1, 5), st.integers(2020, 2031))
def test_the_record_keeps_its_exposure_and_no_declared_loss_is_lost(
    rows: tuple[ExperienceYear, ...], losses: int, years: int, before: int
) -> None:
    joined = {row.year: row for row in with_declared(rows, losses, years, before)}
    assert all(joined[row.year].exposed == row.exposed and joined[row.year].claims >= row.claims for row in rows)
    assert sum(joined[year].claims for year in range(before - years, before)) >= losses
