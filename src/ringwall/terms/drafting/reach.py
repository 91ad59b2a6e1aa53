"""Which cases reach a clause: what grants a part, what keeps out of it, and where a clause is the one that decides."""

from __future__ import annotations

from collections.abc import Iterator

from ringwall.terms.definition import Exclusion, Level, Requirement, TermsDefinition
from ringwall.terms.drafting.search import witness
from ringwall.terms.expressions import All, AnyOf, Condition, Not, Parameters


def possible(definition: TermsDefinition, parameters: Parameters, *conditions: Condition) -> bool:
    """Whether all of them can hold at once; true also where nobody could prove that they cannot."""
    return witness(All(conditions), definition.facts, parameters).possible


def granted(definition: TermsDefinition, part: str) -> AnyOf:
    """The condition that some clause grants an item of the part."""
    return AnyOf(tuple(grant.when for grant in definition.grants if grant.part == part))


def keeps_out(definition: TermsDefinition, clause: Exclusion | Requirement) -> Condition:
    """What keeps an item out under the clause: a requirement that fails, an exclusion that no write-back lifts."""
    if isinstance(clause, Requirement):
        return Not(clause.when)
    lifted = (Not(back.when) for back in definition.write_backs if back.excepts == clause.clause)
    return All((clause.when, *lifted))


def admitted(definition: TermsDefinition, part: str) -> Condition:
    """Some clause grants an item of the part, and nothing keeps it out."""
    out = (keeps_out(definition, each) for each in definition.barriers if part in each.parts)
    return All((granted(definition, part), *(Not(each) for each in out)))


def deciding(definition: TermsDefinition) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """Each clause of cover logic, with the cases in which it is the one that decides: none left, it is unreachable."""
    for place, grant in enumerate(definition.grants):
        before = (Not(other.when) for other in definition.grants[:place] if other.part == grant.part)
        yield grant.clause, (All((grant.when, *before)),)
    for place, barrier in enumerate(definition.barriers):
        cases = (first_out(definition, part, place) for part in barrier.parts)
        yield barrier.clause, tuple(cases)
        for back in definition.write_backs:
            if back.excepts == barrier.clause:
                lifts = (All((granted(definition, part), barrier.when, back.when)) for part in barrier.parts)
                yield back.clause, tuple(lifts)
    for bound in definition.bounds:
        yield bound.clause, (All((admitted(definition, bound.part), bound.when)),)
    share = definition.conditional
    if share:
        yield share.clause, tuple(All((admitted(definition, part), share.when)) for part in share.parts)


def first_out(definition: TermsDefinition, part: str, place: int) -> Condition:
    """A granted item of the part is kept out by the barrier at this place, and by none before it.

    What defeats a whole claim also keeps out items that do not meet it: only its like can stand before it.
    """
    mine = definition.barriers[place]
    earlier = (b for b in definition.barriers[:place] if not _of_claim(mine) or _of_claim(b))
    before = (Not(keeps_out(definition, other)) for other in earlier if part in other.parts)
    return All((granted(definition, part), keeps_out(definition, mine), *before))


def _of_claim(clause: Exclusion | Requirement) -> bool:
    return isinstance(clause, Exclusion) and clause.level is Level.CLAIM


def unreachable(definition: TermsDefinition, parameters: Parameters) -> tuple[str, ...]:
    """The clauses that decide in no case at all."""
    asked = deciding(definition)
    return tuple(clause for clause, cases in asked if not any(possible(definition, parameters, case) for case in cases))
