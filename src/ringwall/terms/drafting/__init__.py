"""What makes terms impossible to apply: clauses at odds, exceptions to nothing, undefined words, a bad order."""

from ringwall.terms.drafting.clauses import Clause, all_clauses, drafting_faults
from ringwall.terms.drafting.reach import admitted, first_out, granted, keeps_out, possible, unreachable
from ringwall.terms.drafting.search import Witness, candidate_values, witness

__all__ = [
    "Clause",
    "Witness",
    "admitted",
    "all_clauses",
    "candidate_values",
    "drafting_faults",
    "first_out",
    "granted",
    "keeps_out",
    "possible",
    "unreachable",
    "witness",
]
