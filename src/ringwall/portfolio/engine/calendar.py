"""The years of a run: threat level of each, and the common shocks in them, tile by tile as the loops read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.engine.kernels.arrivals import OCTAVES, TICKS, TRIED
from ringwall.risk import (
    Peril,
    RiskModel,
    RiskProfile,
    SystemicEvents,
    draw_systemic,
    reached,
    uniforms,
    year_levels,
)

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

TILE_YEARS = 16_384
"""Years that are drawn in one go: their sums stay in the processor's own memory. Part of the meaning of a seed."""
GUIDES_A_YEAR = 2


class TieSet(NamedTuple):
    """What a policy hangs on in one scenario: the vendors it depends on, or its industry."""

    scenario: int
    ties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which shocks reach a vendor or an industry, the same for everybody who hangs on it: the risk model says so."""

    model: RiskModel
    drawn: SystemicEvents
    order: Whole
    """The place of each shock of the calendar among those drawn."""
    hit: Floats
    """The chance of a loss of those who are reached, by the calendar's order."""
    seed: int

    def places(self, tied: TieSet) -> Whole:
        """The shocks, in date order, that reach at least one of these vendors or the industry."""
        found = np.zeros(len(self.order), np.bool_)
        found[self.drawn.scenario == tied.scenario] = np.logical_or.reduce(
            [reached(self.model, self.drawn, tied.scenario, tie, self.seed) for tie in tied.ties]
        )
        return np.flatnonzero(found[self.order])


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
    reach: Reach | None = None
    """Asked for policies that hang on a vendor or an industry; None where no policy of the run does."""


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
    """Running sum of the threat levels in ticks, and a guide from a place in it to the year."""

    start: Whole
    inverse: Floats
    """Shares of a year in a tick."""
    guide: NDArray[np.int16]
    shift: int
    """An entry of the guide is for so many bits of a place."""
    steps: int
    """The year is at most so many after the guide's."""


class ShockLists(NamedTuple):
    """The shocks of a tile by list, and within each by octave of their chance; octaves without a shock are left out."""

    scenario: Whole
    """Of each list."""
    stream: Whole
    """The number of each list's draws: lists of which a policy has but one share it."""
    first: Whole
    """The first octave of each list, and one place more."""
    skipped: Whole
    """The first octave of each list whose shocks are not tried one by one."""
    expected: Floats
    """Skips that a list is likely to need."""
    start: Whole
    """The first shock of each octave, and one place more."""
    top: Floats
    skips: Floats
    """Mean skip over shocks that are not struck, by exponential draws."""
    shock: Whole
    chance: Floats


class Tile(NamedTuple):
    """One stretch of years; shocks count from `first_shock` of the calendar.

    The lists of all vendors come first, then one list for each tie set that policies need.
    """

    number: int
    first_year: int
    years: int
    first_shock: int
    levels: Levels
    lists: ShockLists
    date: Floats
    year: NDArray[np.int32]
    """Within the tile, of each shock."""
    cause: NDArray[np.uint8]
    tied: tuple[TieSet, ...]
    reach: Reach | None


def draw_calendar(model: RiskModel, profile: RiskProfile, years: int, seed: int, as_at: date | None) -> Calendar:
    """Threat levels and common shocks of all years; `profile` is that of the reference insured."""
    causes = (*(str(peril) for peril in Peril), *(scenario.code for scenario in model.scenarios))
    levels, drawn = year_levels(model, profile, years, seed), draw_systemic(model, years, seed)
    time = uniforms(len(drawn.year), seed, "systemic", "time")
    return Calendar(seed, as_at, levels, shocks_of(model, drawn, time, seed), causes, len(Peril))


def shocks_of(model: RiskModel, drawn: SystemicEvents, time: Floats, seed: int) -> Shocks:
    vendors = [*model.vendor_shares, ""]
    date = drawn.year.astype(np.float64) + np.minimum(time, 0.9999999)
    order = np.argsort(date, kind="stable")
    listed = list_number(drawn.scenario, drawn.vendor, len(vendors))[order]
    names = tuple(vendors[vendor] for vendor in drawn.vendor[order].tolist())
    chance = np.minimum(drawn.exposed * drawn.hit, 1.0)[order]
    reach = Reach(model, drawn, order, np.minimum(drawn.hit, 1.0)[order], seed)
    return Shocks(date[order], drawn.scenario[order], listed, chance, names, len(model.scenarios) * len(vendors), reach)


