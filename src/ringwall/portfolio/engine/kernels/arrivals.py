"""When a policy's own events fall and which common shocks hit it, as loops for a compiler.

Every draw has its place in a stream of the policy, so that neither other policies nor the size of a batch move it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Bits, Floats, Whole, fill_bits, fill_waits

START = np.int64(0)
WAITS, CAUSES, STRIKES = np.int64(0), np.int64(1), np.int64(64)
"""Streams of the policy; from 64 on two for each scenario and vendor.

Typed, so that a loop is compiled once for all streams."""
OCTAVES = 16
"""Lists for each vendor: chances of a hit above 1/2, above 1/4, and so on; the last holds all that are smaller."""
TRIED = 4
"""The shocks of so many octaves are tried one by one; of the others, whose chances are smaller, most are skipped."""
TICKS = 2.0**30
"""Places in the running sum of threat levels are whole ticks, so many for a year of level one."""
LATEST = 0.9999999
"""No date of an own event is later in its year."""


def arrive(key: np.uint64, tile: Any, rate: float, levels: Any, room: Any, period: Any, place: Whole) -> int:
    """Years and places of the own events: exponential gaps in the running sum of threat levels.

    −1 where `place` has no room for them.
    """
    bits, _, waits, _ = room
    total = levels[0][len(levels[0]) - 1]
    if rate <= 0.0:
        return 0
    mean, longest = TICKS / rate, np.float64(total)
    expected = longest / mean
    chunk = min(int(expected + np.sqrt(expected)) + 32, len(waits)) // 32 * 32
    count = 0
    drawn = START
    at = np.int64(0)
    while at < total:
        if count + chunk > len(place):
            return -1
        fill_bits(key, tile, WAITS, drawn // 4, chunk // 4, bits)
        fill_waits(bits, chunk, waits)
        here = place[count:]
        for i in range(chunk):
            here[i] = np.int64(min(waits[i] * mean, longest))
        for i in range(chunk):
            at += here[i]
            here[i] = at
        count += chunk
        drawn += chunk
        chunk = 32
    while count and place[count - 1] >= total:
        count -= 1
    find_years(place, count, levels, period)
    return count


def find_years(place: Whole, count: Any, levels: Any, period: Any) -> None:
    """From places in the running sum of threat levels to years: first the guide's, then step by step."""
    start, _, guide, shift, steps = levels
    for i in range(count):
        period[i] = guide[np.uint64(place[i]) >> np.uint64(shift)]
    for _ in range(steps):
        for i in range(count):
            period[i] += start[np.uint64(period[i]) + np.uint64(1)] <= place[i]


def fill_causes(key: np.uint64, tile: Any, bounds: Bits, count: Any, bits: Bits, out: Whole) -> None:
    """The peril of each own event, by the shares of the rates."""
    for i in range(count):
        out[i] = 0
    if len(bounds):
        fill_bits(key, tile, CAUSES, START, (count + 3) // 4, bits)
    for k in range(len(bounds)):
        for i in range(count):
            out[i] += bits[i] >= bounds[k]


def strike(
    key: np.uint64, tile: Any, lists: Whole, weights: Floats, relief: Floats, shocks: Any, room: Any, out: Any
) -> Any:
    """The common shocks that hit, list by list, in no order of dates; gives their number. No shock is in two lists.

    `out` has one place more than there are hits: a shock is written in any case and kept by counting it.
    """
    scenario, stream, first_octave, first_skipped, expected, octave_start = shocks[:6]
    octave_top, octave_skips, shock, chance = shocks[6:]
    bits, accept, waits = room
    hits = np.uint64(0)
    for tie in range(len(lists)):
        listed = np.uint64(lists[tie])
        weight = weights[tie] * relief[scenario[listed]]
        if weight <= 0.0:
            continue
        of = STRIKES + 2 * stream[listed]
        begins, ends = octave_start[first_octave[listed]], octave_start[first_skipped[listed]]
        tried = (ends - begins + 3) // 4
        fill_bits(key, tile, of + 1, START, tried, accept)
        likely, of_place, factor = chance[begins:ends], shock[begins:ends], weight * 4294967296.0
        for j in range(ends - begins):
            accept[j] = np.float64(accept[j]) < likely[j] * factor
        for j in range(ends - begins):
            out[hits] = of_place[j]
            hits += np.uint64(accept[j])
        chunk = min(int(expected[listed] + np.sqrt(expected[listed])) + 16, len(waits)) // 16 * 16
        drawn = START
        i = np.uint64(chunk)
        for octave in range(first_skipped[listed], first_octave[listed + np.uint64(1)]):
            top, skips, ends = octave_top[octave], octave_skips[octave], octave_start[octave + 1]
            if weight > 1.0:
                top = min(top * np.exp2(np.ceil(np.log2(weight))), 1.0)
                skips = -1.0 / np.log1p(-top) if top < 1.0 else 0.0
            factor = weight / top * 4294967296.0
            at = octave_start[octave] - 1
            while at < ends:
                if i == np.uint64(chunk):
                    chunk = 16 if drawn else chunk
                    fill_bits(key, tile, of, drawn // 4, chunk // 4, bits)
                    fill_waits(bits, chunk, waits)
                    fill_bits(key, tile, of + 1, tried + drawn // 4, chunk // 4, accept)
                    drawn += chunk
                    i = np.uint64(0)
                at += 1 + np.int64(min(waits[i] * skips, 1e9))
                if at < ends:
                    place = np.uint64(at)
                    out[hits] = shock[place]
                    hits += np.uint64(accept[i] < chance[place] * factor)
                i += np.uint64(1)
    return np.int64(hits)


def date_of(event: Any, shocks: Any, period: Any, dates: Any) -> Any:
    """Year and share of it, of an own event or, from place `shocks` on, of a common shock."""
    shock, place, levels, calendar = dates
    if event >= shocks:
        return np.float64(calendar[1][np.uint64(shock[event])])
    year = np.uint64(period[event])
    return np.float64(year) + min((place[event] - levels[0][year]) * levels[1][year], LATEST)
