"""What would let a refused item in: single changes of a fact, or the deciding clause without its explanation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ringwall.basics import SHANGHAI
from ringwall.terms.cover.claim import Claim
from ringwall.terms.cover.judge import NO_COVER
from ringwall.terms.cover.program import Change, CoverProgram, program_of
from ringwall.terms.cover.records import LETS_IN, Judged
from ringwall.terms.drafting import candidate_values
from ringwall.terms.expressions import All, facts_of
from ringwall.terms.facts import FactValue
from ringwall.terms.graph import CompiledTerms


def covered_if(terms: CompiledTerms, judged: Judged, void: frozenset[str], claim: Claim) -> tuple[str, ...]:
    """Single changes that would let the item in: `fact=value`, or the number of a clause that would then not work."""
    clause = judged.finding.clause
    if judged.finding.verdict in LETS_IN:
        return ()
    program = program_of(terms.cover.get(judged.item.part, NO_COVER))
    if clause not in program.changes:
        program.changes[clause] = tuple(_changes(terms, program, clause))
    found = _turned(program, judged, program.changes[clause], void, claim) if program.changes[clause] else ()
    if clause in terms.definition.takes_away:
        unexplained = program.finding(judged.answers, judged.facts, void | {clause}, claim.causes)
        if unexplained.verdict in LETS_IN:
            return (*found, clause)
    return found


def _turned(
    program: CoverProgram, judged: Judged, changes: tuple[Change, ...], void: frozenset[str], claim: Claim
) -> tuple[str, ...]:
    """The first value of each fact that lets the item in, all else as it is."""
    facts = judged.facts
    found: dict[str, str] = {}
    for name, value, words in changes:
        if name not in found and facts.get(name) != value:
            changed = {**facts, name: value}
            answers = program.tell(changed.get)
            causes = claim.causes_if(judged.item, name, value) if claim.causes else claim.causes
            finding = program.kept.get((answers, void)) or program.finding(answers, changed, void, causes)
            if finding.verdict in LETS_IN:
                found[name] = words
    return tuple(found.values())


def _changes(terms: CompiledTerms, program: CoverProgram, clause: str) -> Iterator[Change]:
    """Every value of the facts on which the deciding clause hangs, but for facts that say what the item is.

    No other fact can turn the verdict alone: the deciding clause would still stand; none makes an interruption longer.
    """
    deciding = [barrier for barrier in program.cover.barriers if barrier.clause == clause]
    counting = program.cover.counting
    if clause and counting and counting.trigger == clause and not deciding:
        return
    grants = [grant.when for grant in program.cover.grants] if not deciding else []
    conditions = All((*grants, *(when for b in deciding for when in (b.when, *(w.when for w in b.exceptions)))))
    for name in facts_of(conditions):
        spec = terms.definition.facts[name]
        for value in candidate_values(name, spec, conditions) if not spec.fixed else ():
            yield name, value, f"{name}={_shown(value)}"


def _shown(value: FactValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.astimezone(SHANGHAI).isoformat() if isinstance(value, datetime) else str(value)
