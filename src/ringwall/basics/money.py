"""Money is whole minor units. An estimate is a float and becomes money in one named place only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

FEN_PER_YUAN = 100


class Rounding(StrEnum):
    """How an exact amount becomes whole minor units."""

    FLOOR = "floor"
    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    UP = "up"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """A booked amount: whole minor units (fen for CNY) of one currency; it may be negative."""

    minor: int
    currency: str = "CNY"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + other.minor, self._same_currency(other))

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - other.minor, self._same_currency(other))

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def _same_currency(self, other: Money) -> str:
        assert self.currency == other.currency, f"{self.currency} and {other.currency} do not add"
        return self.currency


@dataclass(frozen=True, slots=True)
class Estimate:
    """An analytical amount in minor units of one currency; never booked as it is."""

    minor: float
    currency: str = "CNY"


def round_ratio(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_EVEN) -> int:
    """numerator / denominator as a whole number, rounded once by the mode; exact for any size of integer."""
    assert denominator > 0, "a denominator is positive"
    quotient, rest = divmod(numerator, denominator)
    if not rest:
        return quotient
    match mode:
        case Rounding.FLOOR:
            return quotient
        case Rounding.UP:
            return quotient + 1
        case Rounding.HALF_UP:
            return quotient + (2 * rest >= denominator)
        case Rounding.HALF_EVEN:
            return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1))


def round_fraction(amount: Fraction, mode: Rounding = Rounding.HALF_EVEN) -> int:
    """An exact amount as a whole number, rounded once by the mode."""
    return round_ratio(amount.numerator, amount.denominator, mode)


def book_estimate(estimate: Estimate, *, mode: Rounding, reason: str) -> Money:
    """The only door from a float to money; the reason says which rule fixes the rounding."""
    assert reason, "a booking of an estimate states its reason"
    assert math.isfinite(estimate.minor), f"{estimate.minor} cannot be booked: {reason}"
    return Money(round_fraction(Fraction(estimate.minor), mode), estimate.currency)


def yuan(minor: int) -> str:
    """Whole fen as people read them: `1,234.56`, without the currency and without a float."""
    whole, fen = divmod(abs(minor), FEN_PER_YUAN)
    return f"{'-' if minor < 0 else ''}{whole:,}.{fen:02d}"
