"""The distribution of a year's loss on a grid, and all that is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringwall.price.compound.counts import Count
from ringwall.price.compound.grid import Floats, Grid

WRAPPED = 1e-12
"""So much probability of a year beyond the grid is admitted; it would be counted at its low end."""
MOST_DOUBLINGS = 6
TILTS = (40.0, 80.0, 20.0)
"""Slopes over the span of the grid with which the mass beyond it is bounded (Chernoff); the best of them counts."""


@dataclass(frozen=True, slots=True)
class Source:
    """One independent kind of events: their number, and the masses of what one of them costs."""

    count: Count
    masses: Floats


@dataclass(frozen=True, slots=True)
class AnnualLoss:
    """Masses at the points of a grid, and their running sum."""

    grid: Grid
    masses: Floats
    below: Floats
    """P(S ≤ point)."""

    @property
    def mean(self) -> float:
        return float(self.masses @ np.arange(len(self.masses))) * self.grid.step

    @property
    def variance(self) -> float:
        points = self.grid.points(len(self.masses))
        mean = float(self.masses @ points)
        return float(self.masses @ (points - mean) ** 2)

    def quantile(self, chance: float) -> float:
        """The least amount that a year stays within with at least this probability."""
        place = int(np.searchsorted(self.below, chance * (1 - 1e-15), side="left"))
        return min(place, len(self.below) - 1) * self.grid.step

    def tail_mean(self, chance: float) -> float:
        """TVaR: the mean of the worst 1 − chance of all years."""
        assert 0 <= chance < 1, "a tail has a probability"
        place = min(int(np.searchsorted(self.below, chance, side="left")), len(self.below) - 1)
        beyond = self.masses[place + 1 :]
        above = float(beyond.sum())
        sums = float(beyond @ np.arange(place + 1, len(self.masses)))
        return (sums + place * (1 - chance - above)) * self.grid.step / (1 - chance)

    def exceedance(self, amounts: Floats) -> Floats:
        """P(S > amount), a step function of the grid."""
        places = np.floor(np.asarray(amounts) / self.grid.step + 1e-9).astype(np.int64)
        return np.maximum(1 - self.below[np.clip(places, 0, len(self.below) - 1)], 0.0) * (places < len(self.below))

    def limited_mean(self, limit: float) -> float:
        """E[min(S, limit)], exact for the masses."""
        place = min(int(limit / self.grid.step), len(self.masses) - 1)
        within = float(self.masses[: place + 1] @ np.arange(place + 1)) * self.grid.step
        return within + limit * float(1 - self.below[place])


@dataclass(frozen=True, slots=True)
class Period:
    """What is paid of a whole year: the sum above an annual deductible up to an annual aggregate limit."""

    limit: float
    deductible: float = 0.0

    def of(self, masses: Floats, grid: Grid) -> Floats:
        """Exact where both amounts lie on the grid; else each is moved to the nearer point, at most half a step."""
        first, last = round(self.deductible / grid.step), round((self.deductible + self.limit) / grid.step)
        assert last > first, "an annual limit has at least one step of the grid"
        paid = masses[first : last + 1].copy()
        paid[0] += masses[:first].sum()
        paid[-1] += masses[last + 1 :].sum()
        return paid


def of_masses(grid: Grid, masses: Floats) -> AnnualLoss:
    return AnnualLoss(grid, masses, np.cumsum(masses))


def compound(sources: Sequence[Source], grid: Grid, period: Period | None = None) -> AnnualLoss:
    """The sum of all events of a year: the product of the sources' transforms, back on the grid, under period terms.

    Exact for the masses but for what lies beyond the grid, which is bounded by `beyond` and must be negligible.
    """
    from scipy.fft import irfft, rfft  # a fifth of a second to load, and only a price needs it

    assert beyond(sources, grid) <= WRAPPED, "the grid is too short for a year of these events: double its size"
    first, *others = sources
    logs = first.count.log_transform(rfft(first.masses, grid.size))
    for source in others:
        logs += source.count.log_transform(rfft(source.masses, grid.size))
    np.exp(logs, out=logs)
    masses = irfft(logs, grid.size, overwrite_x=True)
    np.maximum(masses, 0.0, out=masses)
    return of_masses(grid, period.of(masses, grid) if period else masses)


def beyond(sources: Sequence[Source], grid: Grid) -> float:
    """At most so much of a year's probability lies at or above the span of the grid."""
    found = 1.0
    for tilt in TILTS:
        found = min(found, float(np.exp(min(_log_moment(sources, tilt / grid.size) - tilt, 0.0))))
        if found <= WRAPPED:
            break
    return found


def long_enough(grid: Grid, sources: Sequence[Source]) -> Grid:
    """Twice the points as often as a year of very many events needs."""
    for _ in range(MOST_DOUBLINGS):
        if beyond(sources, grid) <= WRAPPED:
            break
        grid = Grid(grid.step, 2 * grid.size)
    return grid


def _log_moment(sources: Sequence[Source], slope: float) -> float:
    """ln E[exp(slope × steps of the year)]; infinite where it does not exist."""
    logs = 0.0
    for source in sources:
        logs += source.count.log_moment(float(source.masses @ np.exp(slope * np.arange(len(source.masses)))))
    return logs
