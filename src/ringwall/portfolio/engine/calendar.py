"""The years of a run: threat level of each, and the common shocks in them, tile by tile as the loops read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.engine.kernels.arrivals import OCTAVES
from ringwall.risk import Peril, RiskModel, RiskProfile, SystemicEvents, draw_systemic, uniforms, year_levels

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

TILE_YEARS = 16_384
"""Years that are drawn in one go: their sums stay in the processor's own memory. Part of the meaning of a seed."""
GUIDES_A_YEAR = 2


@dataclass(frozen=True, slots=True)
class Shocks:
    """The common shocks in date order: date (year and share of it), scenario, list by vendor, chance of a hit."""

    date: Floats
    scenario: Whole
    listed: Whole
    """Scenario and vendor: which policies it can reach."""
    chance: Floats
    vendor: tuple[str, ...]
    """The vendor of each; empty where it has none."""
    lists: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """What all policies of a run share."""

    seed: int
    as_at: date | None
    levels: Floats
    shocks: Shocks
    causes: tuple[str, ...]
    """Perils, then scenarios: the meaning of the cause numbers."""
    own_causes: int

    @property
    def years(self) -> int:
        return len(self.levels)

    @property
    def tiles(self) -> int:
        return -(-self.years // TILE_YEARS)


class Levels(NamedTuple):
    """Running sum of the threat levels, and a guide from a place in it to the year."""

    start: Floats
    inverse: Floats
    guide: Whole
    scale: float
    steps: int
    """The year is at most so many after the guide's."""


class ShockLists(NamedTuple):
    """The shocks of a tile by list, and within each by octave of their chance; octaves without a shock are left out."""

    scenario: Whole
    """Of each list."""
    first: Whole
    """The first octave of each list, and one place more."""
    expected: Floats
    """Draws that a list is likely to need."""
    start: Whole
    """The first shock of each octave, and one place more."""
    top: Floats
    skips: Floats
    """Mean skip over shocks that are not struck, by exponential draws."""
    shock: Whole
    chance: Floats


class Tile(NamedTuple):
    """One stretch of years; shocks count from `first_shock` of the calendar."""

    number: int
    first_year: int
    years: int
    first_shock: int
    levels: Levels
    lists: ShockLists
    date: Floats
    cause: Whole


def draw_calendar(model: RiskModel, profile: RiskProfile, years: int, seed: int, as_at: date | None) -> Calendar:
    """Threat levels and common shocks of all years; `profile` is that of the reference insured."""
    causes = (*(str(peril) for peril in Peril), *(scenario.code for scenario in model.scenarios))
    levels, drawn = year_levels(model, profile, years, seed), draw_systemic(model, years, seed)
    time = uniforms(len(drawn.year), seed, "systemic", "time")
    return Calendar(seed, as_at, levels, shocks_of(model, drawn, time), causes, len(Peril))


def shocks_of(model: RiskModel, drawn: SystemicEvents, time: Floats) -> Shocks:
    vendors = [*model.vendor_shares, ""]
    date = drawn.year.astype(np.float64) + np.minimum(time, 0.9999999)
    order = np.argsort(date, kind="stable")
    listed = list_number(drawn.scenario, drawn.vendor, len(vendors))[order]
    names = tuple(vendors[vendor] for vendor in drawn.vendor[order].tolist())
    chance = np.minimum(drawn.exposed * drawn.hit, 1.0)[order]
    return Shocks(date[order], drawn.scenario[order], listed, chance, names, len(model.scenarios) * len(vendors))


def list_number(scenario: Whole, vendor: Whole, vendors: int) -> Whole:
    """One list for each scenario and vendor; vendor −1 is the last of its scenario."""
    return np.asarray(scenario * vendors + vendor % vendors, np.int64)


def tile_of(calendar: Calendar, number: int) -> Tile:
    first = number * TILE_YEARS
    last = min(first + TILE_YEARS, calendar.years)
    begins, ends = (int(place) for place in np.searchsorted(calendar.shocks.date, [first, last]))
    shocks = calendar.shocks
    return Tile(
        number,
        first,
        last - first,
        begins,
        _levels(calendar.levels[first:last]),
        _lists(shocks, begins, ends),
        shocks.date[begins:ends] - first,
        calendar.own_causes + shocks.scenario[begins:ends],
    )


def _levels(levels: Floats) -> Levels:
    start = np.concatenate([[0.0], np.cumsum(levels)])
    buckets = GUIDES_A_YEAR * len(levels)
    scale = buckets / start[-1]
    # A little too early, so that no rounding of a product leads past the year.
    guide = np.searchsorted(start, np.arange(buckets + 2) / scale * (1 - 1e-12), side="right") - 1
    guide = np.clip(guide, 0, len(levels) - 1)
    return Levels(start, 1 / levels, guide.astype(np.int64), float(scale), int(np.diff(guide).max()))


def _lists(shocks: Shocks, begins: int, ends: int) -> ShockLists:
    chance, listed = shocks.chance[begins:ends], shocks.listed[begins:ends]
    halvings = np.floor(-np.log2(np.maximum(chance, 2.0**-60)))
    bucket = listed * OCTAVES + np.minimum(halvings, OCTAVES - 1).astype(np.int64)
    order = np.argsort(bucket, kind="stable")
    held, counts = np.unique(bucket, return_counts=True)
    top = np.exp2(-(held % OCTAVES).astype(np.float64))
    scenario = np.zeros(shocks.lists, np.int64)
    scenario[listed] = shocks.scenario[begins:ends]
    return ShockLists(
        scenario,
        np.searchsorted(held // OCTAVES, np.arange(shocks.lists + 1)).astype(np.int64),
        np.bincount(held // OCTAVES, counts * top + 1, shocks.lists).astype(np.float64),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        top,
        np.where(top < 1, -1 / np.log1p(-np.where(top < 1, top, 0.5)), 0.0),
        order.astype(np.int64),
        chance[order],
    )
