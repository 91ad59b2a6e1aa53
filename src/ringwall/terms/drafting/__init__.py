"""What makes terms impossible to apply: clauses at odds, exceptions to nothing, undefined words, a bad order."""

from ringwall.terms.drafting.clauses import (
    Clause,
    all_clauses,
    candidate_values,
    drafting_faults,
    example_case,
)

__all__ = ["Clause", "all_clauses", "candidate_values", "drafting_faults", "example_case"]
