"""Fills a tile of years: policy after policy, until there is no room for another; as a loop for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.arrivals import arrive, fill_causes, marked, strike
from ringwall.portfolio.engine.kernels.items import cost, follow, follow_plain, prepare

MOST_STEPS = 8
"""No recipe has more steps; room for items is reckoned by it."""


def draw(
    first: Any,
    last: Any,
    tile: Any,
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
    A policy whose years each open with a state of their own has a row for each year, any other has one row.
    """
    keys, rates, bounds, sizes, hourly, most_records, opens, closes, tie_set, relief_of, opening_of, most = policies
    tie_start, tie_list, tie_weight = ties
    lists, shock_date, shock_cause = shocks
    bits, accept, waits, marks, own_date, hit_date, why, source, order, when, gates, pairs, loss = room
    mean, spread, which, flat, normals, logs = loss
    row_policy, row_start, period, date, cause, shock, item_start, kind, amount, seconds = events
    rows = np.int64(0)
    at = np.int64(0)
    filled = np.int64(0)
    p = np.int64(first)
    while p < last:
        key = keys[p]
        own = arrive(key, tile, rates[p], levels, bits, waits, logs, own_date[: len(own_date) - 1])
        if own < 0:
            break
        a, b = tie_start[tie_set[p]], tie_start[tie_set[p] + 1]
        strike(key, tile, tie_list[a:b], tie_weight[a:b], relief[relief_of[p]], lists, (bits, accept, waits, marks))
        hits = marked(marks, shock_date, shock_cause, source[own:], hit_date, why[own:])
        count = own + hits
        if at + count > len(period) or filled + MOST_STEPS * count > len(kind):
            break
        fill_causes(key, tile, bounds[p], own, bits, why)
        prepare(key, tile, own, hits, recipes, (gates, pairs, bits, waits))
        merge(own, hits, own_date, hit_date, source, order, when)
        begins = at
        after = (MOST_STEPS * own + 127) // 64 * 64
        found = (kind[filled:], mean, spread, which, flat)
        window = (opens[p], closes[p])
        out = (period, date, cause, shock, item_start)
        if recipes[5] and opens[p] <= 0.0 and closes[p] >= 1.0:
            follow_plain(count, after, (sizes[p], hourly[p]), why, order, own, recipes, found)
            at = emit_plain(count, order, when, why, source, filled, at, out)
            drawn = (own, after, hits)
            m = np.int64(count)
        else:
            policy = (sizes[p], hourly[p], most_records[p])
            at, m, drawn = emit(
                count,
                own,
                after,
                window,
                order,
                when,
                why,
                source,
                filled,
                at,
                out,
                policy,
                recipes,
                (gates, pairs),
                found,
            )
        cost(
            key,
            tile,
            drawn,
            m,
            most,
            (mean, spread, which, flat, normals, logs, bits, waits),
            amount[filled:],
            seconds[filled:],
        )
        filled += m
        rows = in_rows(p, opening_of[p] >= 0, begins, at, period, rows, row_policy, row_start)
        p += 1
    row_start[rows] = at
    item_start[at] = filled
    return p, rows, at, filled


def merge(own: Any, hits: Any, own_date: Any, hit_date: Any, source: Any, order: Any, when: Any) -> None:
    """Own events and common shocks in date order; shock j counts as event own + j. Without branches to be guessed."""
    own_date[own] = np.inf
    hit_date[hits] = np.inf
    i = np.uint64(0)
    j = np.uint64(0)
    for place in range(own + hits):
        struck = hit_date[j] < own_date[i]
        when[place] = hit_date[j] if struck else own_date[i]
        order[place] = own + np.int64(j) if struck else np.int64(i)
        i += np.uint64(not struck)
        j += np.uint64(struck)
    for k in range(own):
        source[k] = -1


def emit(
    count: Any,
    own: Any,
    after: Any,
    window: Any,
    order: Any,
    when: Any,
    why: Any,
    source: Any,
    filled: Any,
    at: Any,
    out: Any,
    policy: Any,
    recipes: Any,
    draws: Any,
    found: Any,
) -> Any:
    """Events with their items, those outside the term or without an item left out; all draws are made all the same."""
    opens, closes = window
    period, date, cause, shock, item_start = out
    recipe_start, steps, shape, records, losses, _, _, _ = recipes
    m = np.int64(0)
    own_drawn = np.int64(0)
    hit_drawn = np.int64(after)
    for place in range(count):
        u = np.uint64(order[place])
        why_now = why[u]
        begins, ends = recipe_start[np.uint64(why_now)], recipe_start[np.uint64(why_now) + np.uint64(1)]
        struck = order[place] >= own
        kept = m
        drawn = hit_drawn if struck else own_drawn
        m, drawn = follow(begins, ends, order[place], m, drawn, draws, policy, (steps, shape, records, losses), found)
        hit_drawn = drawn if struck else hit_drawn
        own_drawn = own_drawn if struck else drawn
        now = when[place]
        year = np.int64(now)
        if m == kept or now - year < opens or now - year >= closes:
            m = kept
            continue
        period[at] = year
        date[at] = now
        cause[at] = why_now
        shock[at] = source[u]
        item_start[at] = filled + kept
        at += 1
    return at, m, (own_drawn, after, hit_drawn - after)


def emit_plain(count: Any, order: Any, when: Any, why: Any, source: Any, filled: Any, at: Any, out: Any) -> Any:
    """Events of one item each, the term being the whole year."""
    period, date, cause, shock, item_start = out
    for place in range(count):
        u = np.uint64(order[place])
        now = when[place]
        year = np.int64(now)
        period[at] = year
        date[at] = now
        cause[at] = why[u]
        shock[at] = source[u]
        item_start[at] = filled + place
        at += 1
    return at


def in_rows(
    policy: Any, apart: bool, begins: Any, ends: Any, period: Any, rows: Any, row_policy: Any, row_start: Any
) -> Any:
    """The rows of one policy's events; gives the number of rows so far."""
    for event in range(begins, ends):
        if event == begins or (apart and period[event] != period[event - 1]):
            row_policy[rows] = policy
            row_start[rows] = event
            rows += 1
        if not apart:
            break
    return rows
