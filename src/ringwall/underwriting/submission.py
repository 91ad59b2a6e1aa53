"""A submission: who asks for which product through whom, with the answers and what the insurer knew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.evidence import Answer
from ringwall.exposure import Organisation
from ringwall.underwriting.knowledge import Knowledge, KnowledgeLog, learn
from ringwall.underwriting.questions import newest_answers


@dataclass(frozen=True, slots=True)
class Submission:
    """An application (投保单) as it was handed in; answers and knowledge only grow."""

    number: str
    organisation: Organisation
    broker: str
    product_code: str
    product_version: str
    answers: tuple[Answer, ...]
    submitted_at: datetime
    knowledge: KnowledgeLog = ()

    def answer(self, question: str) -> Answer | None:
        """The answer that counts: the latest one to this question."""
        return newest_answers(self.answers).get(question)

    def answered(self, answer: Answer) -> Submission:
        return replace(self, answers=(*self.answers, answer))

    def learned(self, entry: Knowledge) -> Submission:
        return replace(self, knowledge=learn(self.knowledge, entry))
