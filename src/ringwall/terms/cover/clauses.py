"""The cover clauses part by part, with the numbers of a schedule put into their conditions."""

from __future__ import annotations

from dataclasses import replace

from ringwall.terms.definition import (
    Barrier,
    Counting,
    Exclusion,
    FactKind,
    Level,
    PartCover,
    PartTerms,
    Requirement,
    TermsDefinition,
)
from ringwall.terms.expressions import Condition, Parameters, facts_of, resolved

SECONDS_AN_HOUR = 3_600
SECONDS_A_DAY = 86_400


def compile_cover(definition: TermsDefinition, parameters: Parameters) -> dict[str, PartCover]:
    """Every part of the product with the clauses that speak about it, in clause order."""
    instants = {name for name, spec in definition.facts.items() if spec.kind is FactKind.INSTANT}

    def filled(when: Condition) -> Condition:
        return resolved(when, parameters, instants)

    def barrier(clause: Exclusion | Requirement) -> Barrier:
        writers = tuple(replace(w, when=filled(w.when)) for w in definition.write_backs if w.excepts == clause.clause)
        facts = dict.fromkeys(name for when in (clause.when, *(w.when for w in writers)) for name in facts_of(when))
        if isinstance(clause, Requirement):
            return Barrier(clause.clause, True, filled(clause.when), (), tuple(facts))
        whole = clause.level is Level.CLAIM
        return Barrier(clause.clause, False, filled(clause.when), writers, tuple(facts), whole)

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
