"""A year of one insured: its own events at the level of the year, common shocks beside them, under the period terms.

Exact for the filed draws: what they ask under the compiled terms stands on a grid, counts and sums by transform.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ringwall.basics import Estimate
from ringwall.price.basis import PricingBasis, own_rates, shocks
from ringwall.price.compound import (
    AnnualLoss,
    AskedOfPeriod,
    Floats,
    MixedPoisson,
    Poisson,
    Source,
    compound,
    long_enough,
)
from ringwall.risk import Peril, Relief

RETURN_PERIODS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def year_of(basis: PricingBasis, relief: Relief) -> AnnualLoss | None:
    """What the contract pays in a year, in fen; None where its period terms do not stand on a grid.

    Statutory costs are paid on top of every limit and are no part of it. Beside the sampling error of the draws the
    only error is that of the grid: nothing in the mean before the ceiling, half a step in an amount.
    """
    asked = basis.asked
    if asked is None:
        return None
    sources = events_of_year(basis, relief, asked)
    return compound(sources, long_enough(asked.grid, sources), asked.period)


@dataclass(frozen=True, slots=True)
class YearAhead:
    """What a year may bring, for people: amounts are estimates in fen."""

    expected: Estimate
    curve: tuple[tuple[int, Estimate], ...]
    """(once in so many years, what the contract pays then or more)"""
    worst_years: Estimate
    """the mean of the worst hundredth of all years"""
    any_payment: float
    """chance that a year pays anything"""
    saved: Estimate
    """what the period's limit cuts off in an average year; the filed rates do not credit it"""


def year_ahead(basis: PricingBasis, relief: Relief) -> YearAhead | None:
    """The exceedance curve of a year at return periods that people know."""
    year = year_of(basis, relief)
    if year is None:
        return None
    curve = tuple((period, Estimate(year.quantile(1 - 1 / period))) for period in RETURN_PERIODS)
    saved = Estimate(saved_by_period(basis, relief))
    paying = float(1 - year.below[0])
    return YearAhead(Estimate(year.mean), curve, Estimate(year.tail_mean(0.99)), paying, saved)


def saved_by_period(basis: PricingBasis, relief: Relief) -> float:
    """Expected payments a year that the period's limit cuts off: what events ask one by one, less what a year pays."""
    year, asked = year_of(basis, relief), basis.asked
    if year is None or asked is None:
        return 0.0
    one_by_one = sum(source.count.mean * _mean(source.masses) for source in events_of_year(basis, relief, asked))
    return max(one_by_one * asked.grid.step - year.mean, 0.0)


def events_of_year(basis: PricingBasis, relief: Relief, asked: AskedOfPeriod) -> tuple[Source, ...]:
    """Perils share the gamma level of a year, which is one count over their mixture; shocks are Poisson each."""
    rates = own_rates(basis, relief)
    own, mixed = _mixture((rates[peril], asked.masses[peril]) for peril in Peril)
    struck = ((shock.rate, asked.masses[shock.kind]) for shock in shocks(basis, relief) if shock.kind in asked.masses)
    common, shared = _mixture(struck)
    level_cv = basis.numbers["frequency.year_level.cv"]
    return Source(MixedPoisson(own, level_cv), mixed), Source(Poisson(common), shared)


def _mixture(kinds: Iterable[tuple[float, Floats]]) -> tuple[float, Floats]:
    """All events a year, and the masses of any one of them."""
    known = [(rate, masses) for rate, masses in kinds if rate > 0]
    total = sum(rate for rate, _ in known)
    mixed = np.zeros(max((len(masses) for _, masses in known), default=1))
    for rate, masses in known:
        mixed[: len(masses)] += rate / total * masses
    return total, mixed


def _mean(masses: Floats) -> float:
    return float(masses @ np.arange(len(masses)))
