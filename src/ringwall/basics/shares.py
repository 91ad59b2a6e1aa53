"""Exact shares, and splits that lose nothing: the running total is rounded, the difference is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from ringwall.basics.money import round_fraction


def split_running(total: int, shares: Sequence[Fraction]) -> tuple[int, ...]:
    """The parts of a running total: part_i = R(T·C_i) − R(T·C_(i−1)), R half-even, C the cumulative share.

    The parts sum to the total; each stays within one minor unit of its exact share, for ever.
    """
    assert sum(shares) == 1, "shares sum to one"
    edges = [0, *(round_fraction(total * share) for share in accumulate(shares))]
    return tuple(after - before for before, after in pairwise(edges))


def split_posting(total_before: int, amount: int, shares: Sequence[Fraction]) -> tuple[int, ...]:
    """What one posting books for each carrier: the difference of the running splits; a transient −1 is right."""
    before = split_running(total_before, shares)
    after = split_running(total_before + amount, shares)
    return tuple(b - a for a, b in zip(before, after, strict=True))


def split_weights(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split an amount by whole-number weights, in the mapping's order; equal parts where all weights are nil."""
    whole = sum(weights.values())
    shares = [Fraction(w, whole) if whole else Fraction(1, len(weights)) for w in weights.values()]
    return dict(zip(weights, split_running(amount, shares), strict=True))
