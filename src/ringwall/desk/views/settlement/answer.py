"""An outcome as people follow it: three numbers, each item with its verdict, what is open, the state, the trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ringwall.basics import Refusal, Words
from ringwall.claim import explain
from ringwall.desk.views.claim_trace import TraceLine, readable_trace
from ringwall.desk.views.settlement.case import Case
from ringwall.desk.views.settlement.in_words import change_in_words, open_facts, void_clauses_that_would_cover
from ringwall.desk.views.settlement.inputs import NO_PART, state_words
from ringwall.product import Clause, Product
from ringwall.terms import Between, CompiledTerms, Outcome, Verdict, counterfactuals

MOST_CHANGES = 2
"""Facts that would have to be otherwise together, at most, for an item to be let in."""
REFUSED = frozenset({Verdict.EXCLUDED, Verdict.NOMINAL_ONLY, Verdict.UNMAPPED})


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item with its verdict, the clause that decides it, and what would let it in where it is refused or open."""

    turn: int
    name: str
    what: str
    part: str
    part_words: Words
    verdict: Verdict
    why: Words
    clause: str
    factual_minor: int
    within_cover: Between
    would_cover: tuple[Words, ...]
    place: str
    """Its node of the trace; empty where it has none."""

    @property
    def refused(self) -> bool:
        return self.verdict in REFUSED

    @property
    def hangs(self) -> bool:
        return self.verdict is Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """One coverage part with what its money terms keep, and its node of the trace."""

    code: str
    words: Words
    factual_minor: int
    within_cover: Between
    payable: Between
    place: str

    @property
    def kept(self) -> Between:
        """What the money terms take: the low side belongs to the low side of the payment."""
        return kept_of(self.within_cover, self.payable)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Facts still missing about an item or the event, and what their finding would add to the payment."""

    about: str
    facts: tuple[Words, ...]
    clause: str
    adds_minor: int


@dataclass(frozen=True, slots=True)
class StateLine:
    """What the period has used before the event and after it."""

    words: Words
    before_minor: int
    after_minor: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that the bench shows of one outcome."""

    outcome: Outcome
    items: tuple[ItemAnswer, ...]
    parts: tuple[PartAnswer, ...]
    in_kind: tuple[PartAnswer, ...]
    charges: tuple[StateLine, ...]
    open_points: tuple[OpenLine, ...]
    states: tuple[StateLine, ...]
    trace: TraceLine
    clauses: tuple[Clause, ...]
    """The clauses that the answer names, in the order of the wording."""

    @property
    def refused(self) -> Between:
        """From the factual loss to what is within cover."""
        factual, within = self.outcome.factual_minor, self.outcome.within_cover
        return Between(factual - within.high, factual - within.low)

    @property
    def kept(self) -> Between:
        """From what is within cover to what is payable."""
        return kept_of(self.outcome.within_cover, self.outcome.payable)


def kept_of(within: Between, payable: Between) -> Between:
    sides = (within.low - payable.low, within.high - payable.high)
    return Between(min(sides), max(sides))


def answer_of(product: Product, terms: CompiledTerms, case: Case, outcome: Outcome) -> Answer:
    """The outcome of a case in the words of its product."""
    trace = readable_trace(outcome.trace, product)
    places = _places(trace)
    items = tuple(_items(product, terms, case, outcome, places))
    cited = {*trace.clauses, *(item.clause for item in items), *(point.clause for point in outcome.open_points)}
    return Answer(
        outcome=outcome,
        items=items,
        parts=tuple(_parts(product, terms, outcome, places)),
        in_kind=tuple(
            PartAnswer(p.part, part_words(product, p.part), p.factual_minor, p.within_cover, p.payable, "")
            for p in outcome.in_kind
        ),
        charges=tuple(StateLine(state_words(terms, name), 0, due) for name, due in outcome.charges.items()),
        open_points=tuple(
            OpenLine(point.item, open_facts(point, product), point.clause, point.adds_minor)
            for point in outcome.open_points
        ),
        states=tuple(
            StateLine(state_words(terms, name), used, outcome.state_after.get(name, used))
            for name, used in outcome.state_before.items()
        ),
        trace=trace,
        clauses=tuple(clause for clause in product.clauses if clause.number in cited),
    )


def part_words(product: Product, code: str) -> Words:
    part = product.part(code)
    return part.name if part else NO_PART


def _places(trace: TraceLine) -> dict[str, str]:
    """Where each label of the tree first stands; an item's label is its name."""
    found: dict[str, str] = {}
    waiting = [trace]
    while waiting:
        line = waiting.pop(0)
        for label in line.labels:
            found.setdefault(label, line.place)
        waiting += line.below
    return found


def _items(
    product: Product, terms: CompiledTerms, case: Case, outcome: Outcome, places: dict[str, str]
) -> Iterator[ItemAnswer]:
    said = explain(outcome).items
    asked = counterfactuals(terms, case.event, case.state, void=case.void, most_changes=MOST_CHANGES)
    assert not isinstance(asked, Refusal), "what has been settled can be asked about"
    for turn, (told, item, line) in enumerate(zip(case.event.items, outcome.items, said, strict=True)):
        yield ItemAnswer(
            turn=turn,
            name=item.name,
            what=told.what,
            part=item.part,
            part_words=part_words(product, item.part),
            verdict=item.verdict,
            why=line.why,
            clause=item.clause,
            factual_minor=item.factual_minor,
            within_cover=item.within_cover,
            would_cover=(
                *(change_in_words(found) for found in asked.of_item(item.name)),
                *void_clauses_that_would_cover(item, product),
            ),
            place=places.get(item.name, ""),
        )


def _parts(product: Product, terms: CompiledTerms, outcome: Outcome, places: dict[str, str]) -> Iterator[PartAnswer]:
    for part in outcome.parts:
        node = terms.payable.get(part.part)
        label = terms.nodes[node].label if node is not None else ""
        yield PartAnswer(
            code=part.part,
            words=part_words(product, part.part),
            factual_minor=part.factual_minor,
            within_cover=part.within_cover,
            payable=part.payable,
            place=places.get(label, ""),
        )
