"""Our side of `bench book`: events a second through the compiled terms, two workers, a million policies, equal bits."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT, WHAT, SIZE = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench" / "work"), str(ROOT / "tests" / "terms"), str(ROOT)]

import numpy as np  # noqa: E402
from book_work import SMALL, YEARS, calendar, enterprise_part, shuffled, single_part  # noqa: E402

from ringwall.portfolio import measure  # noqa: E402
from ringwall.portfolio.blocks import digest  # noqa: E402
from ringwall.portfolio.engine import (  # noqa: E402
    Calendar,
    Runner,
    Structure,
    Totals,
    engine_text,
    largest_events,
    tile_of,
    total_book,
    with_policy,
    without_policy,
)
from ringwall.shell.loops import kept_in  # noqa: E402

REPEATS = 5
SHARED = {"full": 100_000, "quick": 1_000}
"""Policies of the book that two workers share: long enough that a pause of the machine weighs little."""
BLOCK = 2_500
"""Policies of one block there, so that both workers end together."""
POLICIES = {"full": 20_000, "quick": 1_000}
MILLION = {"full": 1_000_000, "quick": 10_000}
LOOPS = kept_in(ROOT / ".ringwall" / "bench" / "loops")
CEILING = """

def run(policies, own, tried, skips, hits, years, shocks, room, sums):
    bits, waits, normals, costs = room
    by_year, by_shock, paying = sums
    for policy in range(policies):
        key = np.uint64(policy)
        fill_bits(key, START, START, START, own // 4, bits)
        fill_waits(bits, own, waits)
        fill_bits(key, START, ONE, START, skips // 4, bits)
        fill_waits(bits, skips, waits)
        fill_bits(key, START, ONE + ONE, START, (tried + skips) // 4, bits)
        fill_bits(key, START, ONE + ONE + ONE, START, (own + hits) // 4, bits)
        fill_normals(bits, (own + hits) // 2, waits, normals)
        fill_powers(normals, own + hits, costs)
        for i in range(own):
            by_year[years[policy, i]] += np.int64(costs[i])
        for i in range(hits):
            by_shock[shocks[policy, i]] += np.int64(costs[own + i])
            paying[shocks[policy, i]] += costs[own + i] > 0.5
"""
CEILING_POLICIES = 400


def main() -> None:
    if WHAT == "all":
        print(json.dumps({**speeds(), **shared_work(), **alone(), **starts()}))
    else:
        print(json.dumps(in_one_go(MILLION[SIZE])))


def speeds() -> dict[str, object]:
    """CPU seconds of one worker: draws, terms and sums together; and its ingredients alone."""
    tile, count = tile_of(calendar(YEARS), 0), POLICIES[SIZE]
    plain = Runner(single_part(count), tile, LOOPS)
    events, _ = rate(plain, count)
    parts, items = rate(Runner(enterprise_part(count), tile, LOOPS), count)
    most = ceiling(plain, min(count, 2_000))
    return {
        "events_per_s_core": round(events),
        "enterprise_items_per_s_core": round(items),
        "enterprise_events_per_s_core": round(parts),
        "ceiling_per_s": round(most),
        "ceiling_share": round(events / most, 3),
    }


def rate(runner: Runner, count: int) -> tuple[float, float]:
    """Events and items a second, median of five."""
    found = []
    for _ in range(REPEATS + 1):
        sums = room_for(runner, count)
        runner.events_done = runner.items_done = 0
        began = time.process_time()
        runner.add(sums, 0, count)
        spent = time.process_time() - began
        found.append((runner.events_done / spent, runner.items_done / spent))
    events, items = zip(*found[1:], strict=True)
    return statistics.median(events), statistics.median(items)


def room_for(runner: Runner, count: int) -> tuple[np.ndarray, ...]:
    shocks = len(runner.tile.date)
    return tuple(np.zeros(size, np.int64) for size in (YEARS, YEARS, YEARS, shocks, shocks, count, 4))


def ceiling(runner: Runner, count: int) -> float:
    """Events a second of the ingredients alone, as many a policy as the book has; no order, no dates, no terms.

    An own event takes a waiting time, a common shock that hits takes its part of its list: a draw for each shock that
    is tried; where shocks are skipped, a waiting time for each skip and a draw that accepts. Both take a normal and an
    exponential, and are summed where they belong: an own event by year; a common shock by shock, with the number of
    policies that pay.
    """
    own, tried, skips, hits = (4 * round(number / 4) for number in ingredients(runner, count))
    dice, most, shocks = np.random.default_rng(1), max(own + hits, tried + skips), len(runner.tile.date)
    places = (dice.integers(0, size, (CEILING_POLICIES, n)) for size, n in ((YEARS, own), (shocks, hits)))
    work = (CEILING_POLICIES, own, tried, skips, hits, *places)
    room = (np.empty(most, np.uint32), *(np.empty(most) for _ in range(3)))
    sums = tuple(np.zeros(size, np.int64) for size in (YEARS, shocks, shocks))
    run, found = LOOPS(engine_text() + CEILING)["run"], []
    for _ in range(REPEATS + 1):
        began = time.process_time()
        for _ in range(10):
            run(*work, room, sums)
        found.append(10 * CEILING_POLICIES * (own + hits) / (time.process_time() - began))
    return statistics.median(found[1:])


def ingredients(runner: Runner, count: int) -> tuple[float, float, float, float]:
    """Own events, common shocks that are tried one by one, skips over lists of others, hits: the mean of a policy."""
    lists, columns = runner.tile.lists, runner.structure.columns
    tried = lists.start[lists.skipped] - lists.start[lists.first[:-1]]
    of_set = [
        np.add.reduceat(number[columns.ties.listed], columns.ties.start[:-1]) for number in (tried, lists.expected)
    ]
    own = hits = 0
    for done in runner.settled(0, count):
        own += int((done.shock < 0).sum())
        hits += int((done.shock >= 0).sum())
    mean = [float(number[columns.tie_set[:count]].mean()) for number in of_set]
    return own / count, mean[0], mean[1], hits / count


def shared_work() -> dict[str, object]:
    """Wall time of one worker against two, in turn; and the same bits on any executor, in any blocks and order."""
    held, book = calendar(YEARS), single_part(SHARED[SIZE])
    walls: dict[int, list[float]] = {1: [], 2: []}
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        for _ in range(REPEATS):
            for workers, pool in ((1, one), (2, two)):
                began = time.perf_counter()
                total_book(held, [book], book.size, executor=pool, loops=LOOPS, block=BLOCK)
                walls[workers].append(time.perf_counter() - began)
    ratio = statistics.median(walls[1]) / statistics.median(walls[2])
    small = enterprise_part(SMALL)
    right = digest(total_book(held, [small], small.size, loops=LOOPS))
    equal = all(digest(one) == right for one in others(held, small))
    return {"two_core_speedup": round(ratio, 3), "bit_equal": equal, "digest": right}


def others(held: Calendar, book: Structure) -> Iterator[Totals]:
    """The same book in blocks of other sizes, with its policies shuffled, and on 1, 2 and 4 threads and processes."""
    for block in (1, 7, 250):
        yield total_book(held, [book], book.size, loops=LOOPS, block=block)
    yield total_book(held, shuffled(book), book.size, loops=LOOPS)
    for workers in (1, 2, 4):
        pools: tuple[Executor, ...] = (ThreadPoolExecutor(workers), ProcessPoolExecutor(workers))
        for pool in pools:
            with pool:
                yield total_book(held, [book], book.size, executor=pool, loops=LOOPS, block=100)


def alone() -> dict[str, object]:
    """One policy joins the book: its own years, the book's new totals, and what it does to mean, AEP, OEP and TVaR."""
    held, book = calendar(YEARS), single_part(500)
    total = total_book(held, [book], book.size, loops=LOOPS)
    tile, found = tile_of(held, 0), []
    for n in range(200):
        one = book.part(n, n + 1)
        began = time.process_time()
        mine = total_book(held, [one], book.size, loops=LOOPS, tiles=(tile,))
        larger = with_policy(total, mine)
        measure(larger.by_year, largest_events(held, larger))
        found.append(time.process_time() - began)
        assert np.array_equal(with_policy(without_policy(total, mine), mine).largest, total.largest)
    return {"marginal_ms": round(statistics.median(found) * 1000, 3)}


def in_one_go(count: int) -> dict[str, object]:
    """Asked of a process of its own, so that its peak memory is its own."""
    held, book = calendar(YEARS), single_part(count)
    first = book.part(0, 10)
    total_book(held, [first], count, loops=LOOPS)
    began = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        total = total_book(held, [book], count, executor=pool, loops=LOOPS)
        measure(total.by_year, largest_events(held, total))
    spent = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"million_s": round(spent, 2), "million_peak_mb": peak}


def starts() -> dict[str, object]:
    """From the start of a process to the first book, with an empty folder and with a filled one.

    Cold is the very first process: there is no bytecode either, not even of Python's own modules. From the second on
    it is there, as it is wherever the product stands: what an empty folder alone takes then is `loops_s`.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        loops = [f"{folder}/{name}" for name in ("first", "first", "first", "second")]
        cold, *cached, compiled = [timed(partial(first_book, each, **kept)) for each in loops]
    return {"cold_s": round(cold, 2), "cached_s": round(min(cached), 2), "loops_s": round(compiled, 2)}


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def first_book(folder: str, **environment: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("book_first.py")), str(ROOT), folder]
    subprocess.run(command, check=True, env={**os.environ, **environment})


if __name__ == "__main__":
    main()
