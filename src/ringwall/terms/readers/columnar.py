"""The columnar reader: int64 arrays over the same graph, vectorised; period state erodes in order of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ringwall.terms.graph import CompiledTerms, Node, Op

Column = NDArray[np.int64]
BLOCK = 1 << 15
"""Events settled at once: the columns in flight stay in a core's second-level cache."""


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events in order: the period of each (never decreasing) and what stands in each subject column."""

    period: Column
    subject: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnOutcome:
    """What each event pays, in whole minor units."""

    payable: Mapping[str, Column]
    contract: Column
    statutory: Column


def settle_columns(
    terms: CompiledTerms, columns: EventColumns, opening: Mapping[str, int], *, every_period: bool = False
) -> ColumnOutcome:
    """Settle every event; state resets where the period changes.

    The first period opens with `opening`, the others with nothing used; with `every_period` they all open so.
    """
    count = len(columns.period)
    _admissible(terms, columns)
    free, bound = _halves(terms)
    wanted = dict.fromkeys([*terms.payable.values(), terms.contract, terms.statutory])
    kept = {i: np.empty(count, np.int64) for i in wanted}
    used = {rule.name: opening.get(rule.name, 0) for rule in terms.states}
    last: int | None = None
    for start in range(0, count, BLOCK):
        rows = slice(start, min(start + BLOCK, count))
        periods = columns.period[rows]
        values: dict[int, Column | int] = {}
        _run(terms, free, values, columns, rows)
        for rule in terms.states:
            grows = np.broadcast_to(values[rule.grows_by], periods.shape)
            ceiling = terms.nodes[rule.ceiling].value
            continues = last in (None, int(periods[0]))
            fresh = opening.get(rule.name, 0) if every_period else 0
            before, after = _eroded(periods, grows, ceiling, used[rule.name] if continues else fresh, fresh)
            values[rule.node] = before
            used[rule.name] = after
        _run(terms, bound, values, columns, rows)
        for index, column in kept.items():
            column[rows] = values[index]
        last = int(periods[-1])
    payable = {part: kept[index] for part, index in terms.payable.items()}
    return ColumnOutcome(payable, kept[terms.contract], kept[terms.statutory])


def _admissible(terms: CompiledTerms, columns: EventColumns) -> None:
    """The overflow proof holds for columns inside the intervals that it assumed."""
    assert len(columns.period) == 0 or bool(np.all(np.diff(columns.period) >= 0)), "periods never decrease"
    for node in terms.nodes:
        column = columns.subject.get(node.name) if node.op is Op.SUBJECT else None
        if column is None:
            assert node.op is not Op.SUBJECT or node.name in terms.columns or node.name in terms.optional
            continue
        assert column.dtype == np.int64, f"{node.name} is a column of int64"
        assert len(column) == len(columns.period), f"{node.name} has as many rows as there are events"
        if len(column):
            assert node.low <= column.min(), f"{node.name} falls below {node.low}"
            assert column.max() <= node.high, f"{node.name} rises above {node.high}"


def _halves(terms: CompiledTerms) -> tuple[list[int], list[int]]:
    """Nodes that depend on no period state, and those that do."""
    needs_state: set[int] = set()
    for index, node in enumerate(terms.nodes):
        if node.op is Op.STATE or needs_state.intersection(node.inputs):
            needs_state.add(index)
    free = [i for i in range(len(terms.nodes)) if i not in needs_state]
    return free, [i for i in sorted(needs_state) if terms.nodes[i].op is not Op.STATE]


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


def _run(
    terms: CompiledTerms, order: list[int], values: dict[int, Column | int], columns: EventColumns, rows: slice
) -> None:
    for index in order:
        node = terms.nodes[index]
        if node.op is Op.SUBJECT:
            column = columns.subject.get(node.name)
            values[index] = terms.optional.get(node.name, 0) if column is None else column[rows]
        elif node.op in (Op.PARAMETER, Op.CONSTANT):
            values[index] = node.value
        else:
            values[index] = _apply(node, [values[i] for i in node.inputs])


def _apply(node: Node, inputs: list[Column | int]) -> Column | int:
    match node.op:
        case Op.ADD:
            return sum(inputs[1:], inputs[0])
        case Op.LESS:
            return np.maximum(inputs[0] - inputs[1], 0)
        case Op.APART:
            return inputs[0] - inputs[1]
        case Op.LEAST:
            return np.minimum(inputs[0], inputs[1])
        case Op.MOST:
            return np.maximum(inputs[0], inputs[1])
        case Op.TIMES:
            return inputs[0] * inputs[1]
        case Op.ROUND:
            return _half_even(inputs[0], inputs[1])
        case Op.CUT:
            return _cut(node, *np.broadcast_arrays(*inputs))
        case Op.SELECT:
            return np.where(inputs[0], inputs[1], inputs[2])
        case _:
            return inputs[0]


def _half_even(above: Column | int, below: Column | int) -> Column | int:
    quotient = above // below
    twice = 2 * (above - quotient * below)
    return quotient + ((twice > below) | ((twice == below) & (quotient & 1 == 1)))


def _cut(node: Node, limit: Column, running: Column, whole: Column) -> Column:
    """limit × running / whole where the whole is above the limit; the product in two halves where it would not fit."""
    found = running.copy()
    hit = np.flatnonzero(whole > limit)
    if len(hit) == 0:
        return found
    limits, sums, below = limit[hit], running[hit], whole[hit]
    bits = node.split_bits
    high = limits * (sums >> bits)
    quotient = high // below
    rest = ((high - quotient * below) << bits) + limits * (sums & ((1 << bits) - 1))
    more = rest // below
    quotient = (quotient << bits) + more
    twice = 2 * (rest - more * below)
    found[hit] = quotient + ((twice > below) | ((twice == below) & (quotient & 1 == 1)))
    return found
