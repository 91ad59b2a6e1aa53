"""What the exact reader prepares once for some terms, at the first event that they settle."""

from __future__ import annotations

from ringwall.terms.cover import ClaimProgram
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.readers.exact.admissible import gate_of
from ringwall.terms.readers.exact.subjects import SubjectPlan
from ringwall.terms.readers.exact.trace import Tracer


class ExactPlan:
    """The claim's exclusions, what is asked of an event, and a tracer for each set of void clauses."""

    def __init__(self, terms: CompiledTerms) -> None:
        self.terms = terms
        self.claim = ClaimProgram(terms)
        self.subjects = SubjectPlan(terms)
        self.gate = gate_of(terms)
        self.unused = {rule.name: 0 for rule in terms.states}
        self.tracers: dict[frozenset[str], Tracer] = {}

    def tracer(self, void: frozenset[str]) -> Tracer:
        if void not in self.tracers:
            self.tracers[void] = Tracer(self.terms, void)
        return self.tracers[void]


def plan_of(terms: CompiledTerms) -> ExactPlan:
    made: ExactPlan | None = terms.memo.made
    if made is None:
        made = terms.memo.made = ExactPlan(terms)
    return made
