"""What an applicant says of its own earlier losses, and how much of it is evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwall.evidence import Answer
from ringwall.underwriting.questions import Questionnaire, is_blank, newest_answers


@dataclass(frozen=True, slots=True)
class DeclaredLosses:
    """So many losses in so many years before the answer, with the hash of the evidence handed in."""

    losses: int
    years: int
    answered_at: datetime
    question: str
    evidence_sha256: str


def declared_losses(questionnaire: Questionnaire, answers: Sequence[Answer]) -> DeclaredLosses | None:
    """The newest answer to the question on own losses; None where it is blank or comes without evidence."""
    newest = newest_answers(answers)
    for question in questionnaire.questions:
        answer = newest.get(question.id)
        if not question.own_losses_years or answer is None or is_blank(answer) or not answer.evidence_sha256:
            continue
        return DeclaredLosses(
            int(answer.value), question.own_losses_years, answer.answered_at, question.id, answer.evidence_sha256
        )
    return None
