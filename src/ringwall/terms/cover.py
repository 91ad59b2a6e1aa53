"""Cover logic: the verdict of each loss item, the clause that settles it, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from ringwall.basics import SHANGHAI, Rounding, elapsed_seconds, round_ratio
from ringwall.terms.definition import (
    Barrier,
    Bound,
    Counting,
    Exclusion,
    FactKind,
    Grant,
    PartCover,
    PartTerms,
    Requirement,
    TermsDefinition,
)
from ringwall.terms.drafting import candidate_values
from ringwall.terms.expressions import All, Condition, Parameters, facts_of, holds, resolved
from ringwall.terms.facts import Facts, FactValue, Interruption, LossItem, Truth
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.outcome import Between, Verdict

LETS_IN = frozenset({Verdict.COVERED, Verdict.LIMITED, Verdict.CONDITIONAL})
SECONDS_AN_HOUR = 3_600
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Finding:
    """What cover logic says of an item, before any money term."""

    verdict: Verdict
    clause: str
    tried: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """The facts on which an unknown verdict hangs."""
    lifted: tuple[str, ...] = ()
    """The write-backs that lifted an exclusion whose condition is met."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with its finding, its factual loss and what is within cover; `bounded_by` names a clause that cut it."""

    item: LossItem
    finding: Finding
    factual_minor: int
    within: Between
    open_amount: tuple[str, ...] = ()
    bounded_by: str = ""
    part: str = ""
    """The part whose money terms settle it: its own, or one within that part."""
    facts: Facts = field(default_factory=dict)
    """What holds for the item: the event's facts and its own."""

    @property
    def admitted(self) -> bool:
        return self.finding.verdict in LETS_IN


def compile_cover(definition: TermsDefinition, parameters: Parameters) -> dict[str, PartCover]:
    """The cover clauses part by part, with the numbers of the schedule put into their conditions."""
    instants = {name for name, spec in definition.facts.items() if spec.kind is FactKind.INSTANT}

    def filled(when: Condition) -> Condition:
        return resolved(when, parameters, instants)

    def barrier(clause: Exclusion | Requirement) -> Barrier:
        writers = tuple(replace(w, when=filled(w.when)) for w in definition.write_backs if w.excepts == clause.clause)
        facts = dict.fromkeys(name for when in (clause.when, *(w.when for w in writers)) for name in facts_of(when))
        wanted = isinstance(clause, Requirement)
        return Barrier(clause.clause, wanted, filled(clause.when), () if wanted else writers, tuple(facts))

    share = definition.conditional
    return {
        part.part: PartCover(
            tuple(replace(g, when=filled(g.when)) for g in definition.grants if g.part == part.part),
            tuple(barrier(clause) for clause in definition.barriers if part.part in clause.parts),
            tuple(replace(b, when=filled(b.when)) for b in definition.bounds if b.part == part.part),
            replace(share, when=filled(share.when)) if share and part.part in share.parts else None,
            _counting(part, parameters),
            tuple((p.part, filled(p.when)) for p in definition.parts if p.within == part.part),
        )
        for part in definition.parts
    }


def _counting(part: PartTerms, parameters: Parameters) -> Counting | None:
    if part.parametric:
        steps = ((parameters[h.parameter].value, parameters[a.parameter].value) for h, a in part.parametric.steps)
        fixed = tuple((hours * SECONDS_AN_HOUR, amount) for hours, amount in steps)
        return Counting(None, part.parametric.clause, fixed[0][0] - 1 if fixed else 0, False, fixed)
    if part.interruption is None:
        return None
    terms = part.interruption
    wait = parameters[terms.waiting.parameter].value * SECONDS_AN_HOUR
    longest = parameters[terms.indemnity.parameter].value * SECONDS_A_DAY + (wait if terms.after_waiting else 0)
    trigger, outlasts = (terms.waiting.clause, wait) if terms.trigger else ("", 0)
    return Counting(longest, trigger, outlasts, terms.net_of_credits)


NO_COVER = PartCover()


