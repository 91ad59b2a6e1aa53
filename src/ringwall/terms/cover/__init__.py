"""Cover logic: the verdict of each loss item, the clause that settles it, and what would change the answer."""

from ringwall.terms.cover.amounts import hourly_loss
from ringwall.terms.cover.changes import covered_if
from ringwall.terms.cover.claim import Claim, ClaimProgram, without
from ringwall.terms.cover.clauses import compile_cover
from ringwall.terms.cover.conditions import TRUTHS, YES, compile_conditions
from ringwall.terms.cover.judge import NIL, in_one_zone, judge, judge_claim
from ringwall.terms.cover.program import find
from ringwall.terms.cover.records import LETS_IN, Cause, Causes, Finding, Judged

__all__ = [
    "LETS_IN",
    "NIL",
    "TRUTHS",
    "YES",
    "Cause",
    "Causes",
    "Claim",
    "ClaimProgram",
    "Finding",
    "Judged",
    "compile_conditions",
    "compile_cover",
    "covered_if",
    "find",
    "hourly_loss",
    "in_one_zone",
    "judge",
    "judge_claim",
    "without",
]
