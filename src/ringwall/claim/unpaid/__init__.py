"""Grounds of law, beside the contract's own terms, on which a loss goes unpaid: a false answer, an untold increase."""

from ringwall.claim.unpaid.by_law import after_rescission
from ringwall.claim.unpaid.increase import IncreaseAssessment, IncreaseRuling, after_increase, assess_increase

__all__ = ["IncreaseAssessment", "IncreaseRuling", "after_increase", "after_rescission", "assess_increase"]
