"""What is proved of a product, and over how many cases: no clauses at odds, no gap, no dead clause, no overflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from ringwall.basics import Refusal, Words
from ringwall.product.records import Parameter, Product
from ringwall.product.schedule import compile_schedule, make_schedule
from ringwall.terms import (
    All,
    AnyOf,
    Bounds,
    Condition,
    FactKind,
    Not,
    OneOf,
    Requirement,
    Truth,
    Witness,
    admitted,
    all_clauses,
    bounds,
    contract_maximum,
    granted,
    maximum_payable,
    witness,
)


@dataclass(frozen=True, slots=True)
class Theorem:
    """One thing that holds of the product in every case, or the cases that speak against it or stay unproved."""

    code: str
    says: Words
    questions: int
    steps: int
    """Steps of the search over all cases that the conditions can tell apart."""
    against: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        return not self.against and not self.unproved


@dataclass(frozen=True, slots=True)
class Proof:
    """All theorems of one product version, and the largest payment that any event can cause."""

    theorems: tuple[Theorem, ...]
    contract_maximum_minor: int
    maximum_payable_minor: int
    bounds: Bounds | None = None
    """Part by part, under the product's own numbers and with all clauses in force; None where it does not compile."""

    @property
    def complete(self) -> bool:
        return all(theorem.proved for theorem in self.theorems)


def prove_product(product: Product) -> Proof:
    """Every theorem, over every case; conditions are read under the product's own numbers."""
    theorems = (_no_conflict(product), _no_gap(product), _all_alive(product), _all_passable(product), _fits(product))
    schedule = make_schedule(product, {})
    terms = schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)
    if isinstance(terms, Refusal):
        return Proof(theorems, 0, 0)
    return Proof(theorems, contract_maximum(terms), maximum_payable(terms), bounds(terms))


Question = tuple[str, Condition]
"""A name, and a condition whose possibility is asked."""


def _asked(product: Product, code: str, says: Words, questions: list[Question], wanted: Truth) -> Theorem:
    found: list[tuple[str, Witness]] = [
        (name, witness(when, product.definition.facts, product.parameters)) for name, when in questions
    ]
    return Theorem(
        code,
        says,
        len(found),
        sum(each.steps for _, each in found),
        tuple(_against(name, each) for name, each in found if each.truth not in (wanted, Truth.UNKNOWN)),
        tuple(name for name, each in found if each.truth is Truth.UNKNOWN),
    )


def _against(name: str, found: Witness) -> str:
    case = ", ".join(f"{fact}={value}" for fact, value in found.case.items())
    return f"{name}: {case}" if case else name


def _no_conflict(product: Product) -> Theorem:
    says = Words(
        "无冲突：同一责任项中没有两条承保条款能同时适用而结论不同；在任何事实组合下均成立",
        "No conflict: no two grants of one part can apply to the same item and disagree, whatever the facts",
    )
    pairs = [
        (f"{first.clause} / {second.clause}", All((first.when, second.when)))
        for first, second in combinations(product.definition.grants, 2)
        if first.part == second.part and first.verdict is not second.verdict
    ]
    return _asked(product, "no_conflict", says, list(pairs), Truth.FALSE)


def _no_gap(product: Product) -> Theorem:
    """Each kind of loss that the product has a word for meets a grant; each part has something that it pays."""
    says = Words(
        "无缺口：产品所列的每种损失性质都有承保条款回应，每个责任项都有某种情形能得到赔付",
        "No gap: every kind of loss that the product names meets a grant, and every part pays in some case",
    )
    definition = product.definition
    grants = AnyOf(tuple(grant.when for grant in definition.grants))
    asked: list[Question] = [
        (f"{name}: {value}", All((OneOf(name, (value,)), grants)))
        for name, spec in definition.facts.items()
        if spec.fixed and spec.kind is FactKind.WORD
        for value in spec.values
    ]
    for part in definition.parts:
        asked.append((part.part, admitted(definition, part.part)))
    return _asked(product, "no_gap", says, asked, Truth.TRUE)


def _all_alive(product: Product) -> Theorem:
    says = Words(
        "无空条款：每条承保、免责、例外、限定条款都有某种情形使其起作用",
        "No dead clause: for every grant, exclusion, write-back and bound there is a case in which it speaks",
    )
    asked: list[Question] = [
        (clause.clause, Not(clause.when) if isinstance(clause, Requirement) else clause.when)
        for clause in all_clauses(product.definition)
    ]
    return _asked(product, "no_dead_clause", says, asked, Truth.TRUE)


def _all_passable(product: Product) -> Theorem:
    says = Words(
        "要求可满足：每项要求在其所及的每个责任项中都能得到满足",
        "Every requirement can be met in every part that it is made of",
    )
    asked: list[Question] = [
        (f"{clause.clause} {part}", All((granted(product.definition, part), clause.when)))
        for clause in product.definition.barriers
        if isinstance(clause, Requirement)
        for part in clause.parts
    ]
    return _asked(product, "requirements_can_hold", says, asked, Truth.TRUE)


def _fits(product: Product) -> Theorem:
    """Compiled at the product's own numbers, at the smallest and at the largest choices: each proves its intervals."""
    says = Words(
        "不溢出：在产品申报的最大金额以内，明细表取本身数额、最小与最大数额时，任何中间结果都不超出 64 位整数",
        "No overflow: up to the declared maximum amount no step leaves 64 bits, at own, smallest and largest choices",
    )
    picks: tuple[Callable[[Parameter], int], ...] = (lambda p: p.value, _least, _most)
    against = []
    for pick in picks:
        choices = {name: pick(p) for name, p in product.parameters.items() if p.open_to_choice and not p.free}
        schedule = make_schedule(product, choices)
        terms = schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)
        if isinstance(terms, Refusal):
            against.append(f"{terms.where}: {terms.message.en}")
    return Theorem("no_overflow", says, len(picks), 0, tuple(dict.fromkeys(against)))


def _least(parameter: Parameter) -> int:
    choices = tuple(parameter.choices or ())
    return min(choices) if choices else parameter.value if parameter.low is None else parameter.low


def _most(parameter: Parameter) -> int:
    choices = tuple(parameter.choices or ())
    return max(choices) if choices else parameter.value if parameter.high is None else parameter.high
