"""How far a simulated curve can be off because its years are finite: bands by order statistics, whatever the law is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ringwall.portfolio.measures.curve import TAIL, Amounts

Z_90 = 1.6448536269514722
"""Nine of ten such bands hold the true value."""


@dataclass(frozen=True, slots=True)
class Band:
    """Between these two lies the true value nine times in ten; None where the years are too few to say."""

    low_minor: int | None
    high_minor: int | None


def exceedance_band(amounts: Amounts, years: int) -> Band:
    """Of the loss that is reached once in so many years.

    The number of simulated years above the true value is binomial, so that its bounds are ranks of the sorted years.
    """
    count = len(amounts)
    mean = count / years
    half = Z_90 * math.sqrt(mean * (1 - 1 / years))
    high, low = math.floor(mean - half), math.ceil(mean + half) + 1
    descending = np.sort(amounts)[::-1]
    return Band(
        int(descending[low - 1]) if low <= count else None,
        int(descending[high - 1]) if high >= 1 else None,
    )


def tail_mean_band(amounts: Amounts, tail: Fraction = TAIL) -> Band:
    """Of the mean of the worst years: spread within the tail, and of where the tail begins."""
    count, size = len(amounts), max(int(len(amounts) * tail), 1)
    if size < 2:
        return Band(None, None)
    worst = np.sort(amounts)[::-1][:size].astype(np.float64)
    mean, begins, share = float(worst.mean()), float(worst[-1]), size / count
    variance = (float(worst.var(ddof=1)) + (1 - share) * (mean - begins) ** 2) / size
    half = Z_90 * math.sqrt(variance)
    return Band(max(math.floor(mean - half), 0), math.ceil(mean + half))


def mean_band(amounts: Amounts) -> Band:
    """Of the average annual loss."""
    if len(amounts) < 2:
        return Band(None, None)
    values = amounts.astype(np.float64)
    half = Z_90 * math.sqrt(float(values.var(ddof=1)) / len(values))
    mean = float(values.mean())
    return Band(max(math.floor(mean - half), 0), math.ceil(mean + half))
