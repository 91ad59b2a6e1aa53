"""Exclusions that defeat a whole claim: met where the event's facts or those of any item of their parts meet them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringwall.terms.cover.conditions import OPEN, TRUTHS, YES, compile_conditions
from ringwall.terms.cover.records import ITEM_ALONE, Cause, Causes
from ringwall.terms.definition import Exclusion, Level
from ringwall.terms.expressions import facts_of
from ringwall.terms.facts import Facts, FactValue, LossItem, Truth
from ringwall.terms.graph import CompiledTerms


class ClaimProgram:
    """The exclusions of the whole claim under one schedule, with their conditions compiled."""

    def __init__(self, terms: CompiledTerms) -> None:
        whole = [b for b in terms.definition.barriers if isinstance(b, Exclusion) and b.level is Level.CLAIM]
        filled = {b.clause: b.when for cover in terms.cover.values() for b in cover.barriers}
        self.exclusions = [(b.clause, frozenset(b.parts)) for b in whole if b.clause in filled]
        conditions = [filled[clause] for clause, _ in self.exclusions]
        self.facts = [facts_of(when) for when in conditions]
        self.reads = frozenset(name for names in self.facts for name in names)
        self.tell = compile_conditions(conditions)

    def causes(self, event_facts: Facts, items: Sequence[LossItem]) -> Causes:
        if not self.exclusions:
            return ITEM_ALONE
        known = self.tell(event_facts.get)
        rows = [(item.part, {**event_facts, **item.facts}) for item in items]
        told = [(part, facts, self.tell(facts.get)) for part, facts in rows]
        found = {}
        for place, (clause, parts) in enumerate(self.exclusions):
            mine = [(facts, answers[place]) for part, facts, answers in told if part in parts]
            answer = YES if known[place] == YES else max((answer for _, answer in mine), default=0)
            open_items = [facts for facts, one in mine if one == OPEN] if answer == OPEN else []
            missing = dict.fromkeys(name for facts in open_items for name in self.facts[place] if name not in facts)
            found[clause] = Cause(TRUTHS[answer], tuple(missing))
        return found


class Claim:
    """What one event and its items say of those exclusions, and would say after one change of fact."""

    def __init__(self, program: ClaimProgram, event_facts: Facts, items: Sequence[LossItem]) -> None:
        self.program, self.event_facts, self.items = program, event_facts, items
        self.causes = program.causes(event_facts, items)

    def causes_if(self, item: LossItem, name: str, value: FactValue) -> Causes:
        """A fact of the item's own changes for it alone; any other is one fact of the event."""
        if name not in self.program.reads:
            return self.causes
        if name in item.facts:
            changed = replace(item, facts={**item.facts, name: value})
            return self.program.causes(self.event_facts, [changed if one is item else one for one in self.items])
        return self.program.causes({**self.event_facts, name: value}, self.items)


def without(causes: Causes, clauses: Sequence[str]) -> Causes:
    """The same claim, with these open exclusions found not to be met."""
    return {**causes, **dict.fromkeys(clauses, Cause(Truth.FALSE))}
