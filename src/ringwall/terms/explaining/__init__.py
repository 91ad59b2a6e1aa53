"""The readers that explain: what would change the answer, the policy and an outcome in plain words, and the bounds."""

from ringwall.terms.explaining.changes import DURATION, Change, applied
from ringwall.terms.explaining.counterfactual import Aim, Counterfactual, Counterfactuals, counterfactuals

__all__ = ["DURATION", "Aim", "Change", "Counterfactual", "Counterfactuals", "applied", "counterfactuals"]
