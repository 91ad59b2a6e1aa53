"""Random item tables for a plan, the same events as columns, and the same events one by one with Python integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ringwall.terms import CompiledTerms, EventColumns, Given
from ringwall.terms.kernel import ItemTable, KernelPlan
from ringwall.terms.straight import load_program

SCOPED = (Given.ITEM, Given.SECONDS)
LONGEST = 600_000_000


def thresholds(terms: CompiledTerms) -> list[int]:
    """Every amount and length at which some rule begins or ends, with both neighbours."""
    found = {0, 1}
    for read in terms.parameters.values():
        factor = {"minor": 1, "hour": 3600, "day": 86_400}.get(read.unit)
        if factor:
            found |= {max(read.value * factor + step, 0) for step in (-1, 0, 1)}
    return sorted(found)


def random_table(
    plan: KernelPlan, terms: CompiledTerms, rng: np.random.Generator, policies: int, events: int, *, top: float = 10.9
) -> ItemTable:
    """Amounts at thresholds, small odd ones and large ones; up to five items an event; several events a period."""
    count = policies * events
    item_start = np.concatenate([[0], np.cumsum(rng.integers(0, 6, count))]).astype(np.int64)
    items, edges = int(item_start[-1]), np.array(thresholds(terms), np.int64)
    edges = edges[edges <= terms.definition.maximum_minor]
    size = (10 ** rng.uniform(1, top, items)).astype(np.int64)
    amount = np.where(rng.random(items) < 0.4, rng.choice(edges, items), size)
    seconds = np.where(rng.random(items) < 0.4, rng.choice(edges, items), rng.integers(0, 900_000, items))
    period = np.sort(rng.integers(0, max(events // 3, 1), (policies, events)), axis=1).ravel()
    return ItemTable(
        np.arange(policies + 1, dtype=np.int64) * events,
        period.astype(np.int64),
        item_start,
        rng.integers(0, len(plan.kinds), items).astype(np.uint8),
        np.minimum(amount, terms.definition.maximum_minor),
        np.minimum(seconds, LONGEST),
        rng.integers(0, 2, (len(plan.given), count)).astype(np.int64),
    )


def columns_of(plan: KernelPlan, terms: CompiledTerms, table: ItemTable) -> EventColumns:
    """The events of a table of one policy as columns with offsets."""
    event_of_item = np.repeat(np.arange(len(table.period)), np.diff(table.item_start))
    subject: dict[str, np.ndarray] = {}
    offsets: dict[str, np.ndarray] = {}
    for place, name in enumerate(plan.kinds):
        mine = table.kind == place
        spec = next(s for s in terms.subjects if s.name == name)
        if spec.given in SCOPED:
            counts = np.bincount(event_of_item[mine], minlength=len(table.period))
            offsets[spec.part] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
            subject[name] = table.seconds[mine] if spec.given is Given.SECONDS else table.amount[mine]
            if f"{spec.part}.rate" in {s.name for s in terms.subjects}:
                subject[f"{spec.part}.rate"] = table.amount[mine]
        else:
            sums = np.zeros(len(table.period), np.int64)
            np.add.at(sums, event_of_item[mine], table.amount[mine])
            subject[name] = sums
            if spec.given is Given.EXTRA:
                subject[f"{spec.part}.avoided"] = sums
    for place, name in enumerate(plan.given):
        subject[name] = table.given[place]
    return EventColumns(table.period, subject, offsets)


def settle_one_by_one(
    plan: KernelPlan, policies: Sequence[CompiledTerms], table: ItemTable, opening: Mapping[str, int]
) -> list[tuple[int, ...]]:
    """(contract, statutory, each part of the plan) of every event, the state carried along by hand."""
    found = []
    for policy, terms in enumerate(policies):
        run, state, last = load_program(terms.program), dict(opening), -1
        hours = {s.part for s in terms.subjects if s.given is Given.RATE}
        for event in range(table.policy_start[policy], table.policy_start[policy + 1]):
            if table.period[event] != last:
                state = dict(opening) if last == -1 else {}
                last = table.period[event]
            rows = range(table.item_start[event], table.item_start[event + 1])
            given = _subjects(plan, terms, hours, table, event, [int(i) for i in rows])
            values = run(given, state, terms.numbers)
            nodes = (terms.contract, terms.statutory, *(terms.payable[part] for part in plan.parts))
            found.append(tuple(int(values[node]) for node in nodes))  # type: ignore[arg-type]
            for rule in terms.states:
                state[rule.name] = state.get(rule.name, 0) + int(values[rule.drawn])  # type: ignore[arg-type]
    return found


def _subjects(
    plan: KernelPlan,
    terms: CompiledTerms,
    hours: set[str],
    table: ItemTable,
    event: int,
    rows: Sequence[int],
) -> dict[str, int | tuple[int, ...]]:
    given: dict[str, int | tuple[int, ...]] = {}
    for subject in terms.subjects:
        name = f"{subject.part}.seconds" if subject.part in hours else subject.name
        if subject.given in (Given.EXTRA, Given.AVOIDED):
            name = f"{subject.part}.extra"
        if subject.given in (Given.SWITCH, Given.FACT):
            place = plan.given.index(subject.name) if subject.name in plan.given else -1
            given[subject.name] = int(table.given[place, event]) if place >= 0 else 0
            continue
        mine = [i for i in rows if plan.kinds[table.kind[i]] == name]
        match subject.given:
            case Given.SECONDS:
                given[subject.name] = tuple(int(table.seconds[i]) for i in mine)
            case Given.RATE | Given.ITEM:
                given[subject.name] = tuple(int(table.amount[i]) for i in mine)
            case Given.SHARE_LOST | Given.SHARE_OF:
                given[subject.name] = (1,) * len(mine)
            case Given.CREDITS:
                given[subject.name] = (0,) * len(mine)
            case _:
                given[subject.name] = sum(int(table.amount[i]) for i in mine)
    return given
