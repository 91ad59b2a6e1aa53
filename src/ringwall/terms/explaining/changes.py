"""The facts of an event that could be otherwise: which there are, where they stand, and to what they can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ringwall.basics import Words, elapsed_seconds
from ringwall.terms.definition import Bound, FactKind, FactSpec
from ringwall.terms.drafting import Clause, all_clauses, candidate_values
from ringwall.terms.explaining.spoken import SECONDS_AN_HOUR, duration_words, value_words
from ringwall.terms.expressions import All, Compare, Condition, Order, facts_of, holds, leaves, resolved
from ringwall.terms.facts import Facts, FactValue, LossEvent, LossItem, Truth
from ringwall.terms.graph import CompiledTerms, Given
from ringwall.terms.rules import Averaging, Share

DURATION = "duration_seconds"
"""Not a fact of the product: how long an interruption lasted."""

Place = tuple[str, str]
"""The item, empty for the event, and the name of the fact that stands there."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that could be otherwise; `before` is None where nobody has established it."""

    item: str
    """The item whose own fact it is; empty: the fact of the event."""
    fact: str
    before: FactValue | None
    after: FactValue
    words: Words

    @property
    def place(self) -> Place:
        return self.item, self.fact


def applied(event: LossEvent, changes: Iterable[Change]) -> LossEvent:
    """The event as it would have been."""
    for change in changes:
        if not change.item:
            event = replace(event, facts={**event.facts, change.fact: change.after})
        else:
            items = (_changed(item, change) if item.name == change.item else item for item in event.items)
            event = replace(event, items=tuple(items))
    return event


def _changed(item: LossItem, change: Change) -> LossItem:
    if change.fact != DURATION:
        return replace(item, facts={**item.facts, change.fact: change.after})
    assert item.interruption
    assert isinstance(change.after, int)
    end = item.interruption.start + timedelta(seconds=change.after)
    return replace(item, interruption=replace(item.interruption, end=end))


class Possibilities:
    """What of one event could be otherwise, place by place, and which places a clause hangs on.

    A fact stands with an item that states it itself, else with the event. Only a fact that other items state, while
    neither the event states it nor a rule of the event reads it, stands with each item.
    """

    def __init__(self, terms: CompiledTerms, event: LossEvent, void: frozenset[str]) -> None:
        self.terms, self.event, self.void = terms, event, void
        self.specs = terms.definition.facts
        self.clauses = tuple(clause for clause in all_clauses(terms.definition) if clause.clause not in void)
        self.stated = {fact for item in event.items for fact in item.facts}
        facts_read = (Given.SWITCH, Given.FACT)
        self.ruled = tuple(s for s in terms.subjects if s.given in facts_read and s.clause not in void)
        whole = (s for s in self.ruled if not s.part)
        self.read_of_event = {name for s in whole for name in (*facts_of(s.when), s.fact)}
        self.asked: dict[Place, list[Condition]] = {}
        self.targets: dict[Place, list[int]] = {}
        for item in event.items:
            self._ask_of_item(item)
        for subject in self.ruled:
            self._ask_of_rule(subject.part, subject.when, subject.fact)
        self.changes = {place: tuple(self._changes(place)) for place in self.asked}
        for item in event.items:
            longer = tuple(self._longer(item))
            if longer:
                self.changes[item.name, DURATION] = longer

    def place(self, item: LossItem, fact: str) -> Place:
        of_items = fact in self.stated and fact not in self.event.facts and fact not in self.read_of_event
        return (item.name if fact in item.facts or of_items else "", fact)

    def hanging(self, item: LossItem, clause: str, *, grants: bool) -> tuple[Place, ...]:
        """The places on which the clause hangs for the item; with `grants`, also those of every grant of its part."""
        found: dict[Place, None] = {}
        for each in self.clauses:
            mine = clause and clause in (each.clause, getattr(each, "excepts", ""))
            if mine or (grants and each in self.terms.definition.grants and _concerns(each, item.part)):
                found |= {self.place(item, fact): None for fact in facts_of(each.when)}
        if clause == self._trigger(item.part)[0]:
            found[item.name, DURATION] = None
        return tuple(place for place in found if place in self.changes)

    def _ask_of_item(self, item: LossItem) -> None:
        backs = {b.clause for b in self.clauses if _concerns(b, item.part)}
        for clause in self.clauses:
            if _concerns(clause, item.part) or getattr(clause, "excepts", "") in backs:
                self._ask(item, self._filled(clause.when))
                if isinstance(clause, Bound) and item.amount_minor:
                    place = self.place(item, clause.up_to)
                    self.asked.setdefault(place, [])
                    self.targets.setdefault(place, []).append(item.amount_minor)
        for part in self.terms.definition.parts:
            if part.within == item.part:
                self._ask(item, self._filled(part.when))

    def _ask(self, item: LossItem, when: Condition) -> None:
        for fact in facts_of(when):
            self.asked.setdefault(self.place(item, fact), []).append(when)

    def _filled(self, when: Condition) -> Condition:
        instants = {name for name, spec in self.specs.items() if spec.kind is FactKind.INSTANT}
        return resolved(when, self.terms.parameters, instants)

    def _ask_of_rule(self, part: str, when: Condition, fact: str) -> None:
        """A rule of the event reads the event's own facts; a rule of each item reads the item's."""
        inside = {p.part: p.within for p in self.terms.definition.parts}
        items = [item for item in self.event.items if part and item.part in (part, inside.get(part))]
        for asked in [self._sliding(fact), *self._above_the_sum(fact)] if fact else [when]:
            for name in facts_of(asked):
                places = [self.place(item, name) for item in items] if part else [("", name)]
                for place in places:
                    self.asked.setdefault(place, []).append(asked)

    def _sliding(self, fact: str) -> Condition:
        """Each step of a sliding share, as a question of the fact that it slides with."""
        rules = [r.sliding for r in self.terms.definition.rules if isinstance(r, Share) and r.sliding]
        starts = [start for sliding in rules if sliding.fact == fact for start, _ in sliding.steps]
        number = self.terms.parameters
        return All(tuple(Compare(fact, Order.GE, number[start.parameter].value) for start in starts))

    def _above_the_sum(self, fact: str) -> Iterator[Condition]:
        """A value at risk is asked whether it is above the sum insured."""
        for rule in self.terms.definition.rules:
            if isinstance(rule, Averaging) and rule.value == fact:
                yield Compare(fact, Order.GT, self.terms.parameters[rule.sum_insured.parameter].value)

    def _changes(self, place: Place) -> Iterator[Change]:
        item, fact = place
        spec = self.specs.get(fact)
        if spec is None or spec.fixed:
            return
        now = self._now(place)
        questions = tuple({leaf: None for when in self.asked[place] for leaf in leaves(when) if leaf.fact == fact})
        targets = [t for t in self.targets.get(place, ()) if now is None or (isinstance(now, int) and now < t)]
        for value in dict.fromkeys((*_told_apart(spec, questions, now), *targets)):
            yield Change(item, fact, now, value, change_words(spec, now, value))

    def _now(self, place: Place) -> FactValue | None:
        item, fact = place
        facts: Facts = next((each.facts for each in self.event.items if each.name == item), self.event.facts)
        return facts.get(fact, self.event.facts.get(fact))

    def _longer(self, item: LossItem) -> Iterator[Change]:
        if item.interruption is None:
            return
        lasted = elapsed_seconds(item.interruption.start, item.interruption.end)
        clause, lengths = self._trigger(item.part)
        for length in lengths if clause not in self.void else ():
            if length > lasted:
                yield Change(item.name, DURATION, lasted, length, _longer_words(lasted, length))

    def _trigger(self, code: str) -> tuple[str, tuple[int, ...]]:
        """The clause by which an interruption is paid from some length on, and the lengths in seconds."""
        part, number = self.terms.definition.part(code), self.terms.parameters
        if part and part.parametric:
            hours = (number[step.parameter].value for step, _ in part.parametric.steps)
            return part.parametric.clause, tuple(h * SECONDS_AN_HOUR for h in hours)
        if part and part.interruption and part.interruption.trigger:
            waiting = part.interruption.waiting
            return waiting.clause, (number[waiting.parameter].value * SECONDS_AN_HOUR + 1,)
        return "", ()


