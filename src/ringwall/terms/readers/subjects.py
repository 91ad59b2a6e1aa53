"""What stands in the graph's subjects for one event: amounts within cover, hours, facts, and rules that work or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from ringwall.basics import elapsed_seconds
from ringwall.terms.cover import Judged, hourly_loss
from ringwall.terms.drafting import candidate_values
from ringwall.terms.expressions import All, facts_of, holds
from ringwall.terms.facts import Facts, FactValue, Interruption, Truth
from ringwall.terms.graph import CompiledTerms, Given, Subject
from ringwall.terms.rules import Share

Subjects = dict[str, int | tuple[int, ...]]
"""Subject name to its value, or to one value for each item or interruption."""

MOST_READINGS = 2_000
"""Beyond so many combinations of open facts each condition is decided by itself."""


def subjects(
    terms: CompiledTerms, judged: Sequence[Judged], *, high: bool, reading: Mapping[str, int], void: frozenset[str]
) -> Subjects:
    """The subjects on one side of what is open; `reading` has what the event's own facts say."""
    by_part: dict[str, list[Judged]] = {}
    for row in judged:
        by_part.setdefault(row.part, []).append(row)
    found: Subjects = {}
    for subject in terms.subjects:
        if subject.name in reading:
            found[subject.name] = reading[subject.name]
        else:
            found[subject.name] = _value(subject, by_part.get(subject.part, ()), high, void)
    return found


def _value(subject: Subject, mine: Sequence[Judged], high: bool, void: frozenset[str]) -> int | tuple[int, ...]:
    match subject.given:
        case Given.AMOUNT:
            return sum(_side(j, high) for j in mine)
        case Given.EXTRA | Given.AVOIDED:
            # Extra expense is within its bound already, item by item, so that the loss avoided bounds nothing further.
            return sum(_side(j, high) for j in mine if not j.item.interruption)
        case Given.ITEM:
            return tuple(_side(j, high) for j in mine)
        case Given.SWITCH:
            return tuple(_works(subject, j, high, void) for j in mine)
        case Given.FACT:
            return tuple(_amount(j.facts, subject.fact) for j in mine)
        case _:
            counted = (j.item.interruption for j in mine if j.admitted or (high and j.within.high))
            return tuple(_hours(subject.given, spell) for spell in counted if spell)


def _side(judged: Judged, high: bool) -> int:
    return judged.within.high if high else judged.within.low


def _hours(given: Given, spell: Interruption) -> int:
    match given:
        case Given.SECONDS:
            return elapsed_seconds(spell.start, spell.end)
        case Given.RATE:
            return hourly_loss(spell)
        case Given.SHARE_LOST:
            return spell.share_lost.numerator
        case Given.SHARE_OF:
            return spell.share_lost.denominator
        case _:
            return spell.credits_minor


def _works(subject: Subject, judged: Judged, high: bool, void: frozenset[str]) -> int:
    """A rule of one item whose condition is open works on the low side: it can only take away."""
    if subject.clause in void:
        return 0
    truth = holds(subject.when, judged.facts)
    return int(truth is Truth.TRUE or (truth is Truth.UNKNOWN and not high))


def _amount(facts: Facts, name: str) -> int:
    value = facts.get(name)
    assert isinstance(value, int), f"{name} is established for every item, else the event is not admissible"
    return value


def readings(terms: CompiledTerms, facts: Facts, void: frozenset[str]) -> list[dict[str, int]]:
    """What the event's facts say of every rule: one reading, or one for each way in which open facts can turn out."""
    told = [s for s in terms.subjects if s.given in (Given.SWITCH, Given.FACT) and not s.part]
    missing = open_facts(told, facts, void)
    if not missing:
        return [_reading(terms, told, facts, void)]
    found: dict[tuple[int, ...], dict[str, int]] = {}
    cases = _cases(terms, told, missing)
    if cases is None:
        return list(_each_by_itself(terms, told, facts, void))
    for case in cases:
        reading = _reading(terms, told, {**facts, **case}, void)
        found.setdefault(tuple(reading.values()), reading)
    return list(found.values())


def open_facts(told: Sequence[Subject], facts: Facts, void: frozenset[str]) -> tuple[str, ...]:
    """The facts on which a rule still hangs."""
    names: dict[str, None] = {}
    for subject in told:
        if subject.clause in void:
            continue
        if subject.given is Given.FACT:
            names |= {subject.fact: None} if subject.fact not in facts else {}
        elif holds(subject.when, facts) is Truth.UNKNOWN:
            names |= dict.fromkeys(name for name in facts_of(subject.when) if name not in facts)
    return tuple(names)


def _reading(terms: CompiledTerms, told: Sequence[Subject], facts: Facts, void: frozenset[str]) -> dict[str, int]:
    found = {}
    for subject in told:
        if subject.given is Given.FACT:
            value = facts.get(subject.fact)
            found[subject.name] = min(max(value, 0), terms.definition.maximum_minor) if isinstance(value, int) else 0
        else:
            found[subject.name] = int(subject.clause not in void and holds(subject.when, facts) is Truth.TRUE)
    return found


def _cases(terms: CompiledTerms, told: Sequence[Subject], missing: Sequence[str]) -> list[dict[str, FactValue]] | None:
    """Every combination of values of the open facts that can make a difference to a rule; None where too many."""
    conditions = All(tuple(s.when for s in told if s.given is Given.SWITCH))
    amounts = {s.fact for s in told if s.given is Given.FACT}
    values = []
    for name in missing:
        tried: list[FactValue] = [*candidate_values(name, terms.definition.facts[name], conditions)]
        values.append([*tried, *_amounts(terms, name)] if name in amounts else tried)
    if prod(len(tried) for tried in values) > MOST_READINGS:
        return None
    return [dict(zip(missing, case, strict=True)) for case in product(*values)]


def _each_by_itself(
    terms: CompiledTerms, told: Sequence[Subject], facts: Facts, void: frozenset[str]
) -> Iterator[dict[str, int]]:
    """All open rules at work, and none: wider than what can happen, never narrower."""
    known = _reading(terms, told, facts, void)
    for works in (1, 0):
        yield known | {s.name: _open_value(terms, s, works) for s in told if open_facts([s], facts, void)}


def _open_value(terms: CompiledTerms, subject: Subject, works: int) -> int:
    return works * (terms.definition.maximum_minor if subject.given is Given.FACT else 1)


def _amounts(terms: CompiledTerms, fact: str) -> list[int]:
    """Nil, the largest amount, and each step of a sliding share that the fact can reach."""
    slides = [rule.sliding for rule in terms.definition.rules if isinstance(rule, Share) and rule.sliding]
    starts = [start for sliding in slides if sliding.fact == fact for start, _ in sliding.steps]
    return [0, *(terms.parameters[start.parameter].value for start in starts), terms.definition.maximum_minor]
