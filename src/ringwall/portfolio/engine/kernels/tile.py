"""Fills a tile of years: policy after policy, until there are events enough; as a loop for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.arrivals import arrive, date_of, fill_causes, strike
from ringwall.portfolio.engine.kernels.items import cost, cost_plain, follow, prepare

MOST_STEPS = 8
"""No recipe has more steps."""


def draw(
    first: Any,
    last: Any,
    tile: Any,
    enough: Any,
    policies: Any,
    ties: Any,
    relief: Any,
    levels: Any,
    shocks: Any,
    recipes: Any,
    draws: Any,
    room: Any,
    events: Any,
) -> Any:
    """Events and items of policies `first` to `last`: whole policies, until there are `enough` events.

    Gives (next policy, rows, events, items); where not even one policy fits, the next policy is `first`.
    A row is a policy: its own events in date order, then the common shocks that hit it, in none.
    """
    most, longest, several_kinds = policies[11:]
    drawing, loss = room
    row_policy, row_start, row_shocks, period, place, cause, shock, item_start, kind, amount, seconds = events
    rows, at, filled, p = np.int64(0), np.int64(0), np.int64(0), first
    while p < last and at < enough:
        key, policy = policies[0][p], (policies[3][p], policies[4][p], policies[5][p])
        here = (period[at:], place[at:], cause[at:], shock[at:], item_start[at:])
        own, hits = happen(key, tile, p, policies, ties, relief, levels, shocks, drawing, here)
        if own < 0:
            break
        dates = (here[3], here[1], levels, shocks[1])
        part = fill_inside(own, hits, (policies[6][p], policies[7][p]), dates, here[0], drawing[1])
        found = (kind[filled:], amount[filled:], seconds[filled:])
        if draws is None:
            drawn = (own, (own + 63) // 64 * 64, hits, len(policies[2][p]) == 0, several_kinds)
            cost_plain(key, tile, drawn, policy, recipes, here[2], most, loss, drawing, found)
            if part:
                own, hits = within((own, hits), drawing[1], here, found)
            m = own + hits
        else:
            prepare(key, tile, own, hits, recipes, draws, drawing)
            counts, items = (own, hits, (longest * own + 127) // 64 * 64), (found[0], *loss[:4])
            own, hits, m, drawn = emit(counts, drawing[1], filled, here, policy, recipes, draws, items)
            cost(key, tile, drawn, m, most, loss, drawing, found[1], found[2])
        row_policy[rows], row_start[rows], row_shocks[rows] = p, at, at + own
        rows, at, filled, p = rows + 1, at + own + hits, filled + m, p + 1
    row_start[rows], item_start[at] = at, filled
    return p, rows, at, filled


def happen(
    key: np.uint64,
    tile: Any,
    p: Any,
    policies: Any,
    ties: Any,
    relief: Any,
    levels: Any,
    shocks: Any,
    drawing: Any,
    out: Any,
) -> Any:
    """Own events and common shocks of one policy; gives their numbers, −1 where there is no room for all of them."""
    rates, bounds, tie_set, relief_of = policies[1], policies[2], policies[8], policies[9]
    tie_start, tie_list, tie_weight = ties
    lists, calendar = shocks
    period, place, cause, shock, _ = out
    own = arrive(key, tile, rates[p], levels, drawing, period, place)
    if own < 0 or own + len(calendar[0]) >= len(shock):
        return np.int64(-1), np.int64(0)
    a, b = tie_start[tie_set[p]], tie_start[tie_set[p] + 1]
    struck = shock[own:]
    hits = strike(key, tile, tie_list[a:b], tie_weight[a:b], relief[relief_of[p]], lists, drawing[:3], struck)
    fill_causes(key, tile, bounds[p], own, drawing[0], cause)
    for i in range(own):
        shock[i] = -1
    years, causes = period[own:], cause[own:]
    for i in range(hits):
        years[i] = calendar[0][np.uint64(struck[i])]
    for i in range(hits):
        causes[i] = calendar[2][np.uint64(struck[i])]
    return np.int64(own), hits


def fill_inside(own: Any, hits: Any, window: Any, dates: Any, period: Any, out: Any) -> Any:
    """Of each event, whether it falls into the policy's part of the year; gives whether that is a part only."""
    opens, closes = window
    part = opens > 0.0 or closes < 1.0
    for u in range(own + hits):
        out[u] = True
    if part:
        for u in range(own + hits):
            share = date_of(u, own, period, dates) - np.float64(period[u])
            out[u] = opens <= share < closes
    return part


def within(counts: Any, inside: Any, out: Any, found: Any) -> Any:
    """Events of one item each; those outside the term are left out. Gives own events and shocks."""
    own, hits = counts
    period, place, cause, shock, _ = out
    kind, amount, seconds = found
    at, own_kept = np.int64(0), np.int64(0)
    for u in range(own + hits):
        stays = inside[u] != 0
        period[at], place[at], cause[at], shock[at] = period[u], place[u], cause[u], shock[u]
        kind[at], amount[at], seconds[at] = kind[u], amount[u], seconds[u]
        at += stays
        own_kept += stays and u < own
    return own_kept, at - own_kept


def emit(
    counts: Any,
    inside: Any,
    filled: Any,
    out: Any,
    policy: Any,
    recipes: Any,
    draws: Any,
    found: Any,
) -> Any:
    """Events with their items, those outside the term or without an item left out; all draws are made all the same.

    Gives the number of own events, of shocks and of items; and how many normals own events have used, where those of
    shocks begin, and how many they have used.
    """
    own, hits, after = counts
    period, place, cause, shock, item_start = out
    recipe_start, steps, shape, records, losses, _, _, each = recipes
    table = (steps, shape, records, losses, each)
    at, m, drawn, own_drawn, own_kept = np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    for u in range(own + hits):
        if u == own:
            own_kept, own_drawn, drawn = at, drawn, after
        of = np.uint64(cause[u])
        kept = m
        begins, ends = recipe_start[of], recipe_start[of + np.uint64(1)]
        m, drawn = follow(begins, ends, u, m, drawn, draws, policy, table, found)
        if m == kept or inside[u] == 0:
            m = kept
            continue
        period[at], place[at], cause[at], shock[at] = period[u], place[u], cause[u], shock[u]
        item_start[at] = filled + kept
        at += 1
    if hits == 0:
        own_kept, own_drawn, drawn = at, drawn, after
    return own_kept, at - own_kept, m, (own_drawn, after, drawn - after)
