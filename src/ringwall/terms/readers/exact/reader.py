"""The exact reader: Python integers over the graph, the three numbers, and the trace behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ringwall.basics import Refusal
from ringwall.terms.cover import LETS_IN, NIL, Claim, Judged, covered_if, in_one_zone, judge_claim
from ringwall.terms.facts import LossEvent
from ringwall.terms.graph import CompiledTerms, Op
from ringwall.terms.outcome import Between, ItemOutcome, OpenPoint, Outcome, PartOutcome
from ringwall.terms.readers.exact.admissible import inadmissible
from ringwall.terms.readers.exact.open_points import open_points
from ringwall.terms.readers.exact.plan import ExactPlan, plan_of
from ringwall.terms.readers.exact.subjects import Rows, Subjects, by_part, readings, subjects
from ringwall.terms.straight import Values, load_program

NO_CHANGES: tuple[str, ...] = ()


def settle(
    terms: CompiledTerms, event: LossEvent, state: Mapping[str, int], *, void: frozenset[str] = frozenset()
) -> Outcome | Refusal:
    """Settle one event. `low` sides have every open point decided against the payment, `high` sides for it.

    A part's low side is its place in the low settlement, so that the parts sum to the total on either side.
    """
    work = open_settlement(terms, event, state, void)
    if isinstance(work, Refusal):
        return work
    plan, low, high, rows = work.plan, work.low, work.high, work.rows
    before = {**plan.unused, **state}
    return Outcome(
        items=work.items(),
        parts=_parts(plan.gate.parts, rows, low, high, terms.payable, others=True),
        contract=Between(low[terms.contract], high[terms.contract]),
        statutory=Between(low[terms.statutory], high[terms.statutory]),
        state_before=before,
        state_after={**before, **{rule.name: before[rule.name] + low[rule.drawn] for rule in terms.states}},
        open_points=work.open_points(),
        trace=plan.tracer(void).trace(rows, low),
        in_kind=_parts(plan.gate.parts, rows, low, high, terms.in_kind) if terms.in_kind else (),
        charges={name: low[node] for name, node in terms.charges.items()},
    )


def open_settlement(
    terms: CompiledTerms, event: LossEvent, state: Mapping[str, int], void: frozenset[str]
) -> Settling | Refusal:
    """The settlement of an event that these terms can settle."""
    plan = plan_of(terms)
    return inadmissible(plan.gate, event, state, void) or Settling(plan, event, state, void)


class Settling:
    """One settlement on both sides of what is open."""

    def __init__(self, plan: ExactPlan, event: LossEvent, state: Mapping[str, int], void: frozenset[str]) -> None:
        self.plan, self.event, self.state, self.void = plan, event, state, void
        terms = self.terms = plan.terms
        self.claim = Claim(plan.claim, in_one_zone(event.facts), event.items)
        self.judged = judge_claim(terms, self.claim, void)
        self.rows = by_part(self.judged)
        self.readings = readings(terms, plan.subjects.told, event.facts, void)
        self.settled = len(self.readings) == 1 and not [part for part in self.rows.values() if part.low < part.high]
        self.low, self.worst = self.side(high=False)
        self.high = self.low if self.settled else self.side(high=True)[0]

    def side(self, *, high: bool) -> tuple[Values, Mapping[str, int]]:
        """The settlement that pays least, or most, of all readings of the event's facts."""
        if len(self.readings) == 1:
            return self.values(self.rows, self.readings[0], high=high), self.readings[0]
        found = [(self.values(self.rows, reading, high=high), reading) for reading in self.readings]
        return (max if high else min)(found, key=lambda pair: self.paid(pair[0]))

    def values(self, rows: Rows, reading: Mapping[str, int], *, high: bool = False) -> Values:
        given = subjects(self.plan.subjects, rows, high=high, reading=reading, void=self.void)
        return evaluate(self.terms, given, self.state, self.void)

    def paid(self, values: Values) -> int:
        return total(values, self.terms.contract) + total(values, self.terms.statutory)

    def items(self) -> tuple[ItemOutcome, ...]:
        """Items of a part that have no facts of their own and the same finding share what would let them in."""
        found: list[ItemOutcome] = []
        alike: dict[object, tuple[str, ...]] = {}
        for row in self.judged:
            finding, changes = row.finding, NO_CHANGES
            if finding.verdict not in LETS_IN:
                changes = self.changes(row, alike)
            found.append(
                ItemOutcome(
                    row.item.name, row.part, finding.verdict, finding.clause, row.factual_minor, row.within, changes
                )
            )
        return tuple(found)

    def changes(self, row: Judged, alike: dict[object, tuple[str, ...]]) -> tuple[str, ...]:
        if row.item.facts:
            return covered_if(self.terms, row, self.void, self.claim)
        key = row.item.part, row.finding
        if key not in alike:
            alike[key] = covered_if(self.terms, row, self.void, self.claim)
        return alike[key]

    def open_points(self) -> tuple[OpenPoint, ...]:
        if self.settled:
            return ()

        def paid(rows: Sequence[Judged], reading: Mapping[str, int]) -> int:
            return self.paid(self.values(by_part(rows), reading))

        return open_points(self.terms, self.event, self.judged, self.readings, self.worst, self.void, self.claim, paid)


def evaluate(terms: CompiledTerms, given: Subjects, state: Mapping[str, int], void: frozenset[str]) -> Values:
    """The value of every node; a node of an item or an interruption has one value for each."""
    numbers: Sequence[int] = terms.numbers
    if void:
        named = (Op.PARAMETER, Op.IN_FORCE)
        numbers = [0 if n.op in named and n.clause in void else n.value for n in terms.nodes]
    return load_program(terms.program)(given, state, numbers)


def total(values: Values, node: int) -> int:
    value: int = values[node]
    return value


def _parts(
    parts: Mapping[str, object],
    rows: Rows,
    low: Values,
    high: Values,
    nodes: Mapping[str, int],
    *,
    others: bool = False,
) -> tuple[PartOutcome, ...]:
    """The parts that have a node, in settlement order; with `others` also those that the product lacks, unpaid."""
    found = []
    for code in parts:
        if code in rows and code in nodes:
            mine, node = rows[code], nodes[code]
            paid = Between(low[node], high[node])
            found.append(PartOutcome(code, mine.factual_minor, Between(mine.low, mine.high), paid))
    for code, mine in rows.items() if others else ():
        if code not in parts:
            found.append(PartOutcome(code, mine.factual_minor, Between(mine.low, mine.high), NIL))
    return tuple(found)
