"""Small policies for single rows of terms: parts, rules in their order, numbers by name, one event, the readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from ringwall.basics import Words
from ringwall.terms import (
    Always,
    CompiledTerms,
    EventColumns,
    FactKind,
    FactSpec,
    Fixed,
    Grant,
    HigherOf,
    Interruption,
    InterruptionTerms,
    LossEvent,
    LossItem,
    LowerOf,
    Measure,
    MoneyRule,
    OfLoss,
    Outcome,
    ParameterRead,
    PartTerms,
    Settlement,
    Step,
    Term,
    TermsDefinition,
    compile_terms,
    settle,
    settle_columns,
)
from ringwall.terms.cover import Claim, ClaimProgram, judge_claim
from ringwall.terms.readers.exact import SubjectPlan, by_part, readings, subjects

START = datetime.fromisoformat("2026-08-14T22:00:00+08:00")
FACTS = {
    "consent": FactKind.YES_NO,
    "widespread": FactKind.YES_NO,
    "unfixed": FactKind.YES_NO,
    "kind": FactKind.WORD,
    "days_unpatched": FactKind.AMOUNT,
    "value_at_risk_minor": FactKind.AMOUNT,
    "cause": FactKind.WORD,
    "began_at": FactKind.INSTANT,
    "act_at": FactKind.INSTANT,
    "discovered_at": FactKind.INSTANT,
    "first_made_at": FactKind.INSTANT,
    "notified_at": FactKind.INSTANT,
    "circumstances_at": FactKind.INSTANT,
    "loss_avoided_minor": FactKind.AMOUNT,
}
SPECS = {name: FactSpec(name, kind, Words(name, name), (), name == "kind") for name, kind in FACTS.items()}


def term(name: str, clause: str = "") -> Term:
    """A number under a clause of the same name."""
    return Term(clause or f"c.{name}", name)


def fixed(name: str) -> Measure:
    return Fixed(term(name))


def at_least(measure: Measure, name: str) -> Measure:
    return HigherOf((measure, fixed(name)))


def at_most(measure: Measure, name: str) -> Measure:
    return LowerOf((measure, fixed(name)))


def of_loss(name: str) -> Measure:
    return OfLoss(term(name))


def part(code: str, **more: Any) -> PartTerms:
    return PartTerms(code, Words(code, code), **more)


def hours(**more: Any) -> InterruptionTerms:
    return InterruptionTerms(term("wait"), term("mode"), term("days"), "c.extra", "c.credits", **more)


def compiled(
    parts: Sequence[PartTerms],
    rules: Sequence[MoneyRule],
    numbers: Mapping[str, int],
    *,
    order: Sequence[str] | None = None,
    settlement: Mapping[str, Any] | None = None,
    **more: Any,
) -> CompiledTerms:
    steps = tuple(order) if order is not None else tuple(rule.name for rule in rules)
    read = {
        name: ParameterRead(name, value, "minor", "test", date(2026, 1, 1))
        for name, value in {"wait": 12, "mode": 1, "days": 90, **numbers}.items()
    }
    definition = TermsDefinition(
        facts=SPECS,
        parts=tuple(parts),
        settlement=Settlement("order", (Step.VERDICT, *steps), **(settlement or {})),
        maximum_minor=more.pop("maximum_minor", 10**11),
        grants=more.pop(
            "grants", tuple(Grant(f"g.{p.part}", p.within or p.part, Always()) for p in parts if not p.within)
        ),
        rules=tuple(rules),
        takes_away=more.pop("takes_away", frozenset()),
        **more,
    )
    found = compile_terms(definition, read)
    assert isinstance(found, CompiledTerms), found
    return found


def item(code: str, amount: int, name: str = "", **facts: Any) -> LossItem:
    return LossItem(name or f"{code} {amount}", code, amount, facts)


def outage(code: str, seconds: int, rate: int, start: datetime = START, **more: Any) -> LossItem:
    spell = Interruption(start, start + timedelta(seconds=seconds), rate, **more)
    return LossItem(f"{code} {seconds}", code, None, {}, spell)


def settled(
    terms: CompiledTerms,
    *items: LossItem,
    state: Mapping[str, int] | None = None,
    void: frozenset[str] = frozenset(),
    **facts: Any,
) -> Outcome:
    found = settle(terms, LossEvent("E", facts, items), state or {}, void=void)
    assert isinstance(found, Outcome), found
    if not void and not found.open_points:
        assert_columns_agree(terms, LossEvent("E", facts, items), state or {}, found)
    return found


def columns_of(terms: CompiledTerms, events: Sequence[LossEvent], period: Sequence[int]) -> EventColumns:
    """The events as columns, by the same reading of facts and items as the exact reader's."""
    rows, plan = [], SubjectPlan(terms)
    for event in events:
        judged = judge_claim(terms, Claim(ClaimProgram(terms), event.facts, event.items), frozenset())
        reading = readings(terms, plan.told, event.facts, frozenset())[0]
        rows.append(subjects(plan, by_part(judged), high=False, reading=reading, void=frozenset()))
    subject, offsets = {}, {}
    for spec in terms.subjects:
        values = [row[spec.name] for row in rows]
        many = [value for value in values if isinstance(value, tuple)]
        if many:
            offsets[spec.part] = np.concatenate([[0], np.cumsum([len(value) for value in many])]).astype(np.int64)
            subject[spec.name] = np.array([one for value in many for one in value], np.int64)
        elif len(values):
            subject[spec.name] = np.array(values, np.int64)
    return EventColumns(np.array(period, np.int64), subject, offsets)


def assert_columns_agree(terms: CompiledTerms, event: LossEvent, state: Mapping[str, int], right: Outcome) -> None:
    if any(one.interruption and one.interruption.share_lost != 1 for one in event.items):
        return
    found = settle_columns(terms, columns_of(terms, [event], [0]), state)
    assert int(found.contract[0]) == right.contract.low
    assert int(found.statutory[0]) == right.statutory.low
    for row in right.parts:
        assert row.part not in found.payable or int(found.payable[row.part][0]) == row.payable.low
    assert {name: int(column[0]) for name, column in found.charges.items()} == right.charges


def paid(outcome: Outcome) -> dict[str, int]:
    assert all(row.payable.exact for row in outcome.parts)
    return {row.part: row.payable.low for row in outcome.parts}
