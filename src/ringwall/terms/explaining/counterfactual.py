"""The counterfactual reader: the smallest changes of facts that would let an item in, or change the payment.

A change set is listed only where no smaller one inside it does the same. Facts that say what the item is never change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ringwall.basics import Refusal, Words
from ringwall.terms.explaining.changes import Change, Possibilities, applied
from ringwall.terms.explaining.spoken import amount_words
from ringwall.terms.facts import LossEvent, LossItem
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.outcome import ItemOutcome, Outcome, Verdict
from ringwall.terms.readers import settle

ADMITTED = frozenset({Verdict.COVERED, Verdict.LIMITED, Verdict.CONDITIONAL})
MOST_CHANGES = 3
MOST_SETTLEMENTS = 4_000
"""Beyond so many settlements the search ends and says up to how many changes it is complete."""

Changes = tuple[Change, ...]


class Aim(StrEnum):
    """What the changes are to bring about: an item let in, or another payment."""

    ADMITTED = "admitted"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Facts that, had they been otherwise together, would have changed the answer."""

    item: str
    """The item that would be let in; empty where the payment is asked about."""
    changes: Changes
    verdict: Verdict | None
    """What the item would then be."""
    adds_minor: int
    """What is payable now would grow by this; below nil: would shrink."""
    words: Words


@dataclass(frozen=True, slots=True)
class Counterfactuals:
    """What was found, by number of changes and then effect; nothing is missing up to `complete` changes."""

    found: tuple[Counterfactual, ...]
    complete: int

    def of_item(self, item: str) -> tuple[Counterfactual, ...]:
        return tuple(each for each in self.found if each.item == item)


def counterfactuals(
    terms: CompiledTerms,
    event: LossEvent,
    state: Mapping[str, int],
    *,
    void: frozenset[str] = frozenset(),
    aim: Aim = Aim.ADMITTED,
    most_changes: int = MOST_CHANGES,
    most_settlements: int = MOST_SETTLEMENTS,
) -> Counterfactuals | Refusal:
    """Single changes first, then pairs, then triples, within a stated amount of work."""
    today = settle(terms, event, state, void=void)
    if isinstance(today, Refusal):
        return today
    search = _Search(terms, event, state, void, today, most_changes, most_settlements)
    if aim is Aim.ADMITTED:
        out = (pair for pair in zip(event.items, today.items, strict=True) if pair[1].verdict not in ADMITTED)
        found = [each for item, outcome in out for each in search.letting_in(item, outcome)]
    else:
        found = list(search.repaying())
    found.sort(key=lambda each: (len(each.changes), -each.adds_minor))
    return Counterfactuals(tuple(found), search.complete)


