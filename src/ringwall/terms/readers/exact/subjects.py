"""What stands in the graph's subjects for one event: amounts within cover, hours, facts, and rules that work or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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

Rows = Mapping[str, Sequence[Judged]]
"""The judged items by the part that settles them."""

MOST_READINGS = 2_000
"""Beyond so many combinations of open facts each condition is decided by itself."""


def by_part(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    rows: dict[str, list[Judged]] = {}
    for row in judged:
        if row.part in rows:
            rows[row.part].append(row)
        else:
            rows[row.part] = [row]
    return rows


def subjects(
    terms: CompiledTerms, rows: Rows, *, high: bool, reading: Mapping[str, int], void: frozenset[str]
) -> Subjects:
    """The subjects on one side of what is open; `reading` has what the event's own facts say."""
    found: Subjects = {}
    for subject in terms.subjects:
        if subject.name in reading:
            found[subject.name] = reading[subject.name]
        else:
            found[subject.name] = _VALUE[subject.given](subject, rows.get(subject.part, ()), high, void)
    return found


def _total(_: Subject, mine: Sequence[Judged], high: bool, __: frozenset[str]) -> int:
    return sum([_side(row, high) for row in mine])


def _expense(_: Subject, mine: Sequence[Judged], high: bool, __: frozenset[str]) -> int:
    """Extra expense is within its bound already, item by item, so that the loss avoided bounds nothing further."""
    return sum([_side(row, high) for row in mine if row.item.interruption is None])


def _each_item(_: Subject, mine: Sequence[Judged], high: bool, __: frozenset[str]) -> tuple[int, ...]:
    return tuple([_side(row, high) for row in mine])


def _each_switch(subject: Subject, mine: Sequence[Judged], high: bool, void: frozenset[str]) -> tuple[int, ...]:
    """A rule of one item whose condition is open works on the low side: it can only take away."""
    if subject.clause in void:
        return (0,) * len(mine)
    least = Truth.TRUE if high else Truth.UNKNOWN
    return tuple([int(holds(subject.when, row.facts) >= least) for row in mine])


def _each_fact(subject: Subject, mine: Sequence[Judged], _: bool, __: frozenset[str]) -> tuple[int, ...]:
    return tuple([_amount(row.facts, subject.fact) for row in mine])


def _each_spell(read: Callable[[Interruption], int]) -> Value:
    """What is read of every interruption that is let in; on the high side also of those that may be."""

    def value(_: Subject, mine: Sequence[Judged], high: bool, __: frozenset[str]) -> tuple[int, ...]:
        counted = [row for row in mine if row.item.interruption and (row.admitted or (high and row.within.high))]
        return tuple([read(row.item.interruption) for row in counted if row.item.interruption])

    return value


def _side(row: Judged, high: bool) -> int:
    return row.within.high if high else row.within.low


def _amount(facts: Facts, name: str) -> int:
    value = facts.get(name)
    assert isinstance(value, int), f"{name} is established for every item, else the event is not admissible"
    return value


Value = Callable[[Subject, Sequence[Judged], bool, frozenset[str]], int | tuple[int, ...]]

_VALUE: Mapping[Given, Value] = {
    Given.AMOUNT: _total,
    Given.EXTRA: _expense,
    Given.AVOIDED: _expense,
    Given.ITEM: _each_item,
    Given.SWITCH: _each_switch,
    Given.FACT: _each_fact,
    Given.SECONDS: _each_spell(lambda spell: elapsed_seconds(spell.start, spell.end)),
    Given.RATE: _each_spell(hourly_loss),
    Given.SHARE_LOST: _each_spell(lambda spell: spell.share_lost.numerator),
    Given.SHARE_OF: _each_spell(lambda spell: spell.share_lost.denominator),
    Given.CREDITS: _each_spell(lambda spell: spell.credits_minor),
}


def told_by_event(terms: CompiledTerms) -> tuple[Subject, ...]:
    """The subjects that the event's own facts decide, once for all of its items."""
    return tuple(s for s in terms.subjects if s.given in (Given.SWITCH, Given.FACT) and not s.part)


def readings(
    terms: CompiledTerms, facts: Facts, void: frozenset[str], told: Sequence[Subject] | None = None
) -> list[dict[str, int]]:
    """What the event's facts say of every rule: one reading, or one for each way in which open facts can turn out."""
    told = told_by_event(terms) if told is None else told
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
