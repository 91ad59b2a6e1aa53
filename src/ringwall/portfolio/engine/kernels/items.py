"""From events to item losses in whole minor units and seconds, as loops for a compiler.

A recipe lists what an event of one cause may cost, step by step. Own events and common shocks have streams of their
own: a changed vendor leaves the policy's own losses as they were.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Bits, Floats, Whole, fill_bits, fill_normals, fill_powers

GATES, EVENT_RADIUS, EVENT_ANGLE, ITEM_RADIUS, ITEM_ANGLE = 2, 4, 6, 8, 10
"""Streams of own events; one higher the same for common shocks."""
ALWAYS, BY_CHANCE, OTHERWISE = 0, 1, 2
"""A step happens always, by chance, or where the one before it did not."""
AMOUNT, RECORDS, OUTAGE, SPLIT = 0, 1, 2, 3
"""A step costs an amount, an amount by the records lost, hours at so much an hour, or a share of the one before."""
OUTAGE_MOST = 31_536_000
"""An outage is counted for at most a year of seconds."""


def fill_pairs(
    key: np.uint64, tile: int, radius: int, angle: int, count: int, bits: Bits, waits: Floats, out: Floats
) -> None:
    """At least `count` normals of two streams."""
    blocks = (count + 63) // 64 * 8
    fill_bits(key, tile, radius, 0, blocks, bits)
    fill_bits(key, tile, angle, 0, blocks, bits[4 * blocks :])
    fill_normals(bits, 4 * blocks, waits, out)


def unfold(
    key: np.uint64, tile: int, common: int, count: int, cause: Whole, policy: Any, recipes: Any, first: int, room: Any
) -> int:
    """Items of `count` events, from place `first` on; gives the place after the last.

    Event i has items item_at[i] to item_at[i + 1]. All draws are made whether the product pays for the item or not.
    """
    recipe_start, steps, shape, records, losses, plain, gated, paired = recipes
    item_at, kind, amount, seconds, mean, spread, which, flat, gates, pairs, normals, bits, waits, logs = room
    if plain:
        unfold_plain(
            count, cause, policy, recipe_start, steps, shape, kind[first:], mean[first:], spread[first:], flat[first:]
        )
        for i in range(count):
            item_at[i] = first + i
        last, drawn = first + count, count
    else:
        if gated:
            fill_bits(key, tile, GATES + common, 0, count, gates)
        if paired:
            fill_pairs(key, tile, EVENT_RADIUS + common, EVENT_ANGLE + common, 2 * count, bits, waits, pairs)
        last = first
        drawn = 0
        found = (kind, mean, spread, which, flat)
        for i in range(count):
            item_at[i] = last
            begins, ends = recipe_start[cause[i]], recipe_start[cause[i] + 1]
            last, drawn = follow(
                begins, ends, i, gates, pairs, last, drawn, policy, steps, shape, records, losses, found
            )
    item_at[count] = last
    fill_pairs(key, tile, ITEM_RADIUS + common, ITEM_ANGLE + common, drawn, bits, waits, normals)
    cost(last - first, plain, mean[first:], spread[first:], which[first:], normals, logs)
    whole_amounts(last - first, policy[3], flat[first:], normals, amount[first:], seconds[first:])
    return last


def cost(count: int, plain: bool, mean: Floats, spread: Floats, which: Whole, normals: Floats, logs: Floats) -> None:
    """What each item costs, over its normal draw."""
    if plain:
        for m in range(count):
            logs[m] = min(mean[m] + spread[m] * normals[m], 40.0)
    else:
        for m in range(count):
            logs[m] = min(mean[m] + spread[m] * normals[np.uint64(which[m])], 40.0)
    fill_powers(logs, count, normals)


def whole_amounts(count: int, most: int, flat: Whole, costs: Floats, amount: Whole, seconds: Whole) -> None:
    """Whole minor units; for an outage whole seconds, and the loss of an hour."""
    for m in range(count):
        whole = int(costs[m] + 0.5)
        outage = flat[m] >= 0
        amount[m] = min(flat[m] if outage else whole, most)
        seconds[m] = min(whole, OUTAGE_MOST) if outage else 0


def unfold_plain(
    count: int,
    cause: Whole,
    policy: Any,
    recipe_start: Whole,
    steps: Whole,
    shape: Floats,
    kind: Any,
    mean: Floats,
    spread: Floats,
    flat: Whole,
) -> None:
    """Every cause has one step that always happens, without common factor: one item an event."""
    size, an_hour, _, _ = policy
    hourly = np.int64(an_hour + 0.5)
    for i in range(count):
        r = np.uint64(recipe_start[np.uint64(cause[i])])
        kind[i] = steps[r, np.uint64(0)]
        mean[i] = shape[r, np.uint64(0)] + shape[r, np.uint64(1)] * size
        spread[i] = shape[r, np.uint64(2)]
        flat[i] = hourly if steps[r, np.uint64(3)] == OUTAGE else -1


def follow(
    r: int,
    last: int,
    i: int,
    gates: Bits,
    pairs: Floats,
    m: int,
    drawn: int,
    policy: Any,
    steps: Whole,
    shape: Floats,
    records: Floats,
    losses: Floats,
    found: Any,
) -> Any:
    """One event's recipe: kind of each item, mean and spread of its logarithm, its normal, its loss an hour."""
    size, an_hour, most_records, _ = policy
    kind, mean, spread, which, flat = found
    slot = 4 * i
    happens = False
    centre = 0.0
    hourly = np.int64(-1)
    while r < last:
        code, gate, chance, form, table = steps[r, 0], steps[r, 1], steps[r, 2], steps[r, 3], steps[r, 4]
        if gate == BY_CHANCE:
            happens = gates[slot] < chance
            slot += 1
        elif gate == OTHERWISE:
            happens = not happens
        elif form != SPLIT:
            happens = True
        if form != SPLIT:
            hourly = np.int64(-1)
            grown = size
            if form == OUTAGE:
                level = 1.0
                if table >= 0:
                    level = losses[table, gates[slot] >> 22]
                    slot += 1
                hourly = np.int64(an_hour * level + 0.5)
            elif form == RECORDS:
                grown = min(records[0] + records[1] * size + records[2] * pairs[2 * i + 1], most_records)
                happens = grown >= 0.0
                if grown < 12.0:
                    grown = np.log(max(np.floor(np.exp(grown)), 1.0))
            centre = shape[r, 1] * grown
            if shape[r, 3] != 0.0:
                centre += shape[r, 3] * pairs[2 * i]
            drawn += happens
        if happens and code >= 0:
            kind[m] = code
            mean[m] = centre + shape[r, 0]
            spread[m] = shape[r, 2]
            which[m] = drawn - 1
            flat[m] = hourly
            m += 1
        r += 1
    return m, drawn
