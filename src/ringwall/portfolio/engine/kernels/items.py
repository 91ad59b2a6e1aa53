"""From events to item losses in whole minor units and seconds, as loops for a compiler.

A recipe lists what an event of one cause may cost, step by step. Own events and common shocks have streams of their
own: a changed vendor leaves the policy's own losses as they were.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Bits, Floats, Whole, fill_bits, fill_normals, fill_powers

START, ONE = np.int64(0), np.int64(1)
GATES, EVENT_RADIUS, EVENT_ANGLE = np.int64(2), np.int64(4), np.int64(6)
ITEM_RADIUS, ITEM_ANGLE = np.int64(8), np.int64(10)
"""Streams of own events; one higher the same for common shocks."""
ALWAYS, BY_CHANCE, OTHERWISE = 0, 1, 2
"""A step happens always, by chance, or where the one before it did not."""
AMOUNT, RECORDS, OUTAGE, SPLIT = 0, 1, 2, 3
"""A step costs an amount, an amount by the records lost, hours at so much an hour, or a share of the one before."""
OUTAGE_MOST = 31_536_000
"""An outage is counted for at most a year of seconds."""


def prepare(key: np.uint64, tile: Any, own: Any, hits: Any, recipes: Any, draws: Any, room: Any) -> None:
    """Gates and common factors of all events: four draws and one or two normals each, own events before shocks."""
    gated, each = recipes[6], recipes[7]
    gates, pairs = draws
    bits, _, waits, _ = room
    if gated:
        fill_bits(key, tile, GATES, START, own, gates)
        fill_bits(key, tile, GATES + ONE, START, hits, gates[4 * own :])
    if each:
        fill_pairs(key, tile, EVENT_RADIUS, EVENT_ANGLE, each * own, bits, waits, pairs)
        fill_pairs(key, tile, EVENT_RADIUS + ONE, EVENT_ANGLE + ONE, each * hits, bits, waits, pairs[each * own :])


def fill_pairs(
    key: np.uint64, tile: Any, radius: Any, angle: Any, count: Any, bits: Bits, waits: Floats, out: Floats
) -> None:
    """At least `count` normals of two streams, in whole lots of 64."""
    blocks = (count + 63) // 64 * 8
    fill_bits(key, tile, radius, START, blocks, bits)
    fill_bits(key, tile, angle, START, blocks, bits[4 * blocks :])
    fill_normals(bits, 4 * blocks, waits, out)


def fill_losses(key: np.uint64, tile: Any, drawn: Any, room: Any, normals: Floats) -> None:
    """The normals of items: so many of own events, and those of common shocks from a place on."""
    bits, _, waits, _ = room
    own, begins, hits = drawn
    fill_pairs(key, tile, ITEM_RADIUS, ITEM_ANGLE, own, bits, waits, normals)
    fill_pairs(key, tile, ITEM_RADIUS + ONE, ITEM_ANGLE + ONE, hits, bits, waits, normals[begins:])


def cost(
    key: np.uint64, tile: Any, drawn: Any, count: Any, most: Any, loss: Any, room: Any, amount: Whole, seconds: Any
) -> None:
    """What the items cost: whole minor units; for an outage whole seconds, and the loss of an hour."""
    mean, spread, which, flat, normals, logs = loss
    fill_losses(key, tile, drawn, room, normals)
    for m in range(count):
        logs[m] = min(mean[m] + spread[m] * normals[np.uint64(which[m])], 40.0)
    fill_powers(logs, count, mean)
    for m in range(count):
        whole = int(mean[m] + 0.5)
        outage = flat[m] >= 0
        amount[m] = min(flat[m] if outage else whole, most)
        seconds[m] = min(whole, OUTAGE_MOST) if outage else 0


def cost_plain(
    key: np.uint64,
    tile: Any,
    drawn: Any,
    policy: Any,
    recipes: Any,
    cause: Any,
    most: Any,
    loss: Any,
    room: Any,
    found: Any,
) -> None:
    """Every cause has one step that always happens, without common factor: item m is that of event m.

    Each loop writes one column, so that a compiler can take several events at a time. What all causes have alike is
    not asked of each event.
    """
    own, begins, hits, one_peril, several_kinds = drawn
    mean, spread, _, _, normals, logs = loss
    kind, amount, seconds = found
    fill_losses(key, tile, drawn[:3], room, normals)
    outages, every = by_cause(policy[0], recipes, mean, spread)
    if one_peril:
        for m in range(own):
            logs[m] = min(mean[0] + spread[0] * normals[m], 40.0)
    else:
        fill_logs(mean, spread, cause, normals, own, logs)
    fill_logs(mean, spread, cause[own:], normals[begins:], hits, logs[own:])
    fill_powers(logs, own + hits, normals)
    an_hour = min(np.int64(policy[1] + 0.5), most)
    if outages == every:
        for m in range(own + hits):
            amount[m] = an_hour
        for m in range(own + hits):
            seconds[m] = min(np.int64(normals[m] + 0.5), OUTAGE_MOST)
    else:
        for m in range(own + hits):
            whole = np.int64(normals[m] + 0.5)
            amount[m] = an_hour if (outages >> np.int64(cause[m])) & 1 else min(whole, most)
        for m in range(own + hits):
            whole = np.int64(normals[m] + 0.5)
            seconds[m] = min(whole, OUTAGE_MOST) if (outages >> np.int64(cause[m])) & 1 else 0
    if several_kinds:
        for m in range(own + hits):
            kind[m] = recipes[1][np.uint64(recipes[0][np.uint64(cause[m])]), 0]


def by_cause(size: float, recipes: Any, mean: Floats, spread: Floats) -> Any:
    """The only step of each cause: mean and spread of its logarithm; gives a bit for an outage, and a bit for each."""
    recipe_start, steps, shape = recipes[0], recipes[1], recipes[2]
    outages, every = np.int64(0), np.int64(0)
    for k in range(len(recipe_start) - 1):
        r = recipe_start[k]
        mean[k] = shape[r, 0] + shape[r, 1] * size
        spread[k] = shape[r, 2]
        outages |= np.int64(steps[r, 3] == OUTAGE) << np.int64(k)
        every |= np.int64(1) << np.int64(k)
    return outages, every


def fill_logs(mean: Floats, spread: Floats, cause: Any, normals: Floats, count: Any, out: Floats) -> None:
    """Logarithms of what so many events cost."""
    for m in range(count):
        of = np.uint64(cause[m])
        out[m] = min(mean[of] + spread[of] * normals[m], 40.0)


def follow(
    begins: Any,
    ends: Any,
    u: Any,
    m: Any,
    drawn: Any,
    draws: Any,
    policy: Any,
    recipes: Any,
    found: Any,
) -> Any:
    """One event's recipe: kind of each item, mean and spread of its logarithm, its normal, its loss an hour.

    An item is written in any case and kept by counting it: whether it happens is not to be guessed by the processor.
    """
    gates, pairs = draws
    size, an_hour, most_records = policy
    steps, shape, records, losses, each = recipes
    kind, mean, spread, which, flat = found
    slot = np.uint64(4 * u)
    common = pairs[np.uint64(each * u)]
    happens = True
    centre = 0.0
    hourly = np.int64(-1)
    for step in range(begins, ends):
        r = np.uint64(step)
        gate, form = steps[r, 1], steps[r, 3]
        if gate == BY_CHANCE:
            happens = gates[slot] < steps[r, 2]
            slot += np.uint64(1)
        elif gate == OTHERWISE:
            happens = not happens
        elif form != SPLIT:
            happens = True
        if form != SPLIT:
            centre = shape[r, 1] * size + shape[r, 3] * common
            hourly = np.int64(-1)
            if form == OUTAGE:
                level = 1.0
                if steps[r, 4] >= 0:
                    level = losses[np.uint64(steps[r, 4]), gates[slot] >> np.uint32(22)]
                    slot += np.uint64(1)
                hourly = np.int64(an_hour * level + 0.5)
            elif form == RECORDS:
                lost = min(records[0] + records[1] * size + records[2] * pairs[np.uint64(each * u + 1)], most_records)
                happens = lost >= 0.0
                if lost < 12.0:
                    lost = np.log(max(np.floor(np.exp(lost)), 1.0))
                centre = shape[r, 1] * lost + shape[r, 3] * common
            drawn += happens
        place = np.uint64(m)
        kind[place] = steps[r, 0]
        mean[place] = centre + shape[r, 0]
        spread[place] = shape[r, 2]
        which[place] = drawn - 1
        flat[place] = hourly
        m += happens & (steps[r, 0] >= 0)
    return m, drawn
