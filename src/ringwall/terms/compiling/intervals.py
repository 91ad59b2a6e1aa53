"""Between what two whole numbers a node stands, from those of its inputs."""

from __future__ import annotations

from collections.abc import Sequence

from ringwall.terms.graph import Op

Interval = tuple[int, int]


def interval_of(op: Op, inputs: Sequence[Interval]) -> Interval:
    """Rounding goes outward, so that the bounds hold whatever the mode is."""
    lows, highs = [low for low, _ in inputs], [high for _, high in inputs]
    match op:
        case Op.ADD:
            return sum(lows), sum(highs)
        case Op.LESS | Op.APART:
            return max(lows[0] - highs[1], 0), max(highs[0] - lows[1], 0)
        case Op.LEAST:
            return min(lows), min(highs)
        case Op.MOST:
            return max(lows), max(highs)
        case Op.TIMES:
            return lows[0] * lows[1], highs[0] * highs[1]
        case Op.ROUND:
            return lows[0] // max(highs[1], 1), -(-highs[0] // max(lows[1], 1))
        case Op.CUT:
            return 0, min(highs[0], highs[1])
        case Op.PORTION:
            return 0, -(-highs[0] * highs[1] // max(lows[2], 1))
        case Op.ABOVE | Op.REACHES:
            return 0, 1
        case Op.SELECT:
            return min(lows[1:]), max(highs[1:])
        case _:
            return lows[0], highs[0]
