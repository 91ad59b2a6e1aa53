"""Tile after tile through draws, terms and sums: the same integers in any batch, in any order, on any executor."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.blocks import digest, sources
from ringwall.portfolio.engine import loops
from ringwall.portfolio.engine.calendar import Tile, with_ties
from ringwall.portfolio.engine.columns import PolicyColumns
from ringwall.portfolio.engine.kernels.arrivals import LATEST
from ringwall.portfolio.engine.loops import Compile, engine_text, name_of, terms_text
from ringwall.portfolio.engine.recipes import RecipeTable
from ringwall.terms import LANES, KernelPlan

Whole = NDArray[np.int64]

ROOM = 262_144
"""Events that are drawn, settled and summed in one go: so many that two workers seldom wait for the interpreter at
once, between loops. No result depends on it."""
YEARS_AN_EVENT = 8
"""Policy-years for which a small block has room for one event, at first; no result depends on it."""
SPARE = 1024
MANY = 5_000_000
"""Policy-years of one worker from which it pays to compile a second loop of the terms; no result depends on it."""
NOTHING_GIVEN = np.zeros((0, 0), np.int64)
ODD = "an amount falls below nil or rises above the declared maximum"


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
    lanes: bool
    """Whether the terms' bounds let events that open their year be settled several at a time."""

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
    """Where each row begins: own events in date order, then common shocks in none."""
    row_shocks: Whole
    """Where its common shocks begin."""
    year: NDArray[np.int32]
    """Within the tile."""
    place: Whole
    """Of an own event, in the running sum of threat levels."""
    cause: NDArray[np.uint8]
    shock: NDArray[np.int32]
    """Within the tile; −1 for an own event."""
    contract: Whole
    statutory: Whole
    parts: Whole
    tile: Tile

    @property
    def date(self) -> NDArray[np.float64]:
        """Year within the tile and share of it; few who run a book ask for it."""
        levels, shocks = self.tile.levels, np.append(self.tile.date, 0.0)
        share = (self.place - levels.start[self.year]) * levels.inverse[self.year]
        return np.where(self.shock >= 0, shocks[self.shock], self.year + np.minimum(share, LATEST))


