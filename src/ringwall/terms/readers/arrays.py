"""What each node does with int64 arrays: half-even rounding, products in two halves, sums over the items of events."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Rounding
from ringwall.terms.graph import Node, Op

Column = NDArray[np.int64]
Value = Column | int


def apply(node: Node, inputs: list[Value]) -> Value:
    match node.op:
        case Op.ADD:
            return sum(inputs[1:], inputs[0])
        case Op.LESS:
            return _least_or_most(np.maximum, [inputs[0] - inputs[1], 0])
        case Op.APART:
            return inputs[0] - inputs[1]
        case Op.LEAST:
            return _least_or_most(np.minimum, inputs)
        case Op.MOST:
            return _least_or_most(np.maximum, inputs)
        case Op.TIMES:
            return inputs[0] * inputs[1]
        case Op.ROUND:
            return _half_even(inputs[0], inputs[1])
        case Op.ABOVE | Op.REACHES:
            holds = inputs[0] > inputs[1] if node.op is Op.ABOVE else inputs[0] >= inputs[1]
            return int(holds) if isinstance(holds, bool) else holds.astype(np.int64)
        case Op.SELECT:
            return _plain(np.where(np.asarray(inputs[0]) != 0, inputs[1], inputs[2]))
        case Op.CUT if _uncut(inputs[0], inputs[1], inputs[2]):
            return inputs[1]
        case Op.CUT | Op.PORTION:
            first, second, below = np.broadcast_arrays(*(np.asarray(value, np.int64) for value in inputs))
            if node.op is Op.CUT:
                return _plain(_cut(first, second, below, node.split_bits))
            return _plain(_portion(first, second, below, node.split_bits, node.rounding))
        case _:
            raise AssertionError(f"{node.op} reads no inputs")


def _plain(found: Column) -> Value:
    return int(found) if found.ndim == 0 else found


def _least_or_most(which: np.ufunc, inputs: list[Value]) -> Value:
    found = reduce(which, inputs)
    return found if isinstance(found, np.ndarray) else int(found)


def _half_even(above: Value, below: Value) -> Value:
    quotient = above // below
    twice = 2 * (above - quotient * below)
    return quotient + ((twice > below) | ((twice == below) & (quotient & 1 == 1)))


def _uncut(limit: Value, running: Value, whole: Value) -> bool:
    """Whether a limit leaves every event as it is: nothing is asked, or nothing reaches it."""
    if isinstance(running, int):
        return running == 0
    most = whole if isinstance(whole, int) else int(whole.max(initial=0))
    return isinstance(limit, int) and most <= limit


def _cut(limit: Column, running: Column, whole: Column, bits: int) -> Column:
    """limit × running / whole where the whole is above the limit, else running."""
    if limit.ndim == 0:
        return _portion(limit, running, whole, bits) if whole > limit else running
    found = running.copy()
    hit = np.flatnonzero(whole > limit)
    if len(hit):
        found[hit] = _portion(limit[hit], running[hit], whole[hit], bits)
    return found


def _portion(
    first: Column, second: Column, below: Column, bits: int, rounding: Rounding = Rounding.HALF_EVEN
) -> Column:
    """first × second / below, rounded once; the product in two halves where it would not fit."""
    high = first * (second >> bits)
    quotient = high // below
    rest = ((high - quotient * below) << bits) + first * (second & ((1 << bits) - 1))
    more = rest // below
    quotient = (quotient << bits) + more
    rest = rest - more * below
    match rounding:
        case Rounding.FLOOR:
            up = np.zeros(np.shape(rest), np.bool_)
        case Rounding.UP:
            up = rest > 0
        case Rounding.HALF_UP:
            up = 2 * rest >= below
        case Rounding.HALF_EVEN:
            up = (2 * rest > below) | ((2 * rest == below) & (quotient & 1 == 1))
    rounded: Column = quotient + up
    return rounded


def summed(value: Value, offsets: Column | None) -> Value:
    """The sum over the items of each event; without offsets an event has one."""
    if offsets is None:
        return value
    if isinstance(value, int):
        return value * np.diff(offsets)
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(value)])
    found: Column = sums[offsets[1:]] - sums[offsets[:-1]]
    return found


def spread(value: Column, offsets: Column | None) -> Column:
    """A number of each event, once for each of its items."""
    return value if offsets is None else np.repeat(value, np.diff(offsets))
