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
