"""What a version's filed rates make of the frequency of a risk: its kind of business, and the members insured."""

from __future__ import annotations

from fractions import Fraction

from ringwall.basics import Refusal
from ringwall.price import FiledRates, members_of
from ringwall.underwriting import Submission, newest_answers


def filed_relativity(rates: FiledRates, submission: Submission) -> Fraction | Refusal:
    """The filed frequency times the members of a master policy, as one factor on what the model expects."""
    members = insured_members(rates, submission)
    if isinstance(members, Refusal):
        return members
    return members * (rates.frequency.value if rates.frequency else Fraction(1))


def insured_members(rates: FiledRates, submission: Submission) -> int | Refusal:
    """How many organisations the figures of the application stand for, by its own answers."""
    return members_of(rates.members, {a.question: a.value for a in newest_answers(submission.answers).values()})
