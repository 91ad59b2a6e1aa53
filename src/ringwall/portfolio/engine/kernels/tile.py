"""Fills a tile of years: policy after policy, until there is no room for another; as a loop for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.arrivals import arrive, fill_causes, marked, strike
from ringwall.portfolio.engine.kernels.items import unfold

MOST_STEPS = 8
"""No recipe has more steps; room for items is reckoned by it."""


def draw(
    first: int,
    last: int,
    tile: int,
    policies: Any,
    ties: Any,
    relief: Any,
    levels: Any,
    shocks: Any,
    recipes: Any,
    room: Any,
    events: Any,
) -> Any:
    """Events and items of policies `first` to `last`, as many whole policies as there is room for.

    Gives (next policy, rows, events, items); where not even one policy fits, the next policy is `first`.
    A policy whose years each open with a state of its own has a row for each year, any other has one row.
    """
    keys, rates, bounds, sizes, hourly, most_records, opens, closes, tie_set, relief_of, opening_of, most = policies
    tie_start, tie_list, tie_weight = ties
    lists, shock_date, shock_cause = shocks
    bits, accept, waits, marks, own, hit, hit_place, items = room
    own_date, own_cause, own_at, own_gates, own_pairs = own
    hit_date, hit_cause, hit_at, hit_gates, hit_pairs = hit
    kind, amount, seconds, mean, spread, which, flat, normals, logs = items
    row_policy, row_start, period, date, cause, source, item_start, out_kind, out_amount, out_seconds = events
    rows = 0
    at = 0
    filled = 0
    p = first
    while p < last:
        key = keys[p]
        own_count = arrive(key, tile, rates[p], levels, bits, waits, logs, own_date[: len(own_date) - 1])
        a, b = tie_start[tie_set[p]], tie_start[tie_set[p] + 1]
        strike(key, tile, tie_list[a:b], tie_weight[a:b], relief[relief_of[p]], lists, (bits, accept, waits, marks))
        hits = marked(marks, shock_date, shock_cause, hit_place, hit_date, hit_cause)
        more = own_count + hits
        if own_count < 0 or at + more > len(period) or filled + MOST_STEPS * more > len(out_kind):
            break
        fill_causes(key, tile, bounds[p], own_count, bits, own_cause)
        own_date[own_count] = np.inf
        hit_date[hits] = np.inf
        policy = (sizes[p], hourly[p], most_records[p], most)
        own_room = (
            own_at,
            kind,
            amount,
            seconds,
            mean,
            spread,
            which,
            flat,
            own_gates,
            own_pairs,
            normals,
            bits,
            waits,
            logs,
        )
        hit_room = (
            hit_at,
            kind,
            amount,
            seconds,
            mean,
            spread,
            which,
            flat,
            hit_gates,
            hit_pairs,
            normals,
            bits,
            waits,
            logs,
        )
        between = unfold(key, tile, 0, own_count, own_cause, policy, recipes, 0, own_room)
        unfold(key, tile, 1, hits, hit_cause, policy, recipes, between, hit_room)
        begins = at
        one = np.uint64(1)
        i = np.uint64(0)
        j = np.uint64(0)
        for _ in range(more):
            struck = hit_date[j] < own_date[i]
            now = hit_date[j] if struck else own_date[i]
            item = hit_at[j] if struck else own_at[i]
            ends = hit_at[j + one] if struck else own_at[i + one]
            why = hit_cause[j] if struck else own_cause[i]
            place = hit_place[j] if struck else -1
            i += np.uint64(not struck)
            j += np.uint64(struck)
            year = np.int64(now)
            if item == ends or now - year < opens[p] or now - year >= closes[p]:
                continue
            period[at] = year
            date[at] = now
            cause[at] = why
            source[at] = place
            item_start[at] = filled
            for m in range(item, ends):
                out_kind[filled] = kind[m]
                out_amount[filled] = amount[m]
                out_seconds[filled] = seconds[m]
                filled += 1
            at += 1
        rows = in_rows(p, opening_of[p] >= 0, begins, at, period, rows, row_policy, row_start)
        p += 1
    row_start[rows] = at
    item_start[at] = filled
    return p, rows, at, filled


def in_rows(
    policy: int, apart: bool, begins: int, ends: int, period: Any, rows: int, row_policy: Any, row_start: Any
) -> int:
    """The rows of one policy's events; gives the number of rows so far."""
    for event in range(begins, ends):
        if event == begins or (apart and period[event] != period[event - 1]):
            row_policy[rows] = policy
            row_start[rows] = event
            rows += 1
        if not apart:
            break
    return rows
