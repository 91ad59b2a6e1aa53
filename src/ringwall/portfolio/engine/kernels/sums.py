"""What a tile adds to the book: sums by year, by common shock, by policy and by cause, as a loop for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Whole


def add_up(rows: int, events: Any, contract: Whole, statutory: Whole, sums: Any) -> None:
    """Adds what each event pays. `largest` and `second`: the two largest own events of a year, of different policies.

    Place 0 of the sums by shock takes what no shock did; it is wiped at the end.
    """
    row_policy, row_start, period, cause, shock = events
    by_year, largest, second, by_shock, paying, by_policy, by_cause = sums
    for row in range(rows):
        total = np.int64(0)
        year = np.uint64(0)
        high = np.int64(0)
        for place in range(row_start[row], row_start[row + 1]):
            event = np.uint64(place)
            pay = contract[event] + statutory[event]
            total += pay
            by_cause[np.uint64(cause[event])] += pay
            now = np.uint64(period[event])
            by_year[now] += pay
            struck = np.uint64(shock[event] + 1)
            by_shock[struck] += pay
            paying[struck] += pay > 0
            if now != year:
                keep_largest(largest, second, year, high)
                high = np.int64(0)
                year = now
            high = max(high, pay if struck == np.uint64(0) else np.int64(0))
        keep_largest(largest, second, year, high)
        by_policy[row_policy[row]] += total
    by_shock[0] = 0
    paying[0] = 0


def keep_largest(largest: Whole, second: Whole, year: np.uint64, high: np.int64) -> None:
    """One policy's largest own event of a year joins those of the others."""
    if high > second[year]:
        second[year] = min(high, largest[year])
        largest[year] = max(high, largest[year])
