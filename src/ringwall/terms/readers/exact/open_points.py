"""What is still open: each item and each fact on its own, and what it would add to the payment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from ringwall.terms.cover import Claim, Finding, Judged, judge, without
from ringwall.terms.facts import LossEvent
from ringwall.terms.graph import CompiledTerms, Given
from ringwall.terms.outcome import Between, OpenPoint, Verdict
from ringwall.terms.readers.exact.subjects import open_facts

Reading = Mapping[str, int]
Paid = Callable[[Sequence[Judged], Reading], int]


def open_points(
    terms: CompiledTerms,
    event: LossEvent,
    judged: Sequence[Judged],
    readings: Sequence[Reading],
    worst: Reading,
    void: frozenset[str],
    claim: Claim,
    paid: Paid,
) -> tuple[OpenPoint, ...]:
    """Each open point decided for the payment while the others stay decided against it."""
    base, points = paid(judged, worst), []
    shared = _shared_causes(terms, judged, void, claim)
    for facts, places in shared.items():
        rows = [_decided(row) if place in places else row for place, row in enumerate(judged)]
        clause = judged[places[0]].finding.clause
        points.append(OpenPoint(event.name, clause, facts, paid(rows, worst) - base))
    told = {place for places in shared.values() for place in places}
    for place, row in enumerate(judged):
        if not row.within.exact and place not in told:
            rows = [*judged[:place], _decided(row), *judged[place + 1 :]]
            clause = row.finding.clause if row.finding.verdict is Verdict.UNKNOWN else row.bounded_by
            facts = ",".join(dict.fromkeys((*row.finding.unknown, *row.open_amount)))
            points.append(OpenPoint(row.item.name, clause, facts, paid(rows, worst) - base))
    if len(readings) > 1:
        points += _rules(terms, event, judged, readings, worst, void, paid)
    return tuple(points)


def _shared_causes(
    terms: CompiledTerms, judged: Sequence[Judged], void: frozenset[str], claim: Claim
) -> dict[str, list[int]]:
    """The places of several items that hang on nothing but the same open exclusions of the claim, by the facts missing.

    These facts are one for all of them: they are one point, not one for each item.
    """
    found: dict[str, list[int]] = {}
    for place, row in enumerate(judged):
        causes = row.finding.causes
        if causes:
            others = judge(terms, row.item, claim.event_facts, void, without(claim.causes, causes))
            if others.within.exact:
                missing = (name for clause in causes for name in claim.causes[clause].missing)
                found.setdefault(",".join(dict.fromkeys(missing)), []).append(place)
    return {facts: places for facts, places in found.items() if len(places) > 1}


def _rules(
    terms: CompiledTerms,
    event: LossEvent,
    judged: Sequence[Judged],
    readings: Sequence[Reading],
    worst: Reading,
    void: frozenset[str],
    paid: Paid,
) -> list[OpenPoint]:
    """Rules that hang on the event's own facts; those that hang on the same facts are one point."""
    by_facts: dict[str, list[str]] = {}
    clauses: dict[str, str] = {}
    for subject in terms.subjects:
        if subject.given in (Given.SWITCH, Given.FACT) and not subject.part:
            facts = ",".join(open_facts([subject], event.facts, void))
            if facts:
                by_facts.setdefault(facts, []).append(subject.name)
                clauses.setdefault(facts, subject.clause)
    base, points = paid(judged, worst), []
    for facts, names in by_facts.items():
        fixed = [name for name in worst if name not in names]
        choices = [r for r in readings if all(r[name] == worst[name] for name in fixed)]
        best = max((paid(judged, reading) for reading in choices), default=base)
        points.append(OpenPoint(event.name, clauses[facts], facts, best - base))
    return points


def _decided(row: Judged) -> Judged:
    finding = row.finding
    if finding.verdict is Verdict.UNKNOWN:
        finding = Finding(Verdict.COVERED, finding.clause, finding.tried)
    return replace(row, finding=finding, within=Between(row.within.high, row.within.high))
