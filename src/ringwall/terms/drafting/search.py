"""A search over every case that conditions can tell apart: facts take the values on both sides of each threshold.

The reduction is sound: a condition asks of a fact only whether it is a named value or how it stands to a threshold,
so that one value for each answer stands for all. Branches end where three-valued logic decides with facts left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ringwall.terms.definition import FactKind, FactSpec
from ringwall.terms.expressions import Compare, Condition, OneOf, Parameters, facts_of, holds, leaves, resolved
from ringwall.terms.facts import FactValue, Truth

MOST_STEPS = 200_000
"""Beyond this many steps nothing is said: the question stays unproved, and the check says so."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Whether any case makes a condition true, with such a case, and how many steps of the search it took."""

    truth: Truth
    case: Mapping[str, FactValue]
    steps: int

    @property
    def possible(self) -> bool:
        """True also where the search was given up: a lint speaks only of what it has proved."""
        return self.truth is not Truth.FALSE


def witness(condition: Condition, facts: Mapping[str, FactSpec], parameters: Parameters) -> Witness:
    """Look for facts that make the condition true under the numbers of the contract."""
    names = facts_of(condition)
    instants = {name for name in names if facts[name].kind is FactKind.INSTANT}
    when = resolved(condition, parameters, instants)
    values = [candidate_values(name, facts[name], when) for name in names]
    return _Search(when, names, values).run()


class _Search:
    def __init__(self, when: Condition, names: Sequence[str], values: Sequence[Sequence[FactValue]]) -> None:
        self.when = when
        self.names = names
        self.values = values
        self.steps = 0
        self.case: dict[str, FactValue] = {}

    def run(self) -> Witness:
        truth = self.below(0)
        return Witness(truth, dict(self.case) if truth is Truth.TRUE else {}, self.steps)

    def below(self, depth: int) -> Truth:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return Truth.UNKNOWN
        now = holds(self.when, self.case)
        if now is not Truth.UNKNOWN or depth == len(self.names):
            return Truth.TRUE if now is Truth.TRUE else Truth.FALSE
        for value in self.values[depth]:
            self.case[self.names[depth]] = value
            found = self.below(depth + 1)
            if found is not Truth.FALSE:
                return found
        del self.case[self.names[depth]]
        return Truth.FALSE


def candidate_values(name: str, spec: FactSpec, when: Condition) -> tuple[FactValue, ...]:
    """The values of a fact that a condition tells apart: named ones, one other, and both sides of each threshold."""
    values: list[FactValue] = [True, False] if spec.kind is FactKind.YES_NO else []
    for leaf in leaves(when):
        if leaf.fact == name:
            values += leaf.values if isinstance(leaf, OneOf) else _around(leaf)
    if spec.kind is FactKind.WORD:
        values.append("(other)")
    if spec.kind is FactKind.INSTANT:
        values.append("never")
    return tuple(dict.fromkeys(values))


def _around(leaf: Compare) -> list[FactValue]:
    bound = leaf.bound
    if isinstance(bound, datetime):
        return [bound + timedelta(seconds=step) for step in (-1, 0, 1)]
    return [bound + step for step in (-1, 0, 1)] if isinstance(bound, int) else []
