"""A year of the insured on the grid: through the compiled terms, against simulation through the same terms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.price.conftest import Compile
from tests.price.priced_case import finding, standing

from ringwall.evidence import Standing
from ringwall.price import PricingBasis, with_terms, year_of
from ringwall.price.annual import events_of_year, saved_by_period
from ringwall.price.basis import attritional, shocks, systemic
from ringwall.risk import NO_RELIEF, Peril, Relief, combine, frequency, relief_steps
from ringwall.terms import EventColumns, settle_columns

YEARS = 60_000
OFTEN = Relief((), dict.fromkeys(Peril, 30.0))
"""So many events that the period's limit is reached in many years."""


@pytest.fixture(scope="module")
def tight(basis: PricingBasis, compiled: Compile) -> PricingBasis:
    return with_terms(basis, compiled(aggregate_limit=60_000_000, event_limit=50_000_000))


def simulated(basis: PricingBasis, relief: Relief) -> np.ndarray:
    """Years of events from the filed draws, settled in order by the columnar reader with the period's state."""
    rng = np.random.default_rng(99)
    shape = basis.numbers["frequency.year_level.cv"] ** -2
    level = rng.gamma(shape, 1 / shape, YEARS)
    rates = frequency(basis.model, basis.profile, relief)
    kinds = [(peril.value, rates[peril] * level) for peril in Peril]
    kinds += [(s.kind, np.full(YEARS, s.rate)) for s in shocks(basis, relief) if s.kind in basis.draws]
    rows = []
    for place, (kind, rate) in enumerate(kinds):
        year = np.repeat(np.arange(YEARS), rng.poisson(rate))
        pick = rng.integers(0, len(basis.draws[kind].period), len(year))
        rows.append(np.stack([year, rng.permutation(len(year)), np.full(len(year), place), pick]))
    table = np.concatenate(rows, axis=1)
    table = table[:, np.lexsort((table[1], table[0]))]
    columns = {name for events in basis.draws.values() for name in events.subject}
    subject = {name: np.zeros(table.shape[1], np.int64) for name in columns}
    for place, (kind, _) in enumerate(kinds):
        mine = table[2] == place
        for name, column in basis.draws[kind].subject.items():
            subject[name][mine] = column[table[3][mine]]
    outcome = settle_columns(basis.offer.chosen, EventColumns(table[0], subject), {})
    return np.bincount(table[0], outcome.contract, YEARS)


@pytest.mark.parametrize("relief", [NO_RELIEF, OFTEN])
def test_the_grid_agrees_with_years_settled_one_by_one_within_their_error(tight: PricingBasis, relief: Relief) -> None:
    year, drawn = year_of(tight, relief), simulated(tight, relief)
    assert year is not None
    error = drawn.std() / np.sqrt(YEARS)
    print(f"grid {year.mean:,.0f}, simulated {drawn.mean():,.0f} ± {error:,.0f} fen a year")
    assert abs(drawn.mean() - year.mean) <= 4 * error
    for amount in (2_000_000, 20_000_000, 55_000_000):
        chance = float(year.exceedance(np.array([amount]))[0])
        allowed = 4 * np.sqrt(chance * (1 - chance) / YEARS) + 2e-3 * chance
        assert abs((drawn > amount).mean() - chance) <= allowed


def test_before_the_periods_limit_the_year_is_frequency_times_mean(basis: PricingBasis) -> None:
    """What the grid adds is the period: without its limit it says what the draws say, to the last digit."""
    assert basis.asked is not None
    contract = 0.0
    for source in events_of_year(basis, NO_RELIEF, basis.asked):
        contract += source.count.mean * float(source.masses @ np.arange(len(source.masses))) * basis.asked.grid.step
    statutory = {"MIT", "INV"}
    own = {kind: {p: m for p, m in means.items() if p not in statutory} for kind, means in basis.chosen.items()}
    totals = {kind: sum(parts.values()) for kind, parts in own.items()}
    expected = attritional(basis.own, totals, NO_RELIEF) + systemic(replace(basis, totals=totals), NO_RELIEF)
    assert contract == pytest.approx(expected, rel=1e-12)


def test_a_year_never_pays_more_than_its_limit_and_saves_what_the_events_ask_beyond(tight: PricingBasis) -> None:
    year = year_of(tight, OFTEN)
    assert year is not None
    assert year.quantile(1) == 60_000_000
    assert saved_by_period(tight, OFTEN) > saved_by_period(tight, NO_RELIEF) > 0


@pytest.mark.parametrize("points", [1 << 10, 1 << 15])
def test_the_size_of_the_grid_hardly_matters(tight: PricingBasis, points: int) -> None:
    other = with_terms(replace(tight, rates=replace(tight.rates, points=points)), tight.offer.chosen)
    here, there = year_of(tight, NO_RELIEF), year_of(other, NO_RELIEF)
    assert here is not None
    assert there is not None
    assert there.mean == pytest.approx(here.mean, rel=1e-5)
    assert there.tail_mean(0.99) == pytest.approx(here.tail_mean(0.99), rel=1e-4)


def test_a_control_held_lowers_the_whole_curve(basis: PricingBasis) -> None:
    held = relief_steps(basis.model, [standing("hardening", Standing.HELD)], [])
    worse = relief_steps(basis.model, [], [finding("rdp_exposed")])
    better, bare, bad = (year_of(basis, combine(basis.model, steps)) for steps in (held, (), worse))
    assert better is not None and bare is not None and bad is not None  # noqa: PT018
    amounts = np.array([0.0, 1e7, 1e8, 2e8])
    assert np.all(better.exceedance(amounts) <= bare.exceedance(amounts))
    assert np.all(bare.exceedance(amounts) <= bad.exceedance(amounts))
