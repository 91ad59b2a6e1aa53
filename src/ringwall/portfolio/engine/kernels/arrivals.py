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
AT_ONCE = 2
"""Common shocks that are looked for in each word of marks before it is asked whether there are more."""


def arrive(key: np.uint64, tile: Any, rate: float, levels: Any, room: Any, period: Any, date: Floats) -> int:
    """Years and dates (year and share of it) of the own events: exponential gaps in the running sum of threat levels.

    −1 where `date` has no room for them.
    """
    bits, _, waits, places = room
    level_start = levels[0]
    total = level_start[len(level_start) - 1]
    if rate <= 0.0:
        return 0
    mean = 1.0 / rate
    expected = rate * total
    chunk = min(int(expected + 1.5 * np.sqrt(expected)) + 32, len(waits)) // 32 * 32
    count = 0
    drawn = START
    at = 0.0
    while at < total:
        if count + chunk > len(date):
            return -1
        fill_bits(key, tile, WAITS, drawn // 4, chunk // 4, bits)
        fill_waits(bits, chunk, waits)
        here = places[count:]
        for i in range(chunk):
            at += waits[i] * mean
            here[i] = at
        count += chunk
        drawn += chunk
        chunk = 32
    while count and places[count - 1] >= total:
        count -= 1
    find_years(places, count, levels, period, date)
    return count


def find_years(places: Floats, count: Any, levels: Any, period: Any, date: Floats) -> None:
    """From places in the running sum of threat levels to years, and shares of them."""
    level_start, level_inverse, guide, guide_scale, steps = levels
    for i in range(count):
        year = np.uint64(guide[np.uint64(places[i] * guide_scale)])
        for _ in range(steps):
            year += np.uint64(level_start[year + np.uint64(1)] <= places[i])
        period[i] = year
        date[i] = np.float64(year) + min((places[i] - level_start[year]) * level_inverse[year], 0.9999999)


def fill_causes(key: np.uint64, tile: Any, bounds: Bits, count: Any, bits: Bits, out: Whole) -> None:
    """The peril of each own event, by the shares of the rates."""
    for i in range(count):
        out[i] = 0
    if len(bounds):
        fill_bits(key, tile, CAUSES, START, (count + 3) // 4, bits)
    for k in range(len(bounds)):
        for i in range(count):
            out[i] += bits[i] >= bounds[k]


def strike(key: np.uint64, tile: Any, lists: Whole, weights: Floats, relief: Floats, shocks: Any, room: Any) -> None:
    """Marks the common shocks that hit: geometric skips over each list, one list for each octave of probability."""
    scenario, stream, first_octave, expected, octave_start, octave_top, octave_skips, shock, chance = shocks
    bits, accept, waits, marks = room
    for tie in range(len(lists)):
        listed = np.uint64(lists[tie])
        weight = weights[tie] * relief[scenario[listed]]
        if weight <= 0.0:
            continue
        chunk = min(int(expected[listed] + 2.0 * np.sqrt(expected[listed])) + 32, len(waits)) // 32 * 32
        drawn = START
        of = STRIKES + 2 * stream[listed]
        i = np.uint64(chunk)
        for octave in range(first_octave[listed], first_octave[listed + np.uint64(1)]):
            top, skips, ends = octave_top[octave], octave_skips[octave], octave_start[octave + 1]
            if weight > 1.0:
                top = min(top * np.exp2(np.ceil(np.log2(weight))), 1.0)
                skips = -1.0 / np.log1p(-top) if top < 1.0 else 0.0
            factor = weight / top * 4294967296.0
            at = octave_start[octave] - 1
            while at < ends:
                if i == np.uint64(chunk):
                    fill_bits(key, tile, of, drawn // 4, chunk // 4, bits)
                    fill_waits(bits, chunk, waits)
                    fill_bits(key, tile, of + 1, drawn // 4, chunk // 4, accept)
                    drawn += chunk
                    i = np.uint64(0)
                at += 1 + np.int64(min(waits[i] * skips, 1e9))
                if at < ends:
                    place = np.uint64(at)
                    struck = np.uint64(shock[place])
                    hit = np.uint64(accept[i] < chance[place] * factor)
                    marks[struck >> np.uint64(6)] |= hit << (struck & np.uint64(63))
                i += np.uint64(1)


def marked(marks: Any, shock: Any) -> Any:
    """The shocks that hit, in date order; the marks are wiped.

    The first of each word are written in any case and kept by counting them: how many there are is not to be guessed by
    the processor. `shock` has `AT_ONCE` places more than there are hits.
    """
    count = np.uint64(0)
    for word in range(len(marks)):
        rest = marks[word]
        for _ in range(AT_ONCE):
            shock[count] = 64 * word + lowest_bit(rest)
            count += np.uint64(rest != 0)
            rest &= rest - np.uint64(1)
        while rest:
            shock[count] = 64 * word + lowest_bit(rest)
            count += np.uint64(1)
            rest &= rest - np.uint64(1)
        marks[word] = np.uint64(0)
    return np.int64(count)


def lowest_bit(word: np.uint64) -> np.int64:
    """The place of the lowest bit that is set; anything where none is."""
    alone = word & (~word + np.uint64(1))
    return np.int64((np.float64(alone).view(np.int64) >> 52) - 1023)


def date_shocks(own: Any, hits: Any, calendar: Any, out: Any) -> None:
    """Year, date and cause of the common shocks, which stand behind the own events."""
    shock_year, shock_date, shock_cause = calendar
    period, date, cause, shock, _ = out
    for i in range(own):
        shock[i] = -1
    struck, years, dates, causes = shock[own:], period[own:], date[own:], cause[own:]
    for i in range(hits):
        years[i] = shock_year[np.uint64(struck[i])]
    for i in range(hits):
        dates[i] = shock_date[np.uint64(struck[i])]
    for i in range(hits):
        causes[i] = shock_cause[np.uint64(struck[i])]
