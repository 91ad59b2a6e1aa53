"""The verdict of each loss item of an event, its factual loss and what of it is within cover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from ringwall.basics import elapsed_seconds
from ringwall.terms.cover.amounts import bounded, interruption_amounts
from ringwall.terms.cover.claim import Claim
from ringwall.terms.cover.conditions import TRUTHS, YES
from ringwall.terms.cover.program import Answers, CoverProgram, program_of
from ringwall.terms.cover.records import ITEM_ALONE, LETS_IN, Causes, Finding, Judged
from ringwall.terms.definition import Counting, PartCover
from ringwall.terms.facts import Facts, Interruption, LossItem
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.outcome import Between, Verdict

NO_COVER = PartCover()
NIL = Between(0, 0)
NO_FACTS: tuple[str, ...] = ()
UNKNOWN = Verdict.UNKNOWN
OUTSIDE = frozenset({Verdict.UNMAPPED, Verdict.EXCLUDED, Verdict.NOMINAL_ONLY})


def judge(
    terms: CompiledTerms, item: LossItem, event_facts: Facts, void: frozenset[str], causes: Causes = ITEM_ALONE
) -> Judged:
    """One item by itself; without `causes` its own facts speak for the whole claim."""
    return _judged(terms, (item,), event_facts, void, causes)[0]


def judge_claim(terms: CompiledTerms, claim: Claim, void: frozenset[str]) -> tuple[Judged, ...]:
    """Every item of the claim."""
    return tuple(_judged(terms, claim.items, claim.event_facts, void, claim.causes))


def in_one_zone(facts: Facts) -> Facts:
    """The same instants all in UTC, so that holding one against another need not ask for offsets each time."""
    try:
        instants = {name: value.astimezone(UTC) for name, value in facts.items() if isinstance(value, datetime)}
    except OverflowError:  # within hours of the first or the last year that a date can have
        return facts
    return {**facts, **instants} if instants else facts


def _judged(
    terms: CompiledTerms, items: Sequence[LossItem], event_facts: Facts, void: frozenset[str], causes: Causes
) -> list[Judged]:
    """Items of a part without facts of their own get the same answers."""
    found: list[Judged] = []
    alike: dict[str, Answers] = {}
    covers = terms.cover
    for item in items:
        code, facts = item.part, event_facts
        cover = covers.get(code, NO_COVER)
        program: CoverProgram = cover.memo.made or program_of(cover)
        if item.facts:
            facts = {**event_facts, **item.facts}
            answers = program.tell(facts.get)
        elif code in alike:
            answers = alike[code]
        else:
            answers = alike[code] = program.tell(facts.get)
        finding = program.kept.get((answers, void)) or program.finding(answers, facts, void, causes)
        missing, bound = NO_FACTS, ""
        if item.interruption is None:
            factual = item.amount_minor or 0
            within = Between(factual, factual)
            if program.bounds:
                within, missing, bound = _within_bounds(program, factual, facts, answers, void)
        else:
            factual, within, finding = _interrupted(program, item.interruption, finding, void)
        if finding.verdict not in LETS_IN:
            unknown = finding.verdict is UNKNOWN
            within, missing, bound = (Between(0, within.high), missing, bound) if unknown else (NIL, NO_FACTS, "")
        part = _inside(program, answers) or code if program.inside else code
        found.append(Judged(item, finding, factual, within, missing, bound, part, event_facts, answers))
    return found


def _interrupted(
    program: CoverProgram, spell: Interruption, finding: Finding, void: frozenset[str]
) -> tuple[int, Between, Finding]:
    counting = program.cover.counting
    factual, counted = interruption_amounts(spell, counting)
    if counting and counting.trigger:
        finding = _triggered(finding, counting, spell, void)
    return factual, Between(counted, counted), finding


def _inside(program: CoverProgram, answers: Answers) -> str:
    """The part within the item's part that settles it, if any takes it."""
    return next((code for code, place in program.inside if answers[place] == YES), "")


def _within_bounds(
    program: CoverProgram, amount: int, facts: Facts, answers: Answers, void: frozenset[str]
) -> tuple[Between, tuple[str, ...], str]:
    """The item's amount within its bounds, were it covered; with the facts that leave it open."""
    low = high = amount
    open_facts: list[str] = []
    clause = ""
    for bound, place in program.bounds:
        if bound.clause in void:
            continue
        low, high, missing = bounded(bound, low, high, facts, TRUTHS[answers[place]])
        open_facts += missing
        clause = bound.clause if high < amount or low < high else clause
    return Between(low, high), tuple(dict.fromkeys(open_facts)), clause


def _triggered(finding: Finding, counting: Counting, spell: Interruption, void: frozenset[str]) -> Finding:
    """An interruption that does not outlast a waiting period used as a trigger is not insured at all."""
    if counting.trigger in void or finding.verdict in OUTSIDE:
        return finding
    if elapsed_seconds(spell.start, spell.end) <= counting.outlasts_seconds:
        return Finding(Verdict.EXCLUDED, counting.trigger, finding.tried)
    return replace(finding, tried=(*finding.tried, counting.trigger))
