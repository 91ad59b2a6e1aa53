"""The mutation score: which wrongs done on purpose would no worked example notice?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Refusal, Words
from ringwall.product.examples import clauses_at_work, differences
from ringwall.product.proof.mutants import Mutant, mutants, step_mutants
from ringwall.product.records import Example, Product
from ringwall.product.schedule import compile_schedule, make_schedule
from ringwall.terms import CompiledTerms, Outcome, settle


@dataclass(frozen=True, slots=True)
class Survivor:
    """A wrong that no example notices: the clause, what kind of wrong, and what was done."""

    clause: str
    kind: str
    says: Words


@dataclass(frozen=True, slots=True)
class MutationReport:
    """How many wrongs the examples noticed; `stillborn` ones do not even compile and count neither way."""

    tried: int
    noticed: int
    stillborn: int
    survivors: tuple[Survivor, ...]
    by_kind: Mapping[str, tuple[int, int]]
    """Kind to (noticed, tried)."""

    @property
    def score(self) -> Fraction:
        return Fraction(self.noticed, max(self.tried, 1))


def mutation_report(product: Product) -> MutationReport:
    """Run the examples against every wrong version, the likeliest to notice first, and stop at the first that does."""
    bench = _Bench(product)
    stillborn, survivors, kinds = 0, [], dict[str, tuple[int, int]]()
    for mutant in bench.all_mutants():
        noticed = bench.notices(mutant)
        if noticed is None:
            stillborn += 1
            continue
        before = kinds.get(mutant.kind, (0, 0))
        kinds[mutant.kind] = (before[0] + int(noticed), before[1] + 1)
        if not noticed:
            survivors.append(Survivor(mutant.clause, mutant.kind, mutant.says))
    seen, tried = (sum(pair[place] for pair in kinds.values()) for place in (0, 1))
    return MutationReport(tried, seen, stillborn, tuple(survivors), kinds)


class _Bench:
    """The examples that hold, with their terms compiled once; wrong versions compile anew where they must."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.examples: list[Example] = []
        self.terms: dict[tuple[tuple[str, int], ...], CompiledTerms] = {}
        self.speaks: dict[str, frozenset[str]] = {}
        for example in product.examples:
            terms = _compiled(product, example.schedule)
            if terms is None:
                continue
            outcome = settle(terms, example.event, example.state, void=example.void)
            if not differences(example, outcome):
                self.examples.append(example)
                self.terms[_key(example)] = terms
                self.speaks[example.place] = clauses_at_work(outcome) if isinstance(outcome, Outcome) else frozenset()

    def all_mutants(self) -> Iterable[Mutant]:
        yield from mutants(self.product)
        seen: set[tuple[str, str]] = set()
        for terms in self.terms.values():
            for mutant in step_mutants(self.product, terms):
                if (mutant.clause, mutant.says.en) not in seen:
                    seen.add((mutant.clause, mutant.says.en))
                    yield mutant

    def notices(self, mutant: Mutant) -> bool | None:
        """Whether an example notices; None where the wrong version does not compile."""
        compiled: dict[tuple[tuple[str, int], ...], CompiledTerms] = {}
        for example in sorted(self.examples, key=lambda e: mutant.clause not in self.speaks[e.place]):
            key = _key(example)
            if key not in compiled:
                terms = self.wrong_terms(mutant, example)
                if terms is None:
                    return None
                compiled[key] = terms
            if differences(example, settle(compiled[key], example.event, example.state, void=example.void)):
                return True
        return False

    def wrong_terms(self, mutant: Mutant, example: Example) -> CompiledTerms | None:
        if mutant.program:
            return mutant.program(self.terms[_key(example)])
        return _compiled(mutant.product, example.schedule)


def _key(example: Example) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(example.schedule.items()))


def _compiled(product: Product, choices: Mapping[str, int]) -> CompiledTerms | None:
    schedule = make_schedule(product, choices)
    terms = schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)
    return None if isinstance(terms, Refusal) else terms
