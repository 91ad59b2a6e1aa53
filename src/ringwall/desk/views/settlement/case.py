"""A settlement case: an event with the choices of a schedule, a period state and void clauses; and what settles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringwall.basics import Refusal, Words
from ringwall.product import Example, Product, Schedule, compile_schedule, make_schedule
from ringwall.terms import CompiledTerms, LossEvent, LossItem, Outcome, settle


@dataclass(frozen=True, slots=True)
class Basis:
    """What a case is settled under: a product version with choices of the case, or a policy with its own terms."""

    product: Product
    policy: str = ""
    claim: str = ""
    insured: Words | None = None
    schedule: Schedule | None = None
    """The policy's own; None: the case chooses."""
    state: Mapping[str, int] = field(default_factory=dict)
    void: frozenset[str] = frozenset()

    @property
    def version(self) -> str:
        return f"{self.product.code}/{self.product.version}"

    @property
    def address(self) -> Mapping[str, str]:
        """How a link names it."""
        return {"claim": self.claim} if self.claim else {"under": self.policy or self.version}


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a settlement reads beside the product; amounts are whole fen."""

    event: LossEvent
    schedule: Mapping[str, int] = field(default_factory=dict)
    state: Mapping[str, int] = field(default_factory=dict)
    void: frozenset[str] = frozenset()


def terms_of(basis: Basis, case: Case) -> CompiledTerms | Refusal:
    """The compiled terms of the policy's schedule, or of the schedule that the case chooses."""
    schedule = basis.schedule or make_schedule(basis.product, case.schedule)
    return schedule if isinstance(schedule, Refusal) else compile_schedule(basis.product, schedule)


def settle_case(basis: Basis, case: Case) -> Outcome | Refusal:
    """The same `settle` that decides claims and holds the worked examples; nothing is stored."""
    terms = terms_of(basis, case)
    return terms if isinstance(terms, Refusal) else settle(terms, case.event, case.state, void=case.void)


def of_example(basis: Basis, example: Example) -> Case:
    """A worked example; under a policy its event alone, since schedule, state and void clauses are the policy's."""
    if basis.policy:
        return Case(example.event, {}, basis.state, basis.void)
    return Case(example.event, example.schedule, example.state, example.void)


def blank(basis: Basis) -> Case:
    """Nothing is known yet: one item without an amount under the first part."""
    first = LossItem("1", basis.product.parts[0].code, 0)
    return Case(LossEvent("case", {}, (first,)), {}, basis.state, basis.void)


def choices_of(basis: Basis, case: Case) -> Mapping[str, int]:
    """The choices of the schedule under which the case settles, as a file states them."""
    if basis.schedule is None:
        return case.schedule
    values, parameters = basis.schedule.values, basis.product.parameters
    return {
        name: value
        for name, value in values.items()
        if name in basis.schedule.chosen or value != parameters[name].value
    }
