"""How many different things a host dealt with, kept in a kilobyte a day that merges over files (HyperLogLog)."""

from __future__ import annotations

from collections.abc import Iterable
from math import log

PLACE_BITS = 10
PLACES = 1 << PLACE_BITS
"""Registers of a sketch; the standard error is 1.04 / sqrt(1024) = 3.3 %."""
EMPTY = bytes(PLACES)
_CORRECTION = 0.7213 / (1 + 1.079 / PLACES)
_FEW = 2.5 * PLACES


def registers(ranks: Iterable[tuple[int, int]]) -> bytes:
    """The sketch in which each place holds the highest rank that was seen there."""
    kept = bytearray(PLACES)
    for place, rank in ranks:
        kept[place] = max(kept[place], rank)
    return bytes(kept)


def merged(one: bytes, other: bytes) -> bytes:
    """The sketch of everything that either has seen: merging twice, or in another order, changes nothing."""
    return bytes(map(max, one, other))


def distinct(sketch: bytes) -> int:
    """How many different things it has seen; for few the empty registers say it better."""
    empty = sketch.count(0)
    estimate = _CORRECTION * PLACES**2 / sum(2.0**-rank for rank in sketch)
    if estimate <= _FEW and empty:
        estimate = PLACES * log(PLACES / empty)
    return round(estimate)