class Runner:
    """The loops and the room of one worker for one structure and one tile."""

    def __init__(self, structure: Structure, tile: Tile, compile_loops: Compile, room: int = ROOM) -> None:
        engine, terms = compile_loops(engine_text()), compile_loops(terms_text(structure.plan.text))
        self.draw, self.add_up = engine["draw"], engine["add_up"]
        self.order_years = engine["order_years"]
        self.settle, self.settle_fresh = terms["run"], terms["fresh"]
        plan, tile = structure.plan, with_ties(tile, structure.columns.ties.sets)
        self.tile = tile
        self.longest = int(np.diff(structure.recipes.start).max(initial=1))
        self.take(structure)
        self.levels = tuple(tile.levels)
        self.shocks = (tuple(tile.lists), (tile.year, tile.date, tile.cause))
        self.recipes = tuple(structure.recipes)
        self.sums, self.lanes = np.zeros(len(plan.kinds), np.int64), np.zeros(LANES * plan.lanes, np.int64)
        self.make_room(min(room, SPARE + structure.size * tile.years // YEARS_AN_EVENT))
        self.events_done = self.items_done = 0

    def take(self, structure: Structure) -> None:
        """Another part of the same structure, in the room that is there."""
        columns = structure.columns
        self.structure = structure
        self.own_causes = columns.bounds.shape[1] + 1
        self.several = structure.lanes and structure.size * self.tile.years >= MANY
        kinds = structure.recipes.steps[:, 0]
        self.policies = (*columns[:-2], structure.most, self.longest, bool(np.ptp(kinds)))
        self.ties = tuple(columns.ties[:-1])

    def make_room(self, enough: int) -> None:
        """For `enough` events and those of one policy more."""
        self.enough = enough
        events = enough + len(self.tile.date) + SPARE
        items = self.longest * events
        self.draws, self.scratch = (
            _draws(self.structure.recipes, events),
            _scratch(items, len(self.tile.date)),
        )
        years, shocks = self.tile.years, len(self.tile.date)
        self.linked = (
            np.empty(years, np.int32), np.empty(shocks + 1, np.int32), np.empty(events, np.int32),
            np.zeros(years, np.int64),
        )  # fmt: skip
        # Where every event has one item, and all are of one kind, both columns stay as they are made here.
        starts, kind = np.arange(events + 1, dtype=np.int32), self.structure.recipes.steps[0, 0]
        self.out: tuple[Any, ...] = (
            np.empty(events, np.int64), *(np.empty(events + 1, np.int64) for _ in range(2)),
            np.empty(events, np.int32), np.empty(events, np.int64), np.empty(events, np.uint8),
            np.empty(events, np.int32), starts, np.full(items, kind, np.uint8), np.empty(items, np.int64),
            np.empty(items, np.int32),
        )  # fmt: skip
        self.again: tuple[Any, ...] = (
            np.empty(events, np.int64), np.empty(events + 1, np.int64), np.empty(events, np.int32)
        )  # fmt: skip
        self.paid = tuple(np.empty(events, np.int64) for _ in range(2))
        self.parts = np.empty((events, len(self.structure.plan.parts)), np.int64)
        self.pays = np.empty(events, np.int64)
        self.costs = np.empty((self.structure.plan.costs, items + 1), np.int64)

    def settled(self, first: int, last: int) -> Iterator[Settled]:
        """The events of these policies, some whole policies at a time."""
        while first < last:
            upto, rows, events, items = self.draw(
                first, last, self.tile.number, self.enough, self.policies, self.ties, self.structure.columns.relief,
                self.levels, self.shocks, self.recipes, self.draws, self.scratch, self.out,
            )  # fmt: skip
            if upto == first:
                self.make_room(2 * self.enough)
                continue
            self.events_done, self.items_done = self.events_done + events, self.items_done + items
            policy, start, shocks = self.out[0][:rows], self.out[1][: rows + 1], self.out[2][:rows]
            if self.several:
                self.pay_fresh(policy, start)
            groups = self.put_in_order(rows)
            if groups:
                self.pay_again(groups)
            year, place, cause, shock, contract, statutory, parts = (
                column[:events] for column in (*self.out[3:7], *self.paid, self.parts)
            )
            yield Settled(policy, start, shocks, year, place, cause, shock, contract, statutory, parts, self.tile)
            first = upto

    def pay_fresh(self, policy: Whole, start: Whole) -> None:
        """Every event as if it opened its year."""
        s = self.structure
        odd = self.settle_fresh(
            s.most, self.lanes, self.costs, start, s.numbers[s.schedule[policy]],
            s.openings[s.columns.opening_of[policy]], *self.out[7:], *self.paid, self.parts,
        )  # fmt: skip
        assert odd >= 0, ODD

    def put_in_order(self, rows: int) -> int:
        """The events of crowded years, but for policies where none of these spends what its terms can feel."""
        if self.several and not self.structure.plan.states:
            return 0
        spare, events = self.spare(rows) if self.several else None, (*self.out[:5], self.out[6])
        groups: int = self.order_years(
            rows, events, self.paid[0], spare, self.structure.columns.opening_of, self.levels, self.shocks[1],
            self.linked, self.again,
        )  # fmt: skip
        return groups

    def spare(self, rows: int) -> Whole:
        """What each row's policy may spend in a year before its terms feel it; below nil where they feel all."""
        s, policy = self.structure, self.out[0][:rows]
        if s.plan.ceiling is None:
            return np.full(rows, -1)
        left: Whole = s.numbers[s.schedule[policy], s.plan.ceiling] - s.openings[s.columns.opening_of[policy], 0]
        return left

    def pay_again(self, groups: int) -> None:
        """The events of crowded years, one after another."""
        s = self.structure
        policy, start, order = self.again
        policy = policy[:groups]
        odd = self.settle(
            s.most, self.sums, start[: groups + 1], order, s.numbers[s.schedule[policy]],
            s.openings[s.columns.opening_of[policy]], self.out[3], *self.out[7:], NOTHING_GIVEN, *self.paid, self.parts,
        )  # fmt: skip
        assert odd >= 0, ODD

    def add(self, sums: tuple[Whole, ...], first: int, last: int) -> None:
        """Adds these policies to the sums of the tile, in the order of `Totals`."""
        by_year, largest, second, by_shock, paying, by_policy, by_cause = sums
        years, shocks = np.zeros((len(by_year), 2), np.int64), np.zeros((len(by_shock), 2), np.int64)
        years[:, 1] = second
        for done in self.settled(first, last):
            events = (done.policy, done.row_start, done.row_shocks, done.year, done.cause, done.shock)
            paid = (done.contract, done.statutory, self.pays)
            self.add_up(len(done.policy), self.own_causes, events, paid, (years, largest, shocks, by_policy, by_cause))
        second[:] = years[:, 1]
        by_year += years[:, 0]
        by_shock += shocks[:, 0]
        paying += shocks[:, 1]
        np.add.at(by_year, self.tile.year, shocks[:, 0])
        np.add.at(by_cause, self.tile.cause, shocks[:, 0])


class Runners:
    """Runners that wait for work: the next block of the same policies finds its room made."""

    def __init__(self) -> None:
        self._idle: list[tuple[tuple[object, ...], Runner]] = []

    @contextmanager
    def of(self, structure: Structure, tile: Tile, compile_loops: Compile) -> Iterator[Runner]:
        """One that is nobody else's until it is given back; two threads never hold the same."""
        shared = (structure.plan, structure.recipes, structure.numbers, structure.columns.ties, tile, compile_loops)
        runner = self._waiting(shared)
        if runner is None:
            runner = Runner(structure, tile, compile_loops)
        else:
            runner.take(structure)
        yield runner
        self._idle.append((shared, runner))

    def _waiting(self, shared: tuple[object, ...]) -> Runner | None:
        """One that ran the same policies and tile; what ran others goes."""
        try:
            before, runner = self._idle.pop()
        except IndexError:
            return None
        return runner if all(map(operator.is_, before, shared)) else None

    def __reduce__(self) -> tuple[type[Runners], tuple[()]]:
        return Runners, ()  # another process begins with none


@cache
def code_name() -> str:
    """A name for the code that runs a block, and for the compiler that makes its loops."""
    return digest(name_of(engine_text()), sources(loops, sys.modules[__name__]))


def _scratch(items: int, shocks: int) -> tuple[Any, ...]:
    """Room for one policy, which the loops write over and over."""
    most = max(items, 2 * shocks) + SPARE
    drawing = (np.empty(most, np.uint32), np.empty(most, np.uint32), np.empty(most), np.empty(most))
    loss = (
        *(np.empty(items + SPARE) for _ in range(2)),
        *(np.empty(items, np.int64) for _ in range(2)),
        *(np.empty(items + 2 * SPARE) for _ in range(2)),
    )
    return drawing, loss


def _draws(recipes: RecipeTable, events: int) -> tuple[Any, ...] | None:
    """Room for one policy's gates and common factors; None where no recipe has any: `draw` is another loop then."""
    return None if recipes.plain else (np.empty(4 * events, np.uint32), np.zeros(2 * events + SPARE))
