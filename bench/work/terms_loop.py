"""Our side of `bench terms`: speed of the loop, of the exact reader, and the comparison of the readers."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT, HOW_MUCH = Path(sys.argv[1]), sys.argv[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench"), str(ROOT / "tests" / "terms"), str(ROOT / "tests/terms/kernel")]

import numpy as np  # noqa: E402
from enterprise import compiled, enterprise  # noqa: E402
from peers import LOOPS  # noqa: E402
from tables import columns_of, random_table, settle_one_by_one  # noqa: E402

from ringwall.shell.loops import kept_in  # noqa: E402
from ringwall.terms import settle, settle_columns  # noqa: E402
from ringwall.terms.cover import judge_claim  # noqa: E402
from ringwall.terms.kernel import ItemTable, KernelPlan, opening_states, plan_kernel, room_for, settle_items  # noqa: E402
from ringwall.terms.readers.exact import Settling, open_settlement, subjects  # noqa: E402
from ringwall.terms.readers.exact.admissible import inadmissible  # noqa: E402
from ringwall.terms.straight import load_program  # noqa: E402

POLICIES, EVENTS, YEARS = 200, 10_000, 8_000
REPEATS = 5
BATCH = 2_000
COMPARED = {"full": 10_000_000, "quick": 40_000}


def main() -> None:
    product = enterprise()
    figures = {**speed(product), **claims(product), **agreement(product, COMPARED[HOW_MUCH])}
    print(json.dumps(figures))


def book_table(plan: KernelPlan, rng: np.random.Generator) -> ItemTable:
    """Given losses of a book: 2.2 items an event on average, policy by policy, in date order."""
    count = POLICIES * EVENTS
    sizes = rng.choice([1, 2, 3, 4, 5], count, p=[0.35, 0.3, 0.2, 0.1, 0.05])
    item_start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    items = int(item_start[-1])
    kind = rng.integers(0, len(plan.kinds), items).astype(np.uint8)
    amount = np.minimum(np.exp(rng.normal(np.log(2e6), 1.5, items)), 1e10).astype(np.int64)
    hours = [place for place, name in enumerate(plan.kinds) if name.endswith("seconds")]
    seconds = np.where(np.isin(kind, hours), rng.integers(0, 400_000, items), 0)
    period = np.sort(rng.integers(0, YEARS, (POLICIES, EVENTS)), axis=1).ravel()
    start = np.arange(POLICIES + 1, dtype=np.int64) * EVENTS
    return ItemTable(start, period, item_start, kind, amount, seconds, np.zeros((0, 0), np.int64))


def speed(product: object) -> dict[str, object]:
    """Median of five over the whole call: checks, numbers of every policy, loop; memory of the answer is reused."""
    policies = [compiled(product, event_limit=300_000_000 + 100 * n) for n in range(POLICIES)]  # type: ignore[arg-type]
    plan = plan_kernel(policies[0])
    assert isinstance(plan, KernelPlan)
    run, table = kept_in(LOOPS)(plan.text)["run"], book_table(plan, np.random.default_rng(2026))
    opening, room = opening_states(plan, POLICIES), room_for(plan, len(table.period))
    began = time.perf_counter()
    settle_items(plan, run, policies, table, opening, into=room)
    first = time.perf_counter() - began
    rates = []
    for _ in range(REPEATS):
        began = time.process_time()
        settle_items(plan, run, policies, table, opening, into=room)
        rates.append(len(table.kind) / (time.process_time() - began))
    rate = statistics.median(rates)
    events = rate * len(table.period) / len(table.kind)
    return {"items_per_s": round(rate), "events_per_s": round(events), "first_call_s": round(first, 2)}


def claims(product: object) -> dict[str, object]:
    """A ransomware claim of twelve items: the whole answer with its trace, and the graph alone on what it is given.

    Every measured call settles the claim anew from the event; only what the terms prepare at their first event is kept.
    """
    example = next(e for e in product.examples if len(e.event.items) == 12)  # type: ignore[attr-defined]
    terms, event, state = compiled(product), example.event, example.state  # type: ignore[arg-type]
    nothing: frozenset[str] = frozenset()
    began = time.process_time()
    settle(terms, event, state)
    first = (time.process_time() - began) * 1e6
    work = open_settlement(terms, event, state, nothing)
    assert isinstance(work, Settling)
    given = subjects(work.plan.subjects, work.rows, high=False, reading=work.worst, void=nothing)
    program, tracer = load_program(terms.program), work.plan.tracer(nothing)
    steps = {
        "admissible": lambda: inadmissible(work.plan.gate, event, state, nothing),
        "cover logic": lambda: judge_claim(terms, work.claim, nothing),
        "subjects": lambda: subjects(work.plan.subjects, work.rows, high=False, reading=work.worst, void=nothing),
        "graph": lambda: program(given, state, terms.numbers),
        "covered_if": work.items,
        "trace": lambda: tracer.trace(work.rows, work.low),
    }
    found = {name: microseconds(step) for name, step in steps.items()}
    told = ", ".join(f"{name} {value}" for name, value in found.items())
    print(f"一次理算（微秒）/ one claim (µs): {told}; 首次 / first {first:.0f}", file=sys.stderr, flush=True)
    return {"trace_us": microseconds(lambda: settle(terms, event, state)), "exact_us": found["graph"]}


def microseconds(work: Callable[[], object], times: int = 400) -> float:
    found = []
    for _ in range(REPEATS):
        began = time.process_time()
        for _ in range(times):
            work()
        found.append((time.process_time() - began) / times * 1e6)
    return round(statistics.median(found), 1)


def agreement(product: object, wanted: int) -> dict[str, object]:
    """Random and boundary events: the exact reader's integers against the loop's and the columns'."""
    rng, compared, different = np.random.default_rng(7), 0, 0
    while compared < wanted:
        limits = {"event_limit": int(rng.integers(10_000_000, 5_000_000_000)), "npbi_mode": int(rng.integers(1, 5))}
        terms = compiled(product, **limits, aggregate_limit=int(rng.integers(10_000_000, 10_000_000_000)))  # type: ignore[arg-type]
        plan = plan_kernel(terms, parts=True)
        assert isinstance(plan, KernelPlan)
        table = random_table(plan, terms, rng, 1, BATCH, top=10.2)
        opening = {"aggregate_used": int(rng.integers(0, 6_000_000_000))}
        found = settle_items(plan, kept_in(LOOPS)(plan.text)["run"], [terms], table, opening_states(plan, 1, opening))
        loop = np.column_stack([found.contract, found.statutory, found.parts])
        right = np.array(settle_one_by_one(plan, [terms], table, opening), np.int64)
        columns = settle_columns(terms, columns_of(plan, terms, table), opening)
        column = np.column_stack([columns.contract, columns.statutory, *(columns.payable[p] for p in plan.parts)])
        different += int(((loop != right) | (column != right)).any(axis=1).sum())
        compared += BATCH
        if compared % 1_000_000 == 0:
            print(f"{compared:,} 已比较 / compared, {different} 不同 / different", file=sys.stderr, flush=True)
    return {"mismatches": different, "compared": compared}


if __name__ == "__main__":
    main()
