"""The readers that explain: what would change the answer, the policy and an outcome in plain words, and the bounds."""

from ringwall.terms.explaining.changes import DURATION, Change, applied
from ringwall.terms.explaining.counterfactual import Aim, Counterfactual, Counterfactuals, counterfactuals
from ringwall.terms.explaining.outcome_prose import OutcomeExplained, explain_outcome
from ringwall.terms.explaining.policy_prose import PolicyExplained, explain_policy
from ringwall.terms.explaining.sentences import Says, Sentence
from ringwall.terms.explaining.spoken import value_words

__all__ = [
    "DURATION",
    "Aim",
    "Change",
    "Counterfactual",
    "Counterfactuals",
    "OutcomeExplained",
    "PolicyExplained",
    "Says",
    "Sentence",
    "applied",
    "counterfactuals",
    "explain_outcome",
    "explain_policy",
    "value_words",
]
