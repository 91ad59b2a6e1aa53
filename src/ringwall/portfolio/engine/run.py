"""Tile after tile through draws, terms and sums: the same integers in any batch, in any order, on any executor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.blocks import digest, sources
from ringwall.portfolio.engine import loops
from ringwall.portfolio.engine.calendar import Tile, with_ties
from ringwall.portfolio.engine.columns import PolicyColumns
from ringwall.portfolio.engine.kernels.tile import MOST_STEPS
from ringwall.portfolio.engine.loops import Compile, engine_text, name_of, terms_text
from ringwall.portfolio.engine.recipes import RecipeTable
from ringwall.terms import KernelPlan

Whole = NDArray[np.int64]

ROOM = 16_384
"""Events that are drawn, settled and summed in one go; no result depends on it."""
SPARE = 1024
NOTHING_GIVEN = np.zeros((0, 0), np.int64)


@dataclass(frozen=True, slots=True)
class Structure:
    """Policies whose terms share one graph, ready for its loop."""

    plan: KernelPlan
    most: int
    """The declared maximum of the product: no amount of an item is larger."""
    columns: PolicyColumns
    rank: Whole
    """The place of each policy in the book."""
    schedule: Whole
    """The row of `numbers` of each policy."""
    numbers: Whole
    openings: Whole
    """Opening states; the last row is nil."""
    recipes: RecipeTable

    @property
    def size(self) -> int:
        return len(self.rank)

    def part(self, first: int, last: int) -> Structure:
        """Some of the policies; what many share stays whole."""
        rows = slice(first, last)
        shared: dict[str, Any] = {"ties": self.columns.ties, "relief": self.columns.relief}
        own: dict[str, Any] = {
            name: column[rows] for name, column in self.columns._asdict().items() if name not in shared
        }
        columns = PolicyColumns(**own, **shared)
        return replace(self, columns=columns, rank=self.rank[rows], schedule=self.schedule[rows])


class Settled(NamedTuple):
    """Events of whole policies with what they pay; overwritten by the next."""

    policy: Whole
    """Of each row, its place in the structure."""
    row_start: Whole
    year: Whole
    """Within the tile."""
    date: NDArray[np.float64]
    cause: Whole
    shock: Whole
    """Within the tile; −1 for an own event."""
    contract: Whole
    statutory: Whole
    parts: Whole


class Runner:
    """The loops and the room of one worker for one structure and one tile."""

    def __init__(self, structure: Structure, tile: Tile, compile_loops: Compile, room: int = ROOM) -> None:
        engine = compile_loops(engine_text())
        self.draw, self.add_up = engine["draw"], engine["add_up"]
        self.settle = compile_loops(terms_text(structure.plan.text))["run"]
        columns = structure.columns
        tile = with_ties(tile, columns.ties.sets)
        self.structure, self.tile = structure, tile
        self.policies = (*columns[:-2], structure.most)
        self.ties = tuple(columns.ties[:-1])
        self.levels = tuple(tile.levels)
        self.shocks = (tuple(tile.lists), tile.date, tile.cause)
        self.sums = np.zeros(len(structure.plan.kinds), np.int64)
        self.make_room(room)
        self.events_done = self.items_done = 0

    def make_room(self, events: int) -> None:
        shocks, parts = len(self.tile.date), len(self.structure.plan.parts)
        self.events = events
        self.room = _scratch(max(events, 256), shocks)
        self.out: tuple[Any, ...] = (
            *(np.empty(events + 1, np.int64) for _ in range(2)),
            np.empty(events, np.int64),
            np.empty(events),
            *(np.empty(events, np.int64) for _ in range(2)),
            np.empty(events + 1, np.int64),
            np.empty(MOST_STEPS * events, np.uint8),
            *(np.empty(MOST_STEPS * events, np.int64) for _ in range(2)),
        )
        self.paid = tuple(np.empty(events, np.int64) for _ in range(2))
        self.parts = np.empty((events, parts), np.int64)

    def settled(self, first: int, last: int) -> Iterator[Settled]:
        """The events of these policies, some whole policies at a time."""
        s = self.structure
        while first < last:
            upto, rows, events, items = self.draw(
                first, last, self.tile.number, self.policies, self.ties, s.columns.relief,
                self.levels, self.shocks, tuple(s.recipes), self.room, self.out,
            )  # fmt: skip
            if upto == first:
                self.make_room(2 * self.events)
                continue
            self.events_done, self.items_done = self.events_done + events, self.items_done + items
            row_policy, row_start, year, date, cause, shock, item_start, kind, amount, seconds = self.out
            policy, start = row_policy[:rows], row_start[: rows + 1]
            odd = self.settle(
                s.most, self.sums, start, s.numbers[s.schedule[policy]], s.openings[s.columns.opening_of[policy]],
                year, item_start, kind, amount, seconds, NOTHING_GIVEN, *self.paid, self.parts,
            )  # fmt: skip
            assert odd >= 0, "an amount falls below nil or rises above the declared maximum"
            columns = (column[:events] for column in (year, date, cause, shock, *self.paid, self.parts))
            yield Settled(policy, start, *columns)
            first = upto

    def add(self, sums: tuple[Whole, ...], first: int, last: int) -> None:
        """Adds these policies to the sums of the tile, in the order of `kernels.sums`."""
        for done in self.settled(first, last):
            events = (done.policy, done.row_start, done.year, done.cause, done.shock)
            self.add_up(len(done.policy), events, done.contract, done.statutory, sums)


@cache
def code_name() -> str:
    """A name for the code that runs a block, and for the compiler that makes its loops."""
    return digest(name_of(engine_text()), sources(loops, sys.modules[__name__]))


def _scratch(events: int, shocks: int) -> tuple[Any, ...]:
    """Room for one policy, which the loops write over and over."""
    items = MOST_STEPS * events
    most = max(items, 2 * shocks) + SPARE
    loss = (
        *(np.empty(items + SPARE) for _ in range(2)),
        *(np.empty(items, np.int64) for _ in range(2)),
        *(np.empty(items + 2 * SPARE) for _ in range(2)),
    )
    return (
        np.empty(most, np.uint32),
        np.empty(most, np.uint32),
        np.empty(most),
        np.zeros((shocks + 63) // 64, np.uint64),
        np.empty(events + 2),
        np.empty(shocks + 2),
        *(np.empty(events + shocks, np.int64) for _ in range(3)),
        np.empty(events + shocks),
        np.empty(4 * (events + shocks), np.uint32),
        np.zeros(2 * (events + shocks) + SPARE),
        loss,
    )
