"""ORD tables from plain arrays: exact curves and averages, and only what is known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ringwall.basics import round_fraction
from ringwall.portfolio import measure
from ringwall.portfolio.interchange import PeriodLosses, ept, mplt, of_years, ord_tables, palt, selt, splt

OEP, OEP_TVAR, AEP, AEP_TVAR = 1, 2, 3, 4
COLUMNS = {  # as Oasis writes them
    "SELT": ["EventId", "SummaryId", "SampleId", "Loss", "ImpactedExposure"],
    "EPT": ["SummaryId", "EPCalc", "EPType", "ReturnPeriod", "Loss"],
    "PALT": ["SummaryId", "SampleType", "MeanLoss", "SDLoss"],
}
WHEN = ["Period", "PeriodWeight", "EventId", "Year", "Month", "Day", "Hour", "Minute", "SummaryId"]
COLUMNS["SPLT"] = [*WHEN, "SampleId", "Loss", "ImpactedExposure"]
COLUMNS["MPLT"] = [*WHEN, "SampleType", "ChanceOfLoss", "MeanLoss", "SDLoss", "MaxLoss", "FootprintExposure"]
COLUMNS["MPLT"] += ["MeanImpactedExposure", "MaxImpactedExposure"]
AMOUNTS = st.integers(0, 10**13)
YEARS = st.lists(st.lists(AMOUNTS, max_size=4), min_size=1, max_size=40)


def losses_of(years: list[list[int]]) -> PeriodLosses:
    starts = np.cumsum([0, *map(len, years)]).astype(np.int64)
    return of_years(starts, np.array([amount for year in years for amount in year], np.int64))


def curve(losses: PeriodLosses, kind: int) -> NDArray[np.int64]:
    columns = ept(losses).columns
    kinds, found = columns["EPType"], columns["Loss"]
    assert kinds is not None
    assert found is not None
    return found[kinds == kind].astype(np.int64)


@given(YEARS)
def test_a_curve_is_the_sorted_years_and_its_tail_mean_is_exact(years: list[list[int]]) -> None:
    losses = losses_of(years)
    totals = sorted((sum(year) for year in years), reverse=True)
    largest = sorted((max(year, default=0) for year in years), reverse=True)
    assert curve(losses, AEP).tolist() == totals
    assert curve(losses, OEP).tolist() == largest
    for kind, amounts in ((AEP_TVAR, totals), (OEP_TVAR, largest)):
        means = [round_fraction(Fraction(sum(amounts[:rank]), rank)) for rank in range(1, len(amounts) + 1)]
        assert curve(losses, kind).tolist() == means


@given(YEARS)
def test_no_event_exceeds_its_year_and_no_loss_its_tail(years: list[list[int]]) -> None:
    losses = losses_of(years)
    assert (curve(losses, OEP) <= curve(losses, AEP)).all()
    assert (curve(losses, AEP) <= curve(losses, AEP_TVAR)).all()


@given(YEARS)
def test_losses_are_listed_once_and_sum_to_the_average(years: list[list[int]]) -> None:
    losses = losses_of(years)
    listed, average = selt(losses).columns["Loss"], palt(losses).columns["MeanLoss"]
    assert listed is not None
    assert average is not None
    assert sorted(listed.tolist()) == sorted(amount for year in years for amount in year if amount)
    assert average[0] == round_fraction(Fraction(sum(map(sum, years)), len(years)))


def test_the_named_return_periods_are_those_of_the_book() -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    totals = rng.integers(0, 10**12, 10_000)
    losses = of_years(np.arange(10_001), totals)
    measured = measure(totals, totals)
    columns = ept(losses, (2, 10, 100, 250, 100_000)).columns
    found = {
        kind: loss
        for kind, years, loss in zip(*(columns[n] for n in ("EPType", "ReturnPeriod", "Loss")), strict=True)
        if years == 100
    }  # type: ignore[arg-type]
    assert found[AEP] == next(point.loss_minor for point in measured.aep if point.years == 100)
    assert found[AEP_TVAR] == measured.tvar99_minor
    assert max(columns["ReturnPeriod"]) == 250  # type: ignore[arg-type]


def test_sums_of_amounts_at_the_bound_of_a_word_do_not_wrap() -> None:
    amounts = np.full(5_000, 2**62, np.int64)
    assert set(curve(of_years(np.arange(5_001), amounts), AEP_TVAR).tolist()) == {2**62}


def test_the_columns_are_those_of_the_format_in_their_order() -> None:
    for table in ord_tables(losses_of([[5], []])):
        assert list(table.columns) == COLUMNS[table.name]


def test_an_event_has_its_date_where_one_is_known_and_none_otherwise() -> None:
    minute = np.array([0, 31 * 1_440 + 61, 365 * 1_440 - 1], np.int64)
    ones = np.array([1, 2, 2], np.int64)
    losses = PeriodLosses(2, ones, np.array([1, 2, 3]), np.array([10, 20, 30]), minute=minute)
    columns = splt(losses, date(2026, 12, 1)).columns
    written = [[int(columns[name][row]) for name in ("Year", "Month", "Day", "Hour", "Minute")] for row in range(3)]  # type: ignore[index]
    assert written == [[2026, 12, 1, 0, 0], [2027, 1, 1, 1, 1], [2027, 11, 30, 23, 59]]
    assert mplt(losses).columns["Year"] is None


def test_each_summary_has_its_own_curve() -> None:
    one = np.ones(3, np.int64)
    losses = PeriodLosses(1, one, one, np.array([5, 7, 9]), summary=np.array([1, 1, 4]))
    columns = ept(losses).columns
    rows = zip(*(columns[name].tolist() for name in ("SummaryId", "EPType", "Loss")), strict=True)  # type: ignore[union-attr]
    assert {(summary, kind): loss for summary, kind, loss in rows if kind in (OEP, AEP)} == {
        (1, OEP): 7,
        (1, AEP): 12,
        (4, OEP): 9,
        (4, AEP): 9,
    }
