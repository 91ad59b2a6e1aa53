"""The columnar reader: int64 arrays over the same graph, vectorised; period state erodes in order of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ringwall.terms.graph import CompiledTerms, Op, PeriodState
from ringwall.terms.readers.arrays import apply, spread, summed
from ringwall.terms.straight import load_program

Column = NDArray[np.int64]
Value = Column | int
BLOCK = 1 << 15
"""Events settled at once: the columns in flight stay in a core's second-level cache."""


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events in order: the period of each (never decreasing) and what stands in each subject column.

    The items of a part that is reckoned item by item stand one after the other; `offsets` has where those of each event
    begin, and the end. A part that it does not name has one item or interruption an event.
    """

    period: Column
    subject: Mapping[str, Column] = field(default_factory=dict)
    offsets: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnOutcome:
    """What each event pays, in whole minor units; `in_kind` and `charges` as in an outcome."""

    payable: Mapping[str, Column]
    contract: Column
    statutory: Column
    in_kind: Mapping[str, Column] = field(default_factory=dict)
    charges: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApartOutcome:
    """What each event pays in a period of its own; a plain number where it is the same for all events.

    `asked` is what an event asks of each period state before any ceiling; `ceilings` has the states that are
    min(ceiling, sum of asked) over a whole period.
    """

    payable: Mapping[str, Value]
    contract: Value
    statutory: Value
    asked: Mapping[str, Value]
    ceilings: Mapping[str, int]


class EventsApart:
    """Tables of events, each event the only one of its period, settled under one schedule after another of a structure.

    What no changed number reaches is kept, so that another limit costs only what that limit changes.
    """

    def __init__(self, terms: CompiledTerms, tables: Mapping[str, EventColumns]) -> None:
        self.terms, self.nothing = terms, _of_nothing(terms)
        self.tables = {name: _Apart(terms, columns, self.nothing) for name, columns in tables.items()}

    def settle(self, terms: CompiledTerms) -> dict[str, ApartOutcome]:
        """Under these terms: an array only where a column reaches, and a new one only where something changed."""
        assert terms.program == self.terms.program, "schedules of one structure"
        nothing = self.nothing if terms is self.terms else _of_nothing(terms)
        changed = {i for i, (new, old) in enumerate(zip(nothing, self.nothing, strict=True)) if new != old}
        return {name: _apart(terms, table.under(terms, nothing, changed)) for name, table in self.tables.items()}


def settle_apart(terms: CompiledTerms, columns: EventColumns) -> ApartOutcome:
    """Settle every event as the only one of its period: no state, so that a column nobody gives costs nothing."""
    return EventsApart(terms, {"": columns}).settle(terms)[""]


class _Apart:
    """One table: the nodes that its columns reach, and what they came to under the first schedule."""

    def __init__(self, terms: CompiledTerms, columns: EventColumns, nothing: Sequence[int]) -> None:
        _admissible(terms, columns)
        self.columns, self.rows = columns, slice(0, len(columns.period))
        found = {index for index, node in enumerate(terms.nodes) if node.name in columns.subject}
        for index, node in enumerate(terms.nodes):
            if not found.isdisjoint(node.inputs):
                found.add(index)
        self.reached = sorted(found)
        self.values: dict[int, Value] = dict(enumerate(nothing))
        _Work(terms, columns).run(self.reached, self.values, self.rows)

    def under(self, terms: CompiledTerms, nothing: Sequence[int], numbers: Set[int]) -> Mapping[int, Value]:
        """A limit that leaves every event as it is gives the very array that it was given: nothing below it changes."""
        if not numbers:
            return self.values
        work, values, changed = _Work(terms, self.columns), dict[int, Value](enumerate(nothing)), set(numbers)
        for index in self.reached:
            values[index] = before = self.values[index]
            if not changed.isdisjoint(terms.nodes[index].inputs):
                work.run((index,), values, self.rows)
                changed.discard(index)
                if values[index] is not before:
                    changed.add(index)
            else:
                changed.discard(index)
        return values


def _apart(terms: CompiledTerms, values: Mapping[int, Value]) -> ApartOutcome:
    return ApartOutcome(
        payable={part: values[index] for part, index in terms.payable.items()},
        contract=values[terms.contract],
        statutory=values[terms.statutory],
        asked={rule.name: values[rule.asked] for rule in terms.states},
        ceilings={rule.name: _whole(values[rule.ceiling]) for rule in terms.states if rule.ceiling is not None},
    )


def _of_nothing(terms: CompiledTerms) -> tuple[int, ...]:
    """The value of each node for an event in which nothing is lost, with one item or interruption of each part."""
    optional = terms.optional
    subject = {
        node.name: (optional.get(node.name, 0),) if node.scope else optional.get(node.name, 0)
        for node in terms.nodes
        if node.op is Op.SUBJECT
    }
    values = load_program(terms.program)(subject, {}, terms.numbers)
    return tuple(value[0] if isinstance(value, tuple) else value for value in values)


def _whole(ceiling: Value) -> int:
    assert isinstance(ceiling, int), "a ceiling hangs on the contract only"
    return ceiling


def settle_columns(
    terms: CompiledTerms, columns: EventColumns, opening: Mapping[str, int], *, every_period: bool = False
) -> ColumnOutcome:
    """Settle every event; state resets where the period changes.

    The first period opens with `opening`, the others with nothing used; with `every_period` they all open so.
    """
    _admissible(terms, columns)
    named = (terms.payable, terms.in_kind, terms.charges)
    wanted = dict.fromkeys([*(i for nodes in named for i in nodes.values()), terms.contract, terms.statutory])
    kept = {i: np.empty(len(columns.period), np.int64) for i in wanted}
    run = _Periods(terms, columns, opening, every_period, kept)
    if all(rule.asked in run.free for rule in terms.states):
        run.in_blocks()
    else:
        run.rank_by_rank()
    payable, in_kind, charges = ({name: kept[i] for name, i in nodes.items()} for nodes in named)
    return ColumnOutcome(payable, kept[terms.contract], kept[terms.statutory], in_kind, charges)


def _admissible(terms: CompiledTerms, columns: EventColumns) -> None:
    """The overflow proof holds for columns inside the intervals that it assumed."""
    assert len(columns.period) == 0 or bool(np.all(np.diff(columns.period) >= 0)), "periods never decrease"
    for node in terms.nodes:
        column = columns.subject.get(node.name) if node.op is Op.SUBJECT else None
        if column is None:
            assert node.op is not Op.SUBJECT or node.name in terms.columns or node.name in terms.optional
            continue
        assert column.dtype == np.int64, f"{node.name} is a column of int64"
        offsets = columns.offsets.get(node.scope)
        rows = len(columns.period) if offsets is None else int(offsets[-1])
        assert len(column) == rows, f"{node.name} has as many rows as there are events or items"
        if len(column):
            assert node.low <= column.min(), f"{node.name} falls below {node.low}"
            assert column.max() <= node.high, f"{node.name} rises above {node.high}"


class _Work:
    """What the nodes come to over arrays of events."""

    def __init__(self, terms: CompiledTerms, columns: EventColumns) -> None:
        self.terms, self.columns = terms, columns

    def run(self, order: Sequence[int], values: dict[int, Value], rows: slice | None = None) -> None:
        nodes = self.terms.nodes
        for index in order:
            node = nodes[index]
            if node.op is Op.SUBJECT:
                assert rows is not None
                values[index] = self.subject(node.name, node.scope, rows)
            elif node.op in (Op.PARAMETER, Op.CONSTANT, Op.IN_FORCE):
                values[index] = node.value
            elif node.op is Op.EACH:
                scope = nodes[node.inputs[0]].scope
                values[index] = summed(values[node.inputs[0]], self.local_offsets(scope, rows))
            else:
                inputs = [self.scoped(node.scope, i, values[i], rows) for i in node.inputs]
                values[index] = apply(node, inputs)

    def subject(self, name: str, scope: str, rows: slice) -> Value:
        column = self.columns.subject.get(name)
        if column is None:
            return self.terms.optional.get(name, 0)
        offsets = self.columns.offsets.get(scope)
        return column[rows] if offsets is None else column[offsets[rows.start] : offsets[rows.stop]]

    def local_offsets(self, scope: str, rows: slice | None) -> Column | None:
        offsets = self.columns.offsets.get(scope)
        if offsets is None or rows is None:
            return None
        local: Column = offsets[rows.start : rows.stop + 1] - offsets[rows.start]
        return local

    def scoped(self, scope: str, index: int, value: Value, rows: slice | None) -> Value:
        """A number of the event beside one of its items: once for each item."""
        if not scope or self.terms.nodes[index].scope or isinstance(value, int):
            return value
        return spread(value, self.local_offsets(scope, rows))


class _Periods(_Work):
    """One run over the events of periods: nodes that depend on no period state first, then the others."""

    def __init__(
        self,
        terms: CompiledTerms,
        columns: EventColumns,
        opening: Mapping[str, int],
        every_period: bool,
        kept: dict[int, Column],
    ) -> None:
        super().__init__(terms, columns)
        self.opening, self.every_period, self.kept = opening, every_period, kept
        needs_state = set[int]()
        for index, node in enumerate(terms.nodes):
            if node.op is Op.STATE or needs_state.intersection(node.inputs):
                needs_state.add(index)
        self.free = dict.fromkeys(i for i in range(len(terms.nodes)) if i not in needs_state)
        self.bound = [i for i in sorted(needs_state) if terms.nodes[i].op is not Op.STATE]

    def fresh(self, rule: PeriodState) -> int:
        """What a period after the first opens with."""
        return self.opening.get(rule.name, 0) if self.every_period else 0

    def in_blocks(self) -> None:
        """Every state has a closed form: a running sum within its period, up to its ceiling."""
        used = {rule.name: self.opening.get(rule.name, 0) for rule in self.terms.states}
        last: int | None = None
        count = len(self.columns.period)
        for start in range(0, count, BLOCK):
            rows = slice(start, min(start + BLOCK, count))
            periods = self.columns.period[rows]
            values = self.run_free(rows)
            for rule in self.terms.states:
                asked = np.broadcast_to(values[rule.asked], periods.shape)
                continues = last in (None, int(periods[0]))
                fresh = self.fresh(rule)
                ceiling = self.ceiling(rule, values)
                before, after = _eroded(periods, asked, ceiling, used[rule.name] if continues else fresh, fresh)
                values[rule.node] = before
                used[rule.name] = after
            self.run(self.bound, values)
            for index, column in self.kept.items():
                column[rows] = values[index]
            last = int(periods[-1])

    def ceiling(self, rule: PeriodState, values: Mapping[int, Value]) -> int:
        if rule.ceiling is None:
            return self.terms.nodes[rule.node].high
        return _whole(values[rule.ceiling])

    def rank_by_rank(self) -> None:
        """A state that hangs on another: first events of all periods at once, then second events, and so on."""
        periods = self.columns.period
        if not len(periods):
            return
        values = self.run_free(slice(0, len(periods)))
        starts = np.flatnonzero(np.r_[True, periods[1:] != periods[:-1]])
        lengths = np.diff(np.r_[starts, len(periods)])
        used = {rule.name: np.full(len(starts), self.fresh(rule), np.int64) for rule in self.terms.states}
        for rule in self.terms.states:
            used[rule.name][0] = self.opening.get(rule.name, 0)
        read = {i for index in self.bound for i in self.terms.nodes[index].inputs}
        inner = (read | self.kept.keys() | {rule.drawn for rule in self.terms.states}) & self.free.keys()
        for rank in range(int(lengths.max())):
            live = np.flatnonzero(lengths > rank)
            self.one_rank(live, starts[live] + rank, inner, values, used)

    def one_rank(
        self, live: Column, rows: Column, inner: set[int], free: Mapping[int, Value], used: dict[str, Column]
    ) -> None:
        values: dict[int, Value] = {}
        for index in inner:
            value = free[index]
            values[index] = value if isinstance(value, int) else value[rows]
        for rule in self.terms.states:
            values[rule.node] = used[rule.name][live]
        self.run(self.bound, values)
        for index, column in self.kept.items():
            column[rows] = values[index]
        for rule in self.terms.states:
            used[rule.name][live] += values[rule.drawn]

    def run_free(self, rows: slice) -> dict[int, Value]:
        """The nodes that depend on no state, for the events of `rows`."""
        values: dict[int, Value] = {}
        self.run(list(self.free), values, rows)
        return values


def _eroded(periods: Column, grows: Column, ceiling: int, opening: int, fresh: int) -> tuple[Column, int]:
    """The state before each event of a block, and after its last: min(ceiling, opening + sum of the period so far).

    The block's first period opens with `opening`, the others `fresh`. A state that opens above its ceiling stays there.
    """
    sums = np.cumsum(grows)
    first = np.flatnonzero(np.r_[True, periods[1:] != periods[:-1]])
    lengths = np.diff(np.r_[first, len(periods)])
    start = np.full(len(first), fresh, np.int64)
    start[0] = opening
    offset, floor = np.repeat(start - (sums - grows)[first], lengths), np.repeat(start, lengths)
    before = np.maximum(np.minimum(sums - grows + offset, ceiling), floor)
    last = max(min(int(sums[-1] + offset[-1]), ceiling), int(floor[-1]))
    return before, last
