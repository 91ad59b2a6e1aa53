"""Item losses as a table, policy by policy and event by event, and what a loop makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringwall.terms.graph import CompiledTerms
from ringwall.terms.kernel.text import MOST_ITEMS, KernelPlan

Whole = NDArray[np.int64]
Run = Callable[..., int]
"""The function `run` of a plan's text, compiled or not."""


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Events of policy p stand in [policy_start[p], policy_start[p + 1]), in date order; items of an event likewise.

    `kind` is the place of the item's subject in the plan; `seconds` counts for interruptions only, whose amount is the
    loss an hour. `given` has one row for each subject that the plan reads of the event itself.
    """

    policy_start: Whole
    period: Whole
    item_start: Whole
    kind: NDArray[np.uint8]
    amount: Whole
    seconds: Whole
    given: Whole


@dataclass(frozen=True, slots=True)
class SettledItems:
    """What each event pays, and where the plan asks for it what each part of it pays (event × part)."""

    contract: Whole
    statutory: Whole
    parts: Whole


def settle_items(
    plan: KernelPlan,
    run: Run,
    policies: Sequence[CompiledTerms],
    table: ItemTable,
    opening: Whole,
    *,
    into: SettledItems | None = None,
) -> SettledItems:
    """Every event of every policy; `opening` has the states with which each policy's first period begins.

    `into` is written over, so that tile after tile needs no new memory.
    """
    _admissible(plan, policies, table)
    found = into or room_for(plan, len(table.period))
    odd = run(
        min((terms.definition.maximum_minor for terms in policies), default=0),
        np.zeros(len(plan.kinds), np.int64),
        table.policy_start,
        np.arange(len(table.period)),
        numbers_of(plan, policies),
        opening,
        table.period,
        table.item_start,
        table.kind,
        table.amount,
        table.seconds,
        table.given,
        found.contract,
        found.statutory,
        found.parts,
    )
    assert odd >= 0, "an amount falls below nil or rises above the declared maximum"
    return found


def room_for(plan: KernelPlan, events: int) -> SettledItems:
    parts = np.empty((events, len(plan.parts)), np.int64)
    return SettledItems(np.empty(events, np.int64), np.empty(events, np.int64), parts)


def numbers_of(plan: KernelPlan, policies: Sequence[CompiledTerms]) -> Whole:
    """One row a policy: the values of its parameters, and how its products are split."""
    rows = [[_number(terms, *column) for column in plan.numbers] for terms in policies]
    return np.array(rows, np.int64).reshape(len(policies), len(plan.numbers))


def _number(terms: CompiledTerms, index: int, split: bool) -> int:
    node = terms.nodes[index]
    return node.split_bits if split else node.value


def opening_states(plan: KernelPlan, policies: int, opening: Mapping[str, int] | None = None) -> Whole:
    """The same opening for every policy."""
    return np.tile(np.array([(opening or {}).get(name, 0) for name in plan.states], np.int64), (policies, 1))


def _admissible(plan: KernelPlan, policies: Sequence[CompiledTerms], table: ItemTable) -> None:
    """The overflow proof holds for tables inside the intervals that it assumed."""
    assert len(table.policy_start) == len(policies) + 1, "one range of events for each policy"
    assert len(table.item_start) == len(table.period) + 1, "one range of items for each event"
    for terms in policies:
        assert terms.program == policies[0].program, "all policies of a table share one structure"
    if len(table.amount):
        assert int(np.diff(table.item_start).max()) <= MOST_ITEMS, f"an event has at most {MOST_ITEMS} items"
        assert int(table.kind.max()) < len(plan.kinds), "a kind that the plan does not have"


def written(plan: KernelPlan, name: str = "run") -> Run:
    """A loop of the text as plain Python: slow, for tests and for small tables; its quotients wrap as compiled ones."""
    room: dict[str, Any] = {}
    exec(compile(plan.text, "<kernel>", "exec"), room)
    near = room["near"]

    def wrapping(*given: int) -> int:
        with np.errstate(over="ignore"):
            return int(near(*(np.int64(number) for number in given)))

    room["near"] = wrapping
    run: Run = room[name]
    return run