class _Search:
    """One search; sets of changes grow one change at a time, so that the smaller ones are seen first."""

    def __init__(
        self,
        terms: CompiledTerms,
        event: LossEvent,
        state: Mapping[str, int],
        void: frozenset[str],
        today: Outcome,
        most_changes: int,
        most_settlements: int,
    ) -> None:
        self.terms, self.event, self.state, self.void, self.today = terms, event, state, void, today
        self.whats = {item.name: item.what or item.name for item in event.items}
        self.possible = Possibilities(terms, event, void)
        self.complete = self.most_changes = most_changes
        self.left = most_settlements

    def settled(self, event: LossEvent, changes: Changes) -> Outcome | None:
        """The settlement of the event as it would have been; None where that event could not be settled."""
        self.left -= 1
        found = settle(self.terms, applied(event, changes), self.state, void=self.void)
        return None if isinstance(found, Refusal) else found

    def letting_in(self, item: LossItem, outcome: ItemOutcome) -> Iterator[Counterfactual]:
        """A set that lets the item in must touch the clause that keeps it out: only such changes are tried."""
        alone, minimal = replace(self.event, items=(item,)), _Minimal()
        growing: list[tuple[Changes, ItemOutcome]] = [((), outcome)]
        for size in range(1, self.most_changes + 1):
            grown, tried = list[tuple[Changes, ItemOutcome]](), set[frozenset[Change]]()
            for before, then in growing:
                for changes in self._touching(item, before, then, minimal, tried):
                    if self.left <= 0:
                        self.complete = min(self.complete, size - 1)
                        return
                    probe = self.settled(alone, changes)
                    if probe and probe.items[0].verdict in ADMITTED:
                        yield from minimal.kept(self._told(changes, item, probe.items[0].verdict))
                    elif probe:
                        grown.append((changes, probe.items[0]))
            growing = grown

    def _touching(
        self, item: LossItem, before: Changes, then: ItemOutcome, minimal: _Minimal, tried: set[frozenset[Change]]
    ) -> Iterator[Changes]:
        grants = then.verdict is not Verdict.EXCLUDED
        taken = {change.place for change in before}
        for place in self.possible.hanging(item, then.clause, grants=grants):
            for change in self.possible.changes[place] if place not in taken else ():
                changes = (*before, change)
                if frozenset(changes) not in tried and not minimal.holds_part_of(changes):
                    tried.add(frozenset(changes))
                    yield changes

    def repaying(self) -> Iterator[Counterfactual]:
        places = list(self.possible.changes)
        growing: list[tuple[Changes, int]] = [((), 0)]
        minimal = _Minimal()
        for size in range(1, self.most_changes + 1):
            grown: list[tuple[Changes, int]] = []
            for before, start in growing:
                for at in range(start, len(places)):
                    for change in self.possible.changes[places[at]]:
                        changes = (*before, change)
                        if minimal.holds_part_of(changes):
                            continue
                        if self.left <= 0:
                            self.complete = min(self.complete, size - 1)
                            return
                        told = self._told(changes)
                        if told and told.adds_minor:
                            yield from minimal.kept(told)
                        elif told:
                            grown.append((changes, at + 1))
            growing = grown

    def _told(
        self, changes: Changes, item: LossItem | None = None, verdict: Verdict | None = None
    ) -> Counterfactual | None:
        then = self.settled(self.event, changes)
        if then is None:
            return None
        adds = then.payable.low - self.today.payable.low
        name = item.name if item else ""
        return Counterfactual(name, changes, verdict, adds, self._words(name, changes, adds))

    def _words(self, item: str, changes: Changes, adds: int) -> Words:
        """A fact of another item, or of any where the payment is asked about, is said to be that item's."""
        said = [_of(self.whats.get(c.item, ""), c.words) if c.item != item else c.words for c in changes]
        zh, en = "，且".join(words.zh for words in said), ", and ".join(words.en for words in said)
        effect = _effect(adds)
        if item:
            what = self.whats[item]
            zh = f"若{zh}，「{what}」即可获承保，{effect.zh}。"
            return Words(zh, f"“{what}” would be covered if {en}; {effect.en}.")
        return Words(f"若{zh}，{effect.zh}。", f"If {en}, {effect.en}.")


class _Minimal:
    """The sets found so far for one question: none holds another; equal answers at the same places are told once."""

    def __init__(self) -> None:
        self.sets: list[frozenset[Change]] = []
        self.answers: set[tuple[frozenset[tuple[str, str]], Verdict | None, int]] = set()

    def holds_part_of(self, changes: Changes) -> bool:
        return any(found <= set(changes) for found in self.sets)

    def kept(self, found: Counterfactual | None) -> Iterator[Counterfactual]:
        if found is None:
            return
        self.sets.append(frozenset(found.changes))
        answer = (frozenset(change.place for change in found.changes), found.verdict, found.adds_minor)
        if answer not in self.answers:
            self.answers.add(answer)
            yield found


def _of(what: str, words: Words) -> Words:
    return Words(f"「{what}」的{words.zh}", f"for “{what}”, {words.en}") if what else words


def _effect(adds: int) -> Words:
    amount = amount_words(abs(adds))
    if adds == 0:
        return Words("但现可确定的赔款不变", "what is payable now would stay the same")
    if adds > 0:
        return Words(f"现可确定的赔款增加 {amount.zh}", f"{amount.en} more would be payable now")
    return Words(f"现可确定的赔款减少 {amount.zh}", f"{amount.en} less would be payable now")
