"""The exact reader: Python integers over the graph, the three numbers, and the trace behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ringwall.basics import Refusal
from ringwall.terms.cover import Judged, covered_if, judge
from ringwall.terms.facts import LossEvent
from ringwall.terms.graph import CompiledTerms, Op
from ringwall.terms.outcome import Between, ItemOutcome, OpenPoint, Outcome, PartOutcome
from ringwall.terms.readers.admissible import inadmissible
from ringwall.terms.readers.open_points import open_points
from ringwall.terms.readers.subjects import Subjects, readings, subjects
from ringwall.terms.readers.trace import build_trace
from ringwall.terms.straight import Values, load_program


def settle(
    terms: CompiledTerms, event: LossEvent, state: Mapping[str, int], *, void: frozenset[str] = frozenset()
) -> Outcome | Refusal:
    """Settle one event. `low` sides have every open point decided against the payment, `high` sides for it.

    A part's low side is its place in the low settlement, so that the parts sum to the total on either side.
    """
    fault = inadmissible(terms, event, state, void)
    if fault:
        return fault
    work = Settling(terms, event, state, void)
    low, high = work.low, work.high
    contract = Between(total(low, terms.contract), total(high, terms.contract))
    statutory = Between(total(low, terms.statutory), total(high, terms.statutory))
    return Outcome(
        items=tuple(_item(terms, j, void) for j in work.judged),
        parts=_parts(terms, work.judged, low, high, terms.payable),
        contract=contract,
        statutory=statutory,
        state_before=_state(terms, state),
        state_after=_grown(terms, state, low),
        open_points=work.open_points(),
        trace=build_trace(terms, work.judged, low, void),
        in_kind=_parts(terms, work.judged, low, high, terms.in_kind) if terms.in_kind else (),
        charges={name: total(low, node) for name, node in terms.charges.items()},
    )


class Settling:
    """One settlement on both sides of what is open."""

    def __init__(self, terms: CompiledTerms, event: LossEvent, state: Mapping[str, int], void: frozenset[str]) -> None:
        self.terms, self.event, self.state, self.void = terms, event, state, void
        self.judged = tuple(judge(terms, item, event.facts, void) for item in event.items)
        self.readings = readings(terms, event.facts, void)
        self.settled = len(self.readings) == 1 and all(j.within.exact for j in self.judged)
        self.low, self.worst = self.side(high=False)
        self.high = self.low if self.settled else self.side(high=True)[0]

    def side(self, *, high: bool) -> tuple[Values, Mapping[str, int]]:
        """The settlement that pays least, or most, of all readings of the event's facts."""
        found = [(self.values(self.judged, reading, high=high), reading) for reading in self.readings]
        pick = max if high else min
        return pick(found, key=lambda pair: self.paid(pair[0])) if len(found) > 1 else found[0]

    def values(self, judged: Sequence[Judged], reading: Mapping[str, int], *, high: bool = False) -> Values:
        given = subjects(self.terms, judged, high=high, reading=reading, void=self.void)
        return evaluate(self.terms, given, self.state, self.void)

    def paid(self, values: Values) -> int:
        return total(values, self.terms.contract) + total(values, self.terms.statutory)

    def open_points(self) -> tuple[OpenPoint, ...]:
        if self.settled:
            return ()

        def paid(rows: Sequence[Judged], reading: Mapping[str, int]) -> int:
            return self.paid(self.values(rows, reading))

        return open_points(self.terms, self.event, self.judged, self.readings, self.worst, self.void, paid)


def evaluate(terms: CompiledTerms, given: Subjects, state: Mapping[str, int], void: frozenset[str]) -> Values:
    """The value of every node; a node of an item or an interruption has one value for each."""
    numbers: Sequence[int] = terms.numbers
    if void:
        named = (Op.PARAMETER, Op.IN_FORCE)
        numbers = [0 if n.op in named and n.clause in void else n.value for n in terms.nodes]
    return load_program(terms.program)(given, state, numbers)


def total(values: Values, node: int) -> int:
    value = values[node]
    assert isinstance(value, int)
    return value


def _item(terms: CompiledTerms, judged: Judged, void: frozenset[str]) -> ItemOutcome:
    item, finding = judged.item, judged.finding
    changes = covered_if(terms, judged, void)
    clause, factual = finding.clause, judged.factual_minor
    return ItemOutcome(item.name, judged.part, finding.verdict, clause, factual, judged.within, changes)


def _parts(
    terms: CompiledTerms, judged: Sequence[Judged], low: Values, high: Values, nodes: Mapping[str, int]
) -> tuple[PartOutcome, ...]:
    mine: dict[str, list[Judged]] = {p.part: [] for p in terms.definition.parts}
    for row in judged:
        mine.setdefault(row.part, []).append(row)
    found = []
    for code, rows in mine.items():
        part = terms.definition.part(code)
        if not rows or (code not in nodes and (part is not None or nodes is not terms.payable)):
            continue
        node = nodes.get(code)
        payable = Between(total(low, node), total(high, node)) if node is not None else Between(0, 0)
        within = sum((j.within for j in rows), Between(0, 0))
        found.append(PartOutcome(code, sum(j.factual_minor for j in rows), within, payable))
    return tuple(found)


def _state(terms: CompiledTerms, state: Mapping[str, int]) -> dict[str, int]:
    return {rule.name: state.get(rule.name, 0) for rule in terms.states} | dict(state)


def _grown(terms: CompiledTerms, state: Mapping[str, int], low: Values) -> dict[str, int]:
    after = _state(terms, state)
    for rule in terms.states:
        after[rule.name] += total(low, rule.drawn)
    return after
