"""Two editions side by side: clauses added, removed or reworded, numbers moved, and who gains or loses by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ringwall.basics import Refusal, Words
from ringwall.product.proof.reading import numbers_read
from ringwall.product.records import Clause, Example, Parameter, Product
from ringwall.product.schedule import compile_schedule, make_schedule
from ringwall.terms import Between, Outcome, Verdict, all_clauses, settle


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    ACTS_OTHERWISE = "acts_otherwise"


class Side(StrEnum):
    """What a change is to the policyholder."""

    GAINS = "gains"
    LOSES = "loses"
    OPEN = "open"


MORE_IS_BETTER = frozenset({"limit", "event_limit", "aggregate", "indemnity", "count", "amount"})
MORE_IS_WORSE = frozenset({"deductible", "waiting", "share", "conditional", "at_least", "charge"})


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause that one edition has and the other has not, or has otherwise."""

    number: str
    change: Change
    side: Side
    heading: Words
    before: Words | None
    after: Words | None


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number of the contract that moved; None where an edition does not have it."""

    name: str
    words: Words
    unit: str
    before: int | None
    after: int | None
    side: Side
    range_before: tuple[int | None, int | None] = (None, None)
    range_after: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """One worked example settled under both editions; amounts are whole minor units."""

    name: Words
    place: str
    before: Between
    after: Between

    @property
    def difference(self) -> Between:
        return Between(self.after.low - self.before.low, self.after.high - self.before.high)

    @property
    def side(self) -> Side:
        """Open where one edition asks for facts that nobody has established, or where the ends move apart."""
        low, high = self.difference.low, self.difference.high
        if self.before.exact is not self.after.exact or low * high < 0:
            return Side.OPEN
        return Side.GAINS if max(low, high) > 0 else Side.LOSES


@dataclass(frozen=True, slots=True)
class ProductDifference:
    """Everything that differs between two editions, and what the examples of either would be paid."""

    before: str
    after: str
    clauses: tuple[ClauseChange, ...]
    numbers: tuple[NumberChange, ...]
    examples: tuple[ExampleChange, ...]
    unsettled: tuple[Refusal, ...]

    @property
    def nothing(self) -> bool:
        return not self.clauses and not self.numbers


def product_difference(before: Product, after: Product) -> ProductDifference:
    """Compare two editions; the examples of both are settled under both, on the dates that each example states."""
    changed, unsettled = [], []
    seen: set[tuple[str, str]] = set()
    for home, example in ((p, e) for p in (before, after) for e in p.examples):
        if example.expect.refused or (example.name.en, str(example.event)) in seen:
            continue
        seen.add((example.name.en, str(example.event)))
        pair = [_payable(product, home, example) for product in (before, after)]
        if isinstance(pair[0], Refusal) or isinstance(pair[1], Refusal):
            unsettled += [each for each in pair if isinstance(each, Refusal)]
        elif pair[0] != pair[1]:
            changed.append(ExampleChange(example.name, example.place, pair[0], pair[1]))
    return ProductDifference(
        f"{before.code} {before.version}",
        f"{after.code} {after.version}",
        tuple(_clauses(before, after)),
        tuple(_numbers(before, after)),
        tuple(changed),
        tuple(dict.fromkeys(unsettled)),
    )


def _payable(product: Product, home: Product, example: Example) -> Between | Refusal:
    """The example under this edition: with its own choices, and with the dates of the edition that it comes from."""
    dates = {name: p.value for name, p in home.parameters.items() if p.free and name in product.parameters}
    chosen = {name: value for name, value in example.schedule.items() if name in product.parameters}
    schedule = make_schedule(product, {**dates, **chosen})
    terms = schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)
    if isinstance(terms, Refusal):
        return terms
    void = example.void & product.definition.takes_away
    outcome = settle(terms, example.event, example.state, void=void)
    return outcome.payable if isinstance(outcome, Outcome) else outcome


def _clauses(before: Product, after: Product) -> Iterator[ClauseChange]:
    old, new = ({clause.number: clause for clause in product.clauses} for product in (before, after))
    effects_old, effects_new = _effects(before), _effects(after)
    grants = (grant for product in (before, after) for grant in product.definition.grants)
    nominal = {grant.clause for grant in grants if grant.verdict is Verdict.NOMINAL_ONLY}
    for number in sorted({*old, *new}, key=lambda text: tuple(int(part) for part in text.split("."))):
        mine, other = old.get(number), new.get(number)
        if mine is None or other is None:
            clause = mine or other
            assert clause
            change = Change.ADDED if other else Change.REMOVED
            side = Side.OPEN if number in nominal else _side(clause, change)
            yield ClauseChange(number, change, side, clause.heading, _text(mine), _text(other))
        elif effects_old.get(number) != effects_new.get(number):
            yield ClauseChange(number, Change.ACTS_OTHERWISE, Side.OPEN, other.heading, mine.text, other.text)
        elif (mine.text, mine.heading) != (other.text, other.heading):
            yield ClauseChange(number, Change.REWORDED, Side.OPEN, other.heading, mine.text, other.text)


def _text(clause: Clause | None) -> Words | None:
    return clause.text if clause else None


def _side(clause: Clause, change: Change) -> Side:
    """A clause that takes something away is a loss where it comes and a gain where it goes; a grant the other way."""
    if clause.takes_away:
        return Side.LOSES if change is Change.ADDED else Side.GAINS
    if clause.kind in ("grant", "write_back"):
        return Side.GAINS if change is Change.ADDED else Side.LOSES
    return Side.OPEN


def _effects(product: Product) -> Mapping[str, str]:
    """What each clause does, as text that can be compared; places and numbers of the contract are left out."""
    found: dict[str, list[str]] = {}
    for clause in all_clauses(product.definition):
        found.setdefault(clause.clause, []).append(repr(clause))
    for number in numbers_read(product):
        found.setdefault(number.clause, []).append(f"{number.role} {number.part} {number.parameter}")
    settlement = product.definition.settlement
    parts = ", ".join(part.part for part in product.definition.parts)
    found.setdefault(settlement.clause, []).append(f"{', '.join(settlement.order)}: {parts}")
    return {number: "\n".join(sorted(texts)) for number, texts in found.items()}


def _numbers(before: Product, after: Product) -> Iterator[NumberChange]:
    roles = {
        number.parameter: number.effect or number.role
        for product in (before, after)
        for number in numbers_read(product)
    }
    for name in dict.fromkeys([*before.parameters, *after.parameters]):
        old, new = before.parameters.get(name), after.parameters.get(name)
        if old and new and (old.value, old.low, old.high) == (new.value, new.low, new.high):
            continue
        known = new or old
        assert known
        if known.free:
            continue
        yield NumberChange(
            name,
            known.words,
            known.unit,
            old.value if old else None,
            new.value if new else None,
            _better(roles.get(name, ""), old, new),
            (old.low, old.high) if old else (None, None),
            (new.low, new.high) if new else (None, None),
        )


def _better(role: str, old: Parameter | None, new: Parameter | None) -> Side:
    if old is None or new is None or old.value == new.value:
        return Side.OPEN
    grew = new.value > old.value
    if role in MORE_IS_BETTER:
        return Side.GAINS if grew else Side.LOSES
    return (Side.LOSES if grew else Side.GAINS) if role in MORE_IS_WORSE else Side.OPEN
