"""What a tile adds to the book: sums by year, by common shock, by policy and by cause, as a loop for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Whole


def add_up(rows: int, own_causes: Any, events: Any, paid: Any, sums: Any) -> None:
    """Adds what each event pays; what common shocks take goes by shock alone.

    `largest` and `second`: the two largest own events of a year, of different policies.
    """
    row_policy, row_start, row_shocks, period, cause, shock = events
    contract, statutory, pays = paid
    by_year, largest, second, by_shock, paying, by_policy, by_cause = sums
    for row in range(rows):
        begins, shocks, ends = row_start[row], row_shocks[row], row_start[row + 1]
        total = np.int64(0)
        for event in range(begins, ends):
            pays[event] = contract[event] + statutory[event]
            total += pays[event]
        by_policy[row_policy[row]] += total
        for k in range(own_causes):
            of_cause = np.int64(0)
            for event in range(begins, shocks):
                of_cause += pays[event] if cause[event] == k else np.int64(0)
            by_cause[k] += of_cause
        for event in range(begins, shocks):
            year = np.uint64(period[event])
            by_year[year] += pays[event]
            if pays[event] > second[year]:
                keep_largest(event, begins, shocks, period, pays, largest, second)
        for event in range(shocks, ends):
            struck = np.uint64(shock[event])
            by_shock[struck] += pays[event]
            paying[struck] += pays[event] > 0


def keep_largest(event: Any, begins: Any, ends: Any, period: Any, pays: Whole, largest: Whole, second: Whole) -> None:
    """An own event joins the largest of its year, if it is the first of its policy's largest ones in that year."""
    year, high = period[event], pays[event]
    before, after = event - 1, event + 1
    while before >= begins and period[before] == year:
        if pays[before] >= high:
            return
        before -= 1
    while after < ends and period[after] == year:
        if pays[after] > high:
            return
        after += 1
    second[year] = min(high, largest[year])
    largest[year] = max(high, largest[year])
