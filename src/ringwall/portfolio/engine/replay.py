"""Some years again, event by event: from a point of a curve to the policies, parts and vendors that made it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.blocks import Work, finished
from ringwall.portfolio.engine.calendar import TILE_YEARS, Calendar, Tile, tile_of
from ringwall.portfolio.engine.loops import Compile, in_memory
from ringwall.portfolio.engine.run import Runner, Settled, Structure

Whole = NDArray[np.int64]
BLOCK = 1024
"""Policies that one call to an executor runs; the result does not depend on it."""


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


@dataclass(frozen=True, slots=True)
class _Block:
    """Some policies of one structure in one tile of years."""

    structure: Structure
    tile: Tile


def replay(
    calendar: Calendar,
    structures: Iterable[Structure],
    years: Collection[int],
    *,
    executor: Executor | None = None,
    loops: Compile = in_memory,
) -> Replay:
    """These years of the whole book, on any executor; the structures' plans give what each part pays."""
    wanted = np.array(sorted(years), np.int64)
    held = list(structures)
    parts = tuple(dict.fromkeys(part for structure in held for part in structure.plan.parts))
    blocks = [
        _Block(structure.part(at, min(at + BLOCK, structure.size)), tile)
        for number in sorted({int(year) // TILE_YEARS for year in wanted.tolist()})
        for tile in (tile_of(calendar, number),)
        for structure in held
        for at in range(0, structure.size, BLOCK)
    ]
    work = Work(partial(_replayed, loops, wanted, parts), lambda _: "", Replay)
    rows = _joined(parts, (found for _, found in finished(work, blocks, executor, None, None)))
    order = np.lexsort((rows.part, rows.cause, rows.date, rows.policy))
    return _made((column[order] for column in _columns(rows)), parts)


def _replayed(loops: Compile, wanted: Whole, parts: tuple[str, ...], block: _Block) -> Replay:
    runner = Runner(block.structure, block.tile, loops)
    return _joined(parts, (_rows(done, runner, wanted, parts) for done in runner.settled(0, block.structure.size)))


def _joined(parts: tuple[str, ...], tables: Iterable[Replay]) -> Replay:
    none = np.zeros(0, np.int64)
    nothing = Replay(none, none, np.zeros(0), none, none, none, none, parts)
    columns = zip(*(_columns(table) for table in (nothing, *tables)), strict=True)
    return _made((np.concatenate(column) for column in columns), parts)


def _made(columns: Iterable[NDArray[Any]], parts: tuple[str, ...]) -> Replay:
    policy, year, date, cause, shock, part, amount = columns
    return Replay(policy, year, date, cause, shock, part, amount, parts)


def _columns(rows: Replay) -> tuple[NDArray[Any], ...]:
    return rows.policy, rows.year, rows.date, rows.cause, rows.shock, rows.part, rows.amount


def _rows(done: Settled, runner: Runner, wanted: Whole, parts: tuple[str, ...]) -> Replay:
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
    return _made((*own, place[part], paid[event, part]), parts)
