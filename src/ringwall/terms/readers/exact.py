"""The exact reader: Python integers over the graph, the three numbers, and the trace behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ringwall.basics import Refusal, elapsed_seconds
from ringwall.terms.cover import Judged, covered_if, hourly_loss, judge
from ringwall.terms.expressions import facts_of, holds
from ringwall.terms.facts import Facts, LossEvent, Truth
from ringwall.terms.graph import CompiledTerms, Op
from ringwall.terms.outcome import Between, ItemOutcome, OpenPoint, Outcome, PartOutcome, Verdict
from ringwall.terms.readers.admissible import inadmissible
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
    judged = tuple(judge(terms, item, event.facts, void) for item in event.items)
    shares = _conditional(terms, event.facts, void)
    low = evaluate(terms, subjects(terms, judged, high=False, applies=shares[0]), state, void)
    settled = all(j.within.exact for j in judged) and len(shares) == 1
    high = low if settled else evaluate(terms, subjects(terms, judged, high=True, applies=shares[-1]), state, void)
    contract = Between(total(low, terms.contract), total(high, terms.contract))
    statutory = Between(total(low, terms.statutory), total(high, terms.statutory))
    return Outcome(
        items=tuple(_item(terms, j, event.facts, void) for j in judged),
        parts=_parts(terms, judged, low, high),
        contract=contract,
        statutory=statutory,
        state_before=_state(terms, state),
        state_after=_grown(terms, state, contract.low),
        open_points=() if settled else _open_points(terms, event, judged, shares, state, void),
        trace=build_trace(terms, judged, low, void),
    )


def _conditional(terms: CompiledTerms, facts: Facts, void: frozenset[str]) -> tuple[int, ...]:
    """Whether the conditional share applies: one answer, or (yes, no) while it is open."""
    share = next((cover.share for cover in terms.cover.values() if cover.share), None)
    if share is None or share.clause in void:
        return (0,)
    truth = holds(share.when, facts)
    return (1, 0) if truth is Truth.UNKNOWN else (int(truth is Truth.TRUE),)


Subjects = dict[str, int | tuple[int, ...]]
"""Subject name to its value, or to one value for each interruption."""


def subjects(terms: CompiledTerms, judged: Sequence[Judged], *, high: bool, applies: int) -> Subjects:
    """What stands in the graph's subject columns: the amounts within cover, on one side of what is open."""
    found: Subjects = {name: 0 for name in terms.columns if "." not in name}
    if terms.definition.conditional:
        found[terms.definition.conditional.clause] = applies
    for part in terms.definition.parts:
        mine = [j for j in judged if j.item.part == part.part]
        if part.interruption:
            found |= _interruptions(part.part, mine, high)
        else:
            found[part.part] = sum(_side(j, high) for j in mine)
    return found


def _side(judged: Judged, high: bool) -> int:
    return judged.within.high if high else judged.within.low


def _interruptions(part: str, mine: Sequence[Judged], high: bool) -> Subjects:
    """Extra expense is within its bound already, item by item, so that the loss avoided bounds nothing further."""
    counted = [j.item.interruption for j in mine if j.item.interruption and (j.admitted or (high and j.within.high))]
    extra = sum(_side(j, high) for j in mine if not j.item.interruption)
    return {
        f"{part}.seconds": tuple(elapsed_seconds(i.start, i.end) for i in counted),
        f"{part}.rate": tuple(hourly_loss(i) for i in counted),
        f"{part}.share_lost": tuple(i.share_lost.numerator for i in counted),
        f"{part}.share_of": tuple(i.share_lost.denominator for i in counted),
        f"{part}.credits": tuple(i.credits_minor for i in counted),
        f"{part}.extra": extra,
        f"{part}.avoided": extra,
    }


def evaluate(terms: CompiledTerms, given: Subjects, state: Mapping[str, int], void: frozenset[str]) -> Values:
    """The value of every node; a node of an interruption has one value for each interruption."""
    numbers: Sequence[int] = terms.numbers
    if void:
        numbers = [0 if n.op is Op.PARAMETER and n.clause in void else n.value for n in terms.nodes]
    return load_program(terms.program)(given, state, numbers)


def total(values: Values, node: int) -> int:
    value = values[node]
    assert isinstance(value, int)
    return value


def _item(terms: CompiledTerms, judged: Judged, facts: Facts, void: frozenset[str]) -> ItemOutcome:
    item, finding = judged.item, judged.finding
    return ItemOutcome(
        item.name,
        item.part,
        finding.verdict,
        finding.clause,
        judged.factual_minor,
        judged.within,
        covered_if(terms, judged, facts, void),
    )


def _parts(terms: CompiledTerms, judged: Sequence[Judged], low: Values, high: Values) -> tuple[PartOutcome, ...]:
    order = [p.part for p in terms.definition.parts]
    codes = [*order, *(j.item.part for j in judged if j.item.part not in order)]
    found = []
    for code in dict.fromkeys(codes):
        mine = [j for j in judged if j.item.part == code]
        if not mine:
            continue
        node = terms.payable.get(code)
        payable = Between(total(low, node), total(high, node)) if node is not None else Between(0, 0)
        within = sum((j.within for j in mine), Between(0, 0))
        found.append(PartOutcome(code, sum(j.factual_minor for j in mine), within, payable))
    return tuple(found)


def _state(terms: CompiledTerms, state: Mapping[str, int]) -> dict[str, int]:
    return {rule.name: state.get(rule.name, 0) for rule in terms.states} | dict(state)


def _grown(terms: CompiledTerms, state: Mapping[str, int], paid: int) -> dict[str, int]:
    before = _state(terms, state)
    return before | {rule.name: before[rule.name] + paid for rule in terms.states}


def _open_points(
    terms: CompiledTerms,
    event: LossEvent,
    judged: Sequence[Judged],
    shares: tuple[int, ...],
    state: Mapping[str, int],
    void: frozenset[str],
) -> tuple[OpenPoint, ...]:
    """Each open point on its own, decided for the payment while the others stay decided against it."""

    def paid(rows: Sequence[Judged], applies: int) -> int:
        values = evaluate(terms, subjects(terms, rows, high=False, applies=applies), state, void)
        return total(values, terms.contract) + total(values, terms.statutory)

    base, points = paid(judged, shares[0]), []
    for place, row in enumerate(judged):
        if not row.within.exact:
            rows = [*judged[:place], _decided(row), *judged[place + 1 :]]
            clause = row.finding.clause if row.finding.verdict is Verdict.UNKNOWN else row.bounded_by
            facts = ",".join(dict.fromkeys((*row.finding.unknown, *row.open_amount)))
            points.append(OpenPoint(row.item.name, clause, facts, paid(rows, shares[0]) - base))
    share = terms.definition.conditional
    if share and len(shares) == 2:
        facts = ",".join(name for name in facts_of(share.when) if name not in event.facts)
        points.append(OpenPoint(event.name, share.clause, facts, paid(judged, shares[1]) - base))
    return tuple(points)


def _decided(row: Judged) -> Judged:
    finding = row.finding
    if finding.verdict is Verdict.UNKNOWN:
        finding = type(finding)(Verdict.COVERED, finding.clause, finding.tried)
    return Judged(row.item, finding, row.factual_minor, Between(row.within.high, row.within.high))
