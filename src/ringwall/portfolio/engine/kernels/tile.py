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
    keys, rates, bounds, sizes, hourly, records, opens, closes, tie_set, relief_of, opening_of, most = policies
    tie_start, tie_list, tie_weight = ties
    lists, shock_date, shock_cause = shocks
    bits, accept, waits, marks, own_date, hit_date, why, source, order, when, gates, pairs, loss = room
    row_policy, row_start, period, date, cause, shock, item_start, kind, amount, seconds = events
    rows, at, filled, p = np.int64(0), np.int64(0), np.int64(0), np.int64(first)
    while p < last:
        key = keys[p]
        own = arrive(key, tile, rates[p], levels, bits, waits, loss[5], own_date[1 : len(own_date) - 1])
        if own < 0:
            break
        a, b = tie_start[tie_set[p]], tie_start[tie_set[p] + 1]
        strike(key, tile, tie_list[a:b], tie_weight[a:b], relief[relief_of[p]], lists, (bits, accept, waits, marks))
        hits = marked(marks, shock_date, shock_cause, source[own:], hit_date[1:], why[own:])
        if at + own + hits > len(period) or filled + MOST_STEPS * (own + hits) > len(kind):
            break
        fill_causes(key, tile, bounds[p], own, bits, why)
        own_date[0], hit_date[0], own_date[own + 1], hit_date[hits + 1] = -np.inf, -np.inf, np.inf, np.inf
        source[:own] = -1
        counts = (own, hits, (MOST_STEPS * own + 127) // 64 * 64)
        here = (period[at:], date[at:], cause[at:], shock[at:], item_start[at:])
        found = (kind[filled:], *loss[:4])
        policy = (sizes[p], hourly[p], records[p])
        dates, facts = (own_date, hit_date), (why, source)
        if recipes[5] and opens[p] <= 0.0 and closes[p] >= 1.0:
            merge_plain(counts, dates, facts, filled, here, loss[2])
            follow_plain(own + hits, policy, here[2], recipes, found)
            count, m, drawn = np.int64(own + hits), np.int64(own + hits), (own, hits)
        else:
            prepare(key, tile, own, hits, recipes, (gates, pairs, bits, waits))
            merge(own, hits, dates, order, when)
            window, draws = (opens[p], closes[p]), (gates, pairs)
            count, m, drawn = emit(counts, window, (order, when), facts, filled, here, policy, recipes, draws, found)
        cost(
            key, tile, (drawn[0], counts[2], drawn[1]), m, most, loss, (bits, waits), amount[filled:], seconds[filled:]
        )
        rows = in_rows(p, opening_of[p] >= 0, at, at + count, period, rows, row_policy, row_start)
        at += count
        filled += m
        p += 1
    row_start[rows], item_start[at] = at, filled
    return p, rows, at, filled


def merge(own: Any, hits: Any, dates: Any, order: Any, when: Any) -> None:
    """Own events and common shocks in date order; shock j counts as event own + j. Without branches to be guessed.

    From both ends at once: two short chains of reads that wait for each other take less time than a long one.
    """
    own_date, hit_date = dates
    one = np.uint64(1)
    i, j, k, n = one, one, np.uint64(own), np.uint64(hits)
    last = own + hits - 1
    for step in range((own + hits + 1) // 2):
        struck = hit_date[j] < own_date[i]
        when[step] = hit_date[j] if struck else own_date[i]
        order[step] = own + np.int64(j) - 1 if struck else np.int64(i) - 1
        i += one - np.uint64(struck)
        j += np.uint64(struck)
        struck = hit_date[n] >= own_date[k]
        when[last - step] = hit_date[n] if struck else own_date[k]
        order[last - step] = own + np.int64(n) - 1 if struck else np.int64(k) - 1
        k -= one - np.uint64(struck)
        n -= np.uint64(struck)


def merge_plain(counts: Any, dates: Any, facts: Any, filled: Any, out: Any, which: Any) -> None:
    """The same for events of one item each, whose term is the whole year: they stand where they belong at once."""
    own, hits, after = counts
    own_date, hit_date = dates
    one = np.uint64(1)
    i, j, k, n = one, one, np.uint64(own), np.uint64(hits)
    last = own + hits - 1
    for step in range((own + hits + 1) // 2):
        struck = hit_date[j] < own_date[i]
        now = hit_date[j] if struck else own_date[i]
        stand(step, now, struck, i - one, j - one, own, after, facts, filled, out, which)
        i += one - np.uint64(struck)
        j += np.uint64(struck)
        struck = hit_date[n] >= own_date[k]
        now = hit_date[n] if struck else own_date[k]
        stand(last - step, now, struck, k - one, n - one, own, after, facts, filled, out, which)
        k -= one - np.uint64(struck)
        n -= np.uint64(struck)


def stand(
    place: Any,
    now: Any,
    struck: Any,
    i: Any,
    j: Any,
    own: Any,
    after: Any,
    facts: Any,
    filled: Any,
    out: Any,
    which: Any,
) -> None:
    """One event of one item: own event i, or common shock j where one struck."""
    why, source = facts
    period, date, cause, shock, item_start = out
    u = np.uint64(own) + j if struck else i
    at = np.uint64(place)
    period[at] = np.int64(now)
    date[at] = now
    cause[at] = why[u]
    shock[at] = source[u]
    item_start[at] = filled + place
    which[at] = after + np.int64(j) if struck else np.int64(i)


def emit(
    counts: Any,
    window: Any,
    sequence: Any,
    facts: Any,
    filled: Any,
    out: Any,
    policy: Any,
    recipes: Any,
    draws: Any,
    found: Any,
) -> Any:
    """Events with their items, those outside the term or without an item left out; all draws are made all the same.

    Gives the number of events and of items, and how many normals own events and common shocks have used.
    """
    own, hits, after = counts
    opens, closes = window
    order, when = sequence
    why, source = facts
    period, date, cause, shock, item_start = out
    recipe_start, steps, shape, records, losses, _, _, each = recipes
    at, m, own_drawn, hit_drawn = np.int64(0), np.int64(0), np.int64(0), np.int64(after)
    for place in range(own + hits):
        u = np.uint64(order[place])
        of = np.uint64(why[u])
        struck = order[place] >= own
        kept = m
        drawn = hit_drawn if struck else own_drawn
        begins, ends = recipe_start[of], recipe_start[of + np.uint64(1)]
        m, drawn = follow(
            begins, ends, order[place], m, drawn, draws, policy, (steps, shape, records, losses, each), found
        )
        hit_drawn = drawn if struck else hit_drawn
        own_drawn = own_drawn if struck else drawn
        now = when[place]
        year = np.int64(now)
        if m == kept or now - year < opens or now - year >= closes:
            m = kept
            continue
        period[at], date[at], cause[at], shock[at] = year, now, why[u], source[u]
        item_start[at] = filled + kept
        at += 1
    return at, m, (own_drawn, hit_drawn - after)


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