def list_number(scenario: Whole, vendor: Whole, vendors: int) -> Whole:
    """One list for each scenario and vendor; vendor −1 is the last of its scenario."""
    return np.asarray(scenario * vendors + vendor % vendors, np.int64)


def tile_of(calendar: Calendar, number: int) -> Tile:
    first = number * TILE_YEARS
    last = min(first + TILE_YEARS, calendar.years)
    begins, ends = (int(place) for place in np.searchsorted(calendar.shocks.date, [first, last]))
    shocks = calendar.shocks
    dates = shocks.date[begins:ends] - first
    return Tile(
        number,
        first,
        last - first,
        begins,
        _levels(calendar.levels[first:last]),
        _lists(shocks, begins, ends),
        dates,
        dates.astype(np.int32),
        (calendar.own_causes + shocks.scenario[begins:ends]).astype(np.uint8),
        (),
        shocks.reach,
    )


def with_ties(tile: Tile, tied: Sequence[TieSet]) -> Tile:
    """The tile with a list of the shocks that reach each of these, complete: the calendar is needed no more."""
    if tile.tied == tuple(tied):
        return tile._replace(reach=None)
    assert tile.reach is not None and not tile.tied, "ties are looked up in the calendar that the shocks come from"
    ends = tile.first_shock + len(tile.date)
    places = [found[slice(*np.searchsorted(found, (tile.first_shock, ends)))] for found in map(tile.reach.places, tied)]
    flat = np.concatenate(places)
    scenario = np.array([one.scenario for one in tied], np.int64)
    vendors = len(tile.reach.model.vendor_shares) + 1
    more = _in_octaves(
        np.repeat(np.arange(len(tied)), [len(found) for found in places]),
        flat - tile.first_shock,
        tile.reach.hit[flat],
        scenario,
        list_number(scenario, np.full(len(tied), -1), vendors),
    )
    return tile._replace(lists=_joined(tile.lists, more), tied=tuple(tied), reach=None)


def _joined(first: ShockLists, more: ShockLists) -> ShockLists:
    """The lists of both, `more` behind."""
    octaves = first.first[-1]
    behind = more._replace(
        first=more.first[1:] + octaves, skipped=more.skipped + octaves, start=more.start[1:] + first.start[-1]
    )
    return ShockLists(*(np.concatenate(columns) for columns in zip(first, behind, strict=True)))


def _levels(levels: Floats) -> Levels:
    start = np.concatenate([[0], np.cumsum(np.maximum(np.rint(levels * TICKS), 1).astype(np.int64))])
    shift = max(int(start[-1]) // (GUIDES_A_YEAR * len(levels)), 1).bit_length() - 1
    first = np.arange((int(start[-1]) >> shift) + 1) << shift
    last = np.minimum(first + (1 << shift), start[-1]) - 1
    guide, ends = (np.searchsorted(start, place, side="right") - 1 for place in (first, last))
    return Levels(start, 1 / np.diff(start), guide.astype(np.int16), shift, int((ends - guide).max()))


def _lists(shocks: Shocks, begins: int, ends: int) -> ShockLists:
    listed = shocks.listed[begins:ends]
    scenario = np.zeros(shocks.lists, np.int64)
    scenario[listed] = shocks.scenario[begins:ends]
    chance = shocks.chance[begins:ends]
    return _in_octaves(listed, np.arange(ends - begins), chance, scenario, np.arange(shocks.lists))


def _in_octaves(listed: Whole, shock: Whole, chance: Floats, scenario: Whole, stream: Whole) -> ShockLists:
    """One entry a shock and list that it stands in, sorted by list and octave; scenario and stream are of each list."""
    halvings = np.floor(-np.log2(np.maximum(chance, 2.0**-60)))
    bucket = listed * OCTAVES + np.minimum(halvings, OCTAVES - 1).astype(np.int64)
    order = np.argsort(bucket, kind="stable")
    held, counts = np.unique(bucket, return_counts=True)
    octave, places = held % OCTAVES, np.arange(len(scenario) + 1) * OCTAVES
    top = np.exp2(-octave.astype(np.float64))
    skips = np.where(octave < TRIED, 0, counts * top + 1)
    return ShockLists(
        scenario,
        stream,
        np.searchsorted(held, places).astype(np.int64),
        np.searchsorted(held, places[:-1] + TRIED).astype(np.int64),
        np.bincount(held // OCTAVES, skips, len(scenario)).astype(np.float64),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        top,
        np.where(top < 1, -1 / np.log1p(-np.where(top < 1, top, 0.5)), 0.0),
        shock[order],
        chance[order],
    )
