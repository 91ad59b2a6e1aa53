"""What a simulated book says: average, exceedance curves, tail; all from whole sorted arrays in whole minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import round_fraction, round_ratio

RETURN_PERIODS = (2, 5, 10, 50, 100, 200, 250)
TAIL = Fraction(1, 100)

Amounts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The loss that is reached or exceeded once in so many years; None where there are fewer simulated years."""

    years: int
    loss_minor: int | None


@dataclass(frozen=True, slots=True)
class Measures:
    """AAL: mean of the years. AEP: of a year's sum. OEP: of a year's largest event. TVaR 99: mean of the worst 1 %."""

    simulated_years: int
    aal_minor: int
    aep: tuple[CurvePoint, ...]
    oep: tuple[CurvePoint, ...]
    tvar99_minor: int
    worst_year_minor: int


def measure(totals: Amounts, largest: Amounts, periods: Sequence[int] = RETURN_PERIODS) -> Measures:
    """Measures of one view of the book (gross, net, one policy): its yearly totals and largest events."""
    years = len(totals)
    assert years == len(largest) > 0, "one total and one largest event for each simulated year"
    aep, oep = np.sort(totals)[::-1], np.sort(largest)[::-1]
    return Measures(
        years,
        round_ratio(_exact_sum(totals), years),
        tuple(CurvePoint(period, _exceeded(aep, period)) for period in periods),
        tuple(CurvePoint(period, _exceeded(oep, period)) for period in periods),
        round_fraction(_tail_mean(aep)),
        int(aep[0]),
    )


def tail_years(totals: Amounts, tail: Fraction = TAIL) -> NDArray[np.int64]:
    """The worst years, worst first; of equal years the earlier one counts as the worse."""
    return np.argsort(-totals, kind="stable")[: _tail_size(len(totals), tail)].astype(np.int64)


def _exceeded(descending: Amounts, period: int) -> int | None:
    rank = len(descending) // period
    return int(descending[rank - 1]) if rank else None


def _tail_mean(descending: Amounts) -> Fraction:
    size = _tail_size(len(descending), TAIL)
    return Fraction(_exact_sum(descending[:size]), size)


def _tail_size(years: int, tail: Fraction) -> int:
    return max(int(years * tail), 1)


def _exact_sum(amounts: Amounts) -> int:
    """A sum that cannot wrap: int64 in blocks, blocks as Python integers."""
    high = int(np.abs(amounts).max(initial=0))
    block = max(2**62 // max(high, 1), 1)
    return sum(int(amounts[at : at + block].sum()) for at in range(0, len(amounts), block))
