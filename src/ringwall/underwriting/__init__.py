"""Underwriting: what was asked and answered, what the insurer knew, what was explained, and who may accept the risk."""

from ringwall.underwriting.authority import Authority, AuthorityLimit, Level, Measure, parse_authority
from ringwall.underwriting.declared import DeclaredLosses, declared_losses
from ringwall.underwriting.disclosure import (
    Culpability,
    DisclosureAssessment,
    DisclosureStep,
    FalseAnswer,
    InsurerConduct,
    KnowingBars,
    PremiumRefund,
    assess_disclosure,
    knowing_bars,
)
from ringwall.underwriting.explanation import Explanation, confirm, confirmations, void_clauses
from ringwall.underwriting.knowledge import Knowledge, KnowledgeLog, first_learned, knew, learn, learned_from
from ringwall.underwriting.questions import (
    AnswerKind,
    AnswerValue,
    Choice,
    Question,
    Questionnaire,
    check_answers,
    is_blank,
    newest_answers,
    parse_questionnaire,
    read_answer,
    unproved,
)
from ringwall.underwriting.referral import Decision, Reason, RiskAtHand, Route, decide, measure
from ringwall.underwriting.subjectivity import Subjectivity, meet, overdue, stands_in_the_way
from ringwall.underwriting.submission import Submission

__all__ = [
    "AnswerKind",
    "AnswerValue",
    "Authority",
    "AuthorityLimit",
    "Choice",
    "Culpability",
    "Decision",
    "DeclaredLosses",
    "DisclosureAssessment",
    "DisclosureStep",
    "Explanation",
    "FalseAnswer",
    "InsurerConduct",
    "KnowingBars",
    "Knowledge",
    "KnowledgeLog",
    "Level",
    "Measure",
    "PremiumRefund",
    "Question",
    "Questionnaire",
    "Reason",
    "RiskAtHand",
    "Route",
    "Subjectivity",
    "Submission",
    "assess_disclosure",
    "check_answers",
    "confirm",
    "confirmations",
    "decide",
    "declared_losses",
    "first_learned",
    "is_blank",
    "knew",
    "knowing_bars",
    "learn",
    "learned_from",
    "measure",
    "meet",
    "newest_answers",
    "overdue",
    "parse_authority",
    "parse_questionnaire",
    "read_answer",
    "stands_in_the_way",
    "unproved",
    "void_clauses",
]
