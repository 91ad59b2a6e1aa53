"""Some years again, event by event: from a point of a curve to the policies, parts and vendors that made it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.engine.calendar import TILE_YEARS, Calendar, tile_of
from ringwall.portfolio.engine.loops import Compile, in_memory
from ringwall.portfolio.engine.run import Runner, Settled, Structure

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Replay:
    """One row a payment under one part, in order of policy and date; the sum of a year is the year's loss."""

    policy: Whole
    """The place of the policy in the book."""
    year: Whole
    date: NDArray[np.float64]
    cause: Whole
    shock: Whole
    """The place of the common shock in the calendar; -1 for an own event."""
    part: Whole
    """The place in `parts`."""
    amount: Whole
    parts: tuple[str, ...]


def replay(
    calendar: Calendar, structures: Iterable[Structure], years: Collection[int], *, loops: Compile = in_memory
) -> Replay:
    """These years of the whole book; the structures' plans give what each part pays."""
    wanted = np.array(sorted(years), np.int64)
    held = list(structures)
    parts = tuple(dict.fromkeys(part for structure in held for part in structure.plan.parts))
    tables = [
        _rows(done, runner, wanted, parts)
        for number in sorted({int(year) // TILE_YEARS for year in wanted.tolist()})
        for structure in held
        for runner in (Runner(structure, tile_of(calendar, number), loops),)
        for done in runner.settled(0, structure.size)
    ]
    none = np.zeros(0, np.int64)
    columns = list(zip((none,) * 7, *tables, strict=True))
    policy, year, _, cause, shock, part, amount = (np.concatenate(column).astype(np.int64) for column in columns)
    date = np.concatenate(columns[2]).astype(np.float64)
    order = np.lexsort((part, cause, date, policy))
    return Replay(
        policy[order], year[order], date[order], cause[order], shock[order], part[order], amount[order], parts
    )


def _rows(done: Settled, runner: Runner, wanted: Whole, parts: tuple[str, ...]) -> tuple[NDArray[Any], ...]:
    """What stands in these years, one row for each part that pays."""
    tile, structure = runner.tile, runner.structure
    year = done.year + tile.first_year
    mine = np.flatnonzero(np.isin(year, wanted))
    policy = np.repeat(structure.rank[done.policy], np.diff(done.row_start))[mine]
    paid = done.parts[mine]
    assert np.array_equal(paid.sum(axis=1), (done.contract + done.statutory)[mine]), "the parts are the whole payment"
    place = np.array([parts.index(part) for part in structure.plan.parts], np.int64)
    event, part = np.nonzero(paid)
    shock = np.where(done.shock >= 0, done.shock + tile.first_shock, done.shock)[mine]
    date = done.date[mine] + tile.first_year
    own = (policy[event], year[mine][event], date[event], done.cause[mine][event], shock[event])
    return *own, place[part], paid[event, part]
