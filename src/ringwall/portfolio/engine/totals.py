"""A whole book in sums: by year, by common shock, by policy and by cause; one policy can be taken out or put in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.blocks import Store, Watch, Work, digest, finished, sources
from ringwall.portfolio.engine.calendar import Calendar, TieSet, Tile, tile_of, with_ties
from ringwall.portfolio.engine.loops import Compile, in_memory
from ringwall.portfolio.engine.run import Runners, Structure, code_name

Whole = NDArray[np.int64]

BLOCK = 4096
"""Policies that one call to an executor runs; the result does not depend on it."""
UNKNOWN = -1
_THIS = sys.modules[__name__]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a book pays over all simulated years, in whole minor units; sums are exact in any order."""

    by_year: Whole
    largest: Whole
    """The largest own event of each year, and the largest one of any other policy; -1 where that is not known."""
    second: Whole
    by_shock: Whole
    paying: Whole
    """Policies that pay something for a common shock."""
    by_policy: Whole
    by_cause: Whole

    @property
    def years(self) -> int:
        return len(self.by_year)


@dataclass(frozen=True, slots=True)
class _Job:
    """Some policies of one structure in one tile."""

    structure: Structure
    tile: Tile


def total_book(
    calendar: Calendar,
    structures: Iterable[Structure],
    policies: int,
    *,
    executor: Executor | None = None,
    loops: Compile = in_memory,
    block: int = BLOCK,
    tiles: Sequence[Tile] = (),
    store: Store | None = None,
    watch: Watch | None = None,
) -> Totals:
    """All policies through all years; `policies` is the size of the book in which their ranks count.

    `tiles` are those of the calendar, where they are at hand already. What `store` keeps is not computed again.
    """
    tiles = tiles or tiles_of(calendar)
    jobs = [
        _Job(structure.part(at, min(at + block, structure.size)), tile)
        for structure in structures
        for tile in (with_ties(tile, structure.columns.ties.sets) for tile in tiles)
        for at in range(0, structure.size, block)
    ]
    causes = len(calendar.causes)
    kept = {(job.tile.number, job.tile.tied): job.tile for job in jobs} if store is not None else {}
    shared = {key: digest(code_name(), sources(_THIS), tile, causes) for key, tile in kept.items()}
    work = Work(partial(_run, Runners(), loops, causes), partial(_name, shared), Totals)
    total = _nothing(calendar.years, len(calendar.shocks.date), policies, causes)
    for job, found in finished(work, jobs, executor, store, watch):
        _join(total, found, job)
    return total


def tiles_of(calendar: Calendar) -> tuple[Tile, ...]:
    return tuple(tile_of(calendar, number) for number in range(calendar.tiles))


def largest_events(calendar: Calendar, total: Totals) -> Whole:
    """The largest event of each year, a common shock counted as one over its policies."""
    return with_shocks(calendar, total.largest, total.by_shock)


def with_shocks(calendar: Calendar, own: Whole, by_shock: Whole) -> Whole:
    """The largest event of each year, from the policies' own events and the whole calendar's common shocks."""
    found = own.copy()
    np.maximum.at(found, calendar.shocks.date.astype(np.int64), by_shock)
    return found


def with_policy(total: Totals, alone: Totals) -> Totals:
    """The book with one more policy, whose totals alone are given; equal to a run of the larger book."""
    high = np.maximum(total.largest, alone.largest)
    second = np.maximum(total.second, np.minimum(total.largest, alone.largest))
    return _summed(total, alone, 1, high, np.where(total.second == UNKNOWN, _unknown(total, alone), second))


def without_policy(total: Totals, alone: Totals) -> Totals:
    """The book without one of its policies; where that one was among the two largest, the new second is not known."""
    was_largest = (alone.largest == total.largest) & (alone.largest > 0)
    assert not (was_largest & (total.second == UNKNOWN)).any(), "the second largest was needed twice: run the book anew"
    high = np.where(was_largest, total.second, total.largest)
    counted = (alone.largest > 0) & (alone.largest >= total.second)
    return _summed(total, alone, -1, high, np.where(counted, UNKNOWN, total.second))


def _unknown(total: Totals, alone: Totals) -> Whole:
    """Beside an unknown second, a policy above the largest makes the old largest the second."""
    return np.where(alone.largest >= total.largest, total.largest, UNKNOWN)


def _summed(total: Totals, alone: Totals, sign: int, largest: Whole, second: Whole) -> Totals:
    return Totals(
        total.by_year + sign * alone.by_year,
        largest,
        second,
        total.by_shock + sign * alone.by_shock,
        total.paying + sign * alone.paying,
        total.by_policy + sign * alone.by_policy,
        total.by_cause + sign * alone.by_cause,
    )


def _name(shared: Mapping[tuple[int, tuple[TieSet, ...]], str], job: _Job) -> str:
    """The ranks are left out: they say where the sums go, not what they are."""
    return digest(shared[job.tile.number, job.tile.tied], replace(job.structure, rank=job.structure.rank[:0]))


def _run(runners: Runners, loops: Compile, causes: int, job: _Job) -> Totals:
    found = _nothing(job.tile.years, len(job.tile.date), job.structure.size, causes)
    sums = (found.by_year, found.largest, found.second, found.by_shock, found.paying, found.by_policy, found.by_cause)
    with runners.of(job.structure, job.tile, loops) as runner:
        runner.add(sums, 0, job.structure.size)
    return found


def _nothing(years: int, shocks: int, policies: int, causes: int) -> Totals:
    return Totals(*(np.zeros(size, np.int64) for size in (years, years, years, shocks, shocks, policies, causes)))


def _join(total: Totals, found: Totals, job: _Job) -> None:
    """Adds one job's sums."""
    tile = job.tile
    years = slice(tile.first_year, tile.first_year + tile.years)
    shocks = slice(tile.first_shock, tile.first_shock + len(tile.date))
    total.by_year[years] += found.by_year
    low = np.minimum(total.largest[years], found.largest)
    total.second[years] = np.maximum(np.maximum(total.second[years], found.second), low)
    total.largest[years] = np.maximum(total.largest[years], found.largest)
    total.by_shock[shocks] += found.by_shock
    total.paying[shocks] += found.paying
    total.by_policy[job.structure.rank] += found.by_policy
    total.by_cause[:] += found.by_cause
