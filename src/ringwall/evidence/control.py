"""A control of the insured and its standing: kept, broken or unknown, with why and how fresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringwall.basics import Words


class Standing(StrEnum):
    """Not seen is neither held nor broken."""

    HELD = "held"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the questionnaire with its evidence; `evidence_sha256` is empty where none was given."""

    question: str
    question_version: int
    value: str
    evidence_sha256: str
    verified_by: str
    verified_how: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class ControlStanding:
    """The judgement on one control on a date, by the newest fresh look or evidenced answer."""

    control: str
    standing: Standing
    because: Words
    source: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An answer and a look that disagree; shown to both sides."""

    control: str
    answer: str
    look: str
    message: Words


class JudgedBy(StrEnum):
    """The rule that decided on a control."""

    LOOK_BREAKS = "look_breaks"
    LOOK_HOLDS = "look_holds"
    ANSWER_BREAKS = "answer_breaks"
    ANSWER_HOLDS = "answer_holds"
    ANSWER_UNPROVED = "answer_unproved"
    ANSWER_UNCLEAR = "answer_unclear"
    NOTHING_COUNTS = "nothing_counts"


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says of a control, and until when that counts; a look from outside, an answer, or the traffic."""

    says: Standing
    because: Words
    seen_at: datetime
    fresh_until: datetime
    proved: bool = True

    def counts(self, at: datetime) -> bool:
        """Whether it is fresh at an instant."""
        return self.seen_at <= at <= self.fresh_until


@dataclass(frozen=True, slots=True)
class Weighed:
    """One control with every side of it, stale ones too; `judged` is what the price reads.

    Traffic is heard and never judged by: where it `doubts` an answer, a conversation starts and no price moves.
    """

    control: str
    label: Words
    judged: ControlStanding
    rule: JudgedBy
    answer: Side | None
    look: Side | None
    traffic: Side | None
    contradiction: Contradiction | None
    doubt: Words | None
    next_step: Words | None

    def fresh_until(self) -> datetime | None:
        """Until when the judgement counts; nothing where it rests on nothing."""
        if self.rule in (JudgedBy.LOOK_BREAKS, JudgedBy.LOOK_HOLDS):
            return self.look.fresh_until if self.look else None
        return self.answer.fresh_until if self.answer and self.rule is not JudgedBy.NOTHING_COUNTS else None
