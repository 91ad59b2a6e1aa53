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


class PartRows:
    """The judged items that one part settles, and their sums."""

    __slots__ = ("factual_minor", "high", "low", "rows")

    def __init__(self, rows: list[Judged], factual_minor: int, low: int, high: int) -> None:
        self.rows, self.factual_minor, self.low, self.high = rows, factual_minor, low, high


Rows = Mapping[str, PartRows]

MOST_READINGS = 2_000
"""Beyond so many combinations of open facts each condition is decided by itself."""


def by_part(judged: Sequence[Judged]) -> dict[str, PartRows]:
    found: dict[str, PartRows] = {}
    for row in judged:
        within, mine = row.within, found.get(row.part)
        if mine is None:
            found[row.part] = PartRows([row], row.factual_minor, within.low, within.high)
        else:
            mine.rows.append(row)
            mine.factual_minor += row.factual_minor
            mine.low += within.low
            mine.high += within.high
    return found


class SubjectPlan:
    """The subjects of some terms by what they ask of the items; those that the event's own facts decide are apart."""

    def __init__(self, terms: CompiledTerms) -> None:
        self.told = [s for s in terms.subjects if s.given in (Given.SWITCH, Given.FACT) and not s.part]
        rest = [s for s in terms.subjects if s not in self.told]
        self.amounts = [(s.name, s.part) for s in rest if s.given is Given.AMOUNT]
        self.expenses = [(s.name, s.part) for s in rest if s.given in (Given.EXTRA, Given.AVOIDED)]
        self.by_item = [(s, _OF_ITEMS[s.given]) for s in rest if s.given in _OF_ITEMS]
        self.by_spell = {
            part: [(s.name, _OF_SPELL[s.given]) for s in rest if s.given in _OF_SPELL and s.part == part]
            for part in dict.fromkeys(s.part for s in rest if s.given in _OF_SPELL)
        }


def subjects(
    plan: SubjectPlan, rows: Rows, *, high: bool, reading: Mapping[str, int], void: frozenset[str]
) -> Subjects:
    """The subjects on one side of what is open; `reading` has what the event's own facts say."""
    found: Subjects = {**reading}
    for name, part in plan.amounts:
        mine = rows.get(part)
        found[name] = 0 if mine is None else mine.high if high else mine.low
    for name, part in plan.expenses:
        found[name] = _expense(rows[part].rows, high) if part in rows else 0
    for part, columns in plan.by_spell.items():
        spells = _counted(rows[part].rows, high) if part in rows else ()
        for name, read in columns:
            found[name] = tuple(map(read, spells))
    for subject, read_items in plan.by_item:
        mine = rows.get(subject.part)
        found[subject.name] = read_items(subject, mine.rows, high, void) if mine else ()
    return found


def _expense(mine: Sequence[Judged], high: bool) -> int:
    """Extra expense is within its bound already, item by item, so that the loss avoided bounds nothing further."""
    return sum([row.within.high if high else row.within.low for row in mine if row.item.interruption is None])


def _counted(mine: Sequence[Judged], high: bool) -> list[Interruption]:
    """The interruptions that are let in; on the high side also those that may be."""
    found = []
    for row in mine:
        spell = row.item.interruption
        if spell is not None and (row.admitted or (high and row.within.high)):
            found.append(spell)
    return found


def _items(_: Subject, mine: Sequence[Judged], high: bool, __: frozenset[str]) -> tuple[int, ...]:
    return tuple([row.within.high if high else row.within.low for row in mine])


def _switches(subject: Subject, mine: Sequence[Judged], high: bool, void: frozenset[str]) -> tuple[int, ...]:
    """A rule of one item whose condition is open works on the low side: it can only take away."""
    if subject.clause in void:
        return (0,) * len(mine)
    least = Truth.TRUE if high else Truth.UNKNOWN
    return tuple([int(holds(subject.when, row.facts) >= least) for row in mine])


def _facts(subject: Subject, mine: Sequence[Judged], _: bool, __: frozenset[str]) -> tuple[int, ...]:
    found = [row.facts.get(subject.fact) for row in mine]
    known = tuple([value for value in found if isinstance(value, int)])
    assert len(known) == len(mine), f"{subject.fact} is established for every item, else the event is not admissible"
    return known


OfItems = Callable[[Subject, Sequence[Judged], bool, frozenset[str]], tuple[int, ...]]

_OF_ITEMS: Mapping[Given, OfItems] = {Given.ITEM: _items, Given.SWITCH: _switches, Given.FACT: _facts}
_OF_SPELL: Mapping[Given, Callable[[Interruption], int]] = {
    Given.SECONDS: lambda spell: elapsed_seconds(spell.start, spell.end),
    Given.RATE: hourly_loss,
    Given.SHARE_LOST: lambda spell: spell.share_lost.numerator,
    Given.SHARE_OF: lambda spell: spell.share_lost.denominator,
    Given.CREDITS: lambda spell: spell.credits_minor,
}


def readings(terms: CompiledTerms, told: Sequence[Subject], facts: Facts, void: frozenset[str]) -> list[dict[str, int]]:
    """What the event's facts say of every rule: one reading, or one for each way in which open facts can turn out."""
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
