"""What the insured says of a finding, what the insurer decides on it, and how the finding stands by both."""

from ringwall.evidence.stated.periods import Periods, parse_periods
from ringwall.evidence.stated.statement import (
    Decided,
    FindingState,
    Said,
    StatedFinding,
    Statement,
    StatementKind,
    as_stated,
    decide_dispute,
    say,
    state_of,
    withdrawn,
)

__all__ = [
    "Decided",
    "FindingState",
    "Periods",
    "Said",
    "StatedFinding",
    "Statement",
    "StatementKind",
    "as_stated",
    "decide_dispute",
    "parse_periods",
    "say",
    "state_of",
    "withdrawn",
]