def _concerns(clause: Clause, part: str) -> bool:
    return part == getattr(clause, "part", None) or part in getattr(clause, "parts", ())


def _told_apart(spec: FactSpec, questions: Sequence[Condition], now: FactValue | None) -> Iterator[FactValue]:
    """One value for each way of answering the questions other than that of now: the one nearest to it."""
    values = candidate_values(spec.name, spec, All(tuple(questions)))
    if spec.values:
        values = (*(value for value in values if value in spec.values), *spec.values)
    seen = {_answers(spec, now, questions)} if now is not None else set()
    for value in sorted(values, key=lambda value: _distance(now, value)):
        answers = _answers(spec, value, questions)
        below_nil = spec.kind is FactKind.AMOUNT and isinstance(value, int) and value < 0
        if answers not in seen and not below_nil:
            seen.add(answers)
            yield value


def _answers(spec: FactSpec, value: FactValue, questions: Sequence[Condition]) -> tuple[Truth, ...]:
    return tuple(holds(question, {spec.name: value}) for question in questions)


def _distance(now: FactValue | None, value: FactValue) -> tuple[bool, int]:
    """How far a value lies from that of now; what has no distance from it comes last, in the order of the clauses."""
    if isinstance(now, datetime) and isinstance(value, datetime):
        return False, abs(elapsed_seconds(now, value))
    if isinstance(now, int) and isinstance(value, int):
        return False, abs(now - value)
    return True, 0


def change_words(spec: FactSpec, now: FactValue | None, value: FactValue) -> Words:
    to = value_words(spec, value)
    if now is None:
        zh, en = "尚未查明", "not yet established"
    else:
        was = value_words(spec, now)
        zh, en = f"现为“{was.zh}”", f"it is {was.en}"
    return Words(f"「{spec.words.zh}」为“{to.zh}”（{zh}）", f"“{spec.words.en}” were {to.en} ({en})")


def _longer_words(lasted: int, length: int) -> Words:
    more, whole = duration_words(length - lasted), duration_words(length)
    return Words(
        f"中断再持续 {more.zh}（共 {whole.zh}）", f"the interruption had lasted {more.en} longer ({whole.en} in all)"
    )