def find(cover: PartCover, facts: Facts, void: frozenset[str]) -> Finding:
    """The verdict by the rules of docs/settlement.md, in their order."""
    grant, granted = _grant(cover, facts, void)
    if grant is None:
        return Finding(Verdict.UNMAPPED, "")
    open_clause = "" if granted is Truth.TRUE else grant.clause
    unknown = [] if granted is Truth.TRUE else list(_unknown(facts_of(grant.when), facts))
    tried: list[str] = []
    lifted: list[str] = []
    for barrier in cover.barriers:
        if barrier.clause in void:
            continue
        stands = _stands(barrier, facts, void, lifted)
        if stands is Truth.TRUE:
            return Finding(Verdict.EXCLUDED, barrier.clause, tuple(tried))
        if stands is Truth.UNKNOWN:
            open_clause = open_clause or barrier.clause
            unknown += _unknown(barrier.facts, facts)
        else:
            tried.append(barrier.clause)
    if open_clause:
        return Finding(Verdict.UNKNOWN, open_clause, tuple(tried), tuple(dict.fromkeys(unknown)), tuple(lifted))
    if grant.verdict is Verdict.NOMINAL_ONLY:
        return Finding(Verdict.NOMINAL_ONLY, grant.clause, tuple(tried))
    if cover.share and cover.share.clause not in void:
        if holds(cover.share.when, facts) is not Truth.FALSE:
            return Finding(Verdict.CONDITIONAL, cover.share.clause, tuple(tried), (), tuple(lifted))
        tried.append(cover.share.clause)
    return Finding(grant.verdict, grant.clause, tuple(tried), (), tuple(lifted))


def _grant(cover: PartCover, facts: Facts, void: frozenset[str]) -> tuple[Grant | None, Truth]:
    """The first true grant of the part; failing that the first unknown one."""
    perhaps: Grant | None = None
    for grant in cover.grants:
        if grant.clause in void:
            continue
        truth = holds(grant.when, facts)
        if truth is Truth.TRUE:
            return grant, truth
        if truth is Truth.UNKNOWN and perhaps is None:
            perhaps = grant
    return perhaps, Truth.UNKNOWN


def _stands(barrier: Barrier, facts: Facts, void: frozenset[str], lifted: list[str]) -> Truth:
    """Whether the barrier keeps the item out: its condition and no write-back, or a requirement that fails."""
    truth = holds(barrier.when, facts)
    if barrier.wanted:
        return truth.negated()
    for writer in barrier.exceptions if truth is not Truth.FALSE else ():
        if writer.clause not in void:
            spares = holds(writer.when, facts)
            if spares is Truth.TRUE:
                lifted.append(writer.clause)
            truth = min(truth, spares.negated())
    return truth


def _unknown(names: Iterable[str], facts: Facts) -> Iterator[str]:
    return (name for name in names if name not in facts)


def judge(terms: CompiledTerms, item: LossItem, event_facts: Facts, void: frozenset[str]) -> Judged:
    """The verdict of one item, its factual loss and what is within cover."""
    facts = {**event_facts, **item.facts} if item.facts else event_facts
    cover = terms.cover.get(item.part, NO_COVER)
    counting = cover.counting
    finding = find(cover, facts, void)
    if counting and counting.trigger and item.interruption:
        finding = _triggered(finding, counting, item.interruption, void)
    factual = factual_loss(item, counting)
    amount, open_facts, bound = _admissible(cover, item, facts, void)
    if finding.verdict is Verdict.UNKNOWN:
        within = Between(0, amount.high)
    elif finding.verdict in LETS_IN:
        within = amount
    else:
        within, open_facts, bound = Between(0, 0), (), ""
    part = next((code for code, when in cover.inside if holds(when, facts) is Truth.TRUE), item.part)
    return Judged(item, finding, factual, within, open_facts, bound, part, facts)


def _triggered(finding: Finding, counting: Counting, spell: Interruption, void: frozenset[str]) -> Finding:
    """An interruption that does not outlast a waiting period used as a trigger is not insured at all."""
    if counting.trigger in void or finding.verdict in (Verdict.UNMAPPED, Verdict.EXCLUDED, Verdict.NOMINAL_ONLY):
        return finding
    if elapsed_seconds(spell.start, spell.end) <= counting.outlasts_seconds:
        return Finding(Verdict.EXCLUDED, counting.trigger, finding.tried)
    return replace(finding, tried=(*finding.tried, counting.trigger))


def factual_loss(item: LossItem, counting: Counting | None = None) -> int:
    if item.interruption is None:
        return item.amount_minor or 0
    loss = interruption_loss(item.interruption, None)
    return max(loss - item.interruption.credits_minor, 0) if counting and counting.net_of_credits else loss


