"""`product check`: parse, lint, run the examples, and say which clauses no example reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Refusal, Words
from ringwall.product.examples import clauses_at_work, differences, run_example
from ringwall.product.proof.lints import lint_product
from ringwall.product.reading.parse import parse_product
from ringwall.product.records import Product
from ringwall.product.schedule import compile_schedule, make_schedule
from ringwall.terms import LossEvent, Outcome


@dataclass(frozen=True, slots=True)
class CheckedExample:
    """One example with what it promised and did not get; it holds where `differences` is empty."""

    name: Words
    place: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductReport:
    """What a check found; the product may be filed where `good` is true."""

    product: Product | None
    refusals: tuple[Refusal, ...]
    examples: tuple[CheckedExample, ...]
    coverage: Fraction
    """The share of clauses that some example makes speak."""
    silent: tuple[str, ...]
    """The clauses that no example reaches."""

    @property
    def good(self) -> bool:
        return not self.refusals and all(not example.differences for example in self.examples)


def check_product(files: Mapping[str, str], further: Mapping[str, str] | None = None) -> ProductReport:
    """Everything that can be known of a product version before it is filed; `further` examples came after that."""
    product = parse_product(files, further)
    if not isinstance(product, Product):
        return ProductReport(None, product, (), Fraction(0), ())
    refusals = lint_product(product) or _uncompilable(product)
    checked, spoke = [], set[str]()
    for example in product.examples:
        outcome = run_example(product, example)
        checked.append(CheckedExample(example.name, example.place, differences(example, outcome)))
        if isinstance(outcome, Outcome):
            spoke |= clauses_at_work(outcome) | _relates(product, example.event)
    numbers = [clause.number for clause in product.clauses]
    silent = tuple(number for number in numbers if number not in spoke)
    coverage = Fraction(len(numbers) - len(silent), max(len(numbers), 1))
    return ProductReport(product, refusals, tuple(checked), coverage, silent)


def _relates(product: Product, event: LossEvent) -> frozenset[str]:
    """The clause on related incidents speaks where an example tells all that incidents must have in common."""
    relation = product.definition.relation
    told = relation is not None and all(event.facts.get(name) is not None for name in relation.same)
    return frozenset({relation.clause} if relation and told else ())


def _uncompilable(product: Product) -> tuple[Refusal, ...]:
    """The product must compile at its own values and where every choice is largest: there an overflow would show."""
    largest = {
        name: max((*(p.choices or ()), p.high or p.value)) for name, p in product.parameters.items() if not p.free
    }
    found = []
    for choices in ({}, {name: value for name, value in largest.items() if product.parameters[name].open_to_choice}):
        schedule = make_schedule(product, choices)
        terms = schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)
        if isinstance(terms, Refusal):
            found.append(terms)
    return tuple(dict.fromkeys(found))
