"""What a tile adds to the book: sums by year, by common shock, by policy and by cause, as a loop for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Whole


def add_up(rows: int, events: Any, contract: Whole, statutory: Whole, sums: Any) -> None:
    """Adds what each event pays. `largest` and `second`: the two largest own events of a year, of different policies.

    Place 0 of the sums by shock takes what no shock did; it is wiped at the end.
    """
    row_policy, row_start, period, cause, source = events
    by_year, largest, second, by_shock, paying, by_policy, by_cause = sums
    for row in range(rows):
        total = np.int64(0)
        year = np.int64(0)
        high = np.int64(0)
        for event in range(row_start[row], row_start[row + 1]):
            pay = contract[event] + statutory[event]
            total += pay
            by_cause[cause[event]] += pay
            now = period[event]
            by_year[now] += pay
            shock = source[event] + 1
            by_shock[shock] += pay
            paying[shock] += pay > 0
            if now != year:
                keep_largest(largest, second, year, high)
                high = np.int64(0)
                year = now
            high = max(high, pay if shock == 0 else np.int64(0))
        keep_largest(largest, second, year, high)
        by_policy[row_policy[row]] += total
    by_shock[0] = 0
    paying[0] = 0


def keep_largest(largest: Whole, second: Whole, year: np.int64, high: np.int64) -> None:
    """One policy's largest own event of a year joins those of the others."""
    if high > second[year]:
        second[year] = min(high, largest[year])
        largest[year] = max(high, largest[year])