def interruption_loss(interruption: Interruption, longest_seconds: int | None) -> int:
    """Exact hours × gross loss an hour × share lost, rounded once; money received from others is not yet taken off."""
    seconds = elapsed_seconds(interruption.start, interruption.end)
    counted = seconds if longest_seconds is None else min(seconds, longest_seconds)
    share = interruption.share_lost
    return round_ratio(
        counted * hourly_loss(interruption) * share.numerator, SECONDS_AN_HOUR * share.denominator, Rounding.HALF_EVEN
    )


def fixed_payment(interruption: Interruption, counting: Counting) -> int:
    seconds = elapsed_seconds(interruption.start, interruption.end)
    return next((amount for least, amount in reversed(counting.fixed) if seconds >= least), 0)


def hourly_loss(interruption: Interruption) -> int:
    return max(interruption.lost_revenue_minor_per_hour - interruption.saved_cost_minor_per_hour, 0)


def _admissible(
    cover: PartCover, item: LossItem, facts: Facts, void: frozenset[str]
) -> tuple[Between, tuple[str, ...], str]:
    """The item's amount within its bounds of time and amount, were it covered; with the facts that leave it open."""
    if item.interruption:
        amount = _hours_within(item.interruption, cover.counting)
        return Between(amount, amount), (), ""
    amount = item.amount_minor or 0
    low = high = amount
    open_facts: list[str] = []
    clause = ""
    for bound in cover.bounds:
        if bound.clause in void:
            continue
        low, high, missing = _bounded(bound, low, high, facts, holds(bound.when, facts))
        open_facts += missing
        clause = bound.clause if high < amount or low < high else clause
    return Between(low, high), tuple(dict.fromkeys(open_facts)), clause


def _hours_within(spell: Interruption, counting: Counting | None) -> int:
    if counting is None:
        return interruption_loss(spell, None)
    if counting.fixed:
        return fixed_payment(spell, counting)
    loss = interruption_loss(spell, counting.longest_seconds)
    return max(loss - spell.credits_minor, 0) if counting.net_of_credits else loss


def _bounded(bound: Bound, low: int, high: int, facts: Facts, applies: Truth) -> tuple[int, int, list[str]]:
    if applies is Truth.FALSE:
        return low, high, []
    ceiling = facts.get(bound.up_to)
    missing = [name for name in (*facts_of(bound.when), bound.up_to) if name not in facts]
    most = max(int(ceiling), 0) if isinstance(ceiling, int) else None
    lower = min(low, most) if most is not None else 0
    upper = min(high, most) if applies is Truth.TRUE and most is not None else high
    return lower, upper, missing if lower != upper else []


def covered_if(terms: CompiledTerms, judged: Judged, void: frozenset[str]) -> tuple[str, ...]:
    """Single changes that would let the item in: `fact=value`, or the number of a clause that would then not work."""
    if judged.admitted:
        return ()
    cover = terms.cover.get(judged.item.part, NO_COVER)
    facts, clause = judged.facts, judged.finding.clause
    changes: dict[str, str] = {}
    for name, value in _changes(terms, cover, judged.finding, facts):
        if name not in changes and find(cover, {**facts, name: value}, void).verdict in LETS_IN:
            changes[name] = f"{name}={_shown(value)}"
    if clause in terms.definition.takes_away and find(cover, facts, void | {clause}).verdict in LETS_IN:
        return (*changes.values(), clause)
    return tuple(changes.values())


def _changes(terms: CompiledTerms, cover: PartCover, finding: Finding, facts: Facts) -> Iterator[tuple[str, FactValue]]:
    """Other values of the facts on which the deciding clause hangs, but for facts that say what the item is.

    No other fact can turn the verdict alone: the deciding clause would still stand.
    """
    deciding = [b for b in cover.barriers if b.clause == finding.clause]
    grants = [g.when for g in cover.grants] if not deciding else []
    conditions = All((*grants, *(when for b in deciding for when in (b.when, *(w.when for w in b.exceptions)))))
    for name in facts_of(conditions):
        spec = terms.definition.facts[name]
        if spec.fixed:
            continue
        for value in candidate_values(name, spec, conditions):
            if facts.get(name) != value:
                yield name, value


def _shown(value: FactValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.astimezone(SHANGHAI).isoformat() if isinstance(value, datetime) else str(value)
