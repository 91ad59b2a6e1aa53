"""What a tile adds to the book: sums by year, by common shock, by policy and by cause, as a loop for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Whole


def add_up(rows: int, own_causes: Any, events: Any, paid: Any, sums: Any) -> None:
    """Adds what each event pays; what common shocks take goes by shock alone.

    `by_year`: the sum of own events, and their second largest; `largest` is of another policy. `by_shock`: the sum, and
    the number of policies that pay.
    """
    row_policy, row_start, row_shocks, period, cause, shock = events
    contract, statutory, pays = paid
    by_year, largest, by_shock, by_policy, by_cause = sums
    for row in range(rows):
        begins, own, count = row_start[row], row_shocks[row] - row_start[row], row_start[row + 1] - row_start[row]
        years, causes, shocks = period[begins:], cause[begins:], shock[begins:]
        on, by = contract[begins:], statutory[begins:]
        total = np.int64(0)
        for event in range(count):
            pays[event] = on[event] + by[event]
        for event in range(own):
            total += pays[event]
        rest = total
        for k in range(1, own_causes):
            of_cause = np.int64(0)
            for event in range(own):
                of_cause += pays[event] if causes[event] == k else np.int64(0)
            by_cause[k] += of_cause
            rest -= of_cause
        by_cause[0] += rest
        for event in range(own):
            year = np.uint64(years[event])
            by_year[year, 0] += pays[event]
            if pays[event] > by_year[year, 1]:
                keep_largest(event, own, years, pays, by_year, largest)
        for event in range(own, count):
            struck = np.uint64(shocks[event])
            total += pays[event]
            by_shock[struck, 0] += pays[event]
            by_shock[struck, 1] += pays[event] > 0
        by_policy[row_policy[row]] += total


def keep_largest(event: Any, own: Any, years: Any, pays: Whole, by_year: Whole, largest: Whole) -> None:
    """An own event joins the largest of its year, if it is the first of its policy's largest ones in that year."""
    year, high = years[event], pays[event]
    before, after = event - 1, event + 1
    while before >= 0 and years[before] == year:
        if pays[before] >= high:
            return
        before -= 1
    while after < own and years[after] == year:
        if pays[after] > high:
            return
        after += 1
    by_year[year, 1] = min(high, largest[year])
    largest[year] = max(high, largest[year])
