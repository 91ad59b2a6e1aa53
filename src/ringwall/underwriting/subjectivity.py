"""Subjectivities (承保前提条件): what has to be met before the policy is bound, or by a day after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from ringwall.basics import Refusal, Words, due_before, refuse


@dataclass(frozen=True, slots=True)
class Subjectivity:
    """One condition of a quote; without `due_on` it has to be met before binding."""

    code: str
    what: Words
    due_on: date | None = None
    met_at: datetime | None = None
    evidence: str = ""

    def is_met(self, at: datetime) -> bool:
        return self.met_at is not None and self.met_at <= at


def meet(subjectivity: Subjectivity, evidence: str, at: datetime) -> Subjectivity | Refusal:
    """The condition is met by something that can be shown, never by a statement alone."""
    if not evidence.strip():
        return refuse(
            "subjectivity_unproved",
            subjectivity.code,
            zh=f"前提条件“{subjectivity.what.zh}”没有证据；请附上证据再标记为已满足。",
            en=f"The condition '{subjectivity.what.en}' comes without evidence; attach it before marking the "
            "condition as met.",
        )
    return replace(subjectivity, met_at=at, evidence=evidence)


def stands_in_the_way(subjectivities: Iterable[Subjectivity], at: datetime) -> tuple[Subjectivity, ...]:
    """Conditions to be met before binding that are still open."""
    return tuple(each for each in subjectivities if each.due_on is None and not each.is_met(at))


def overdue(subjectivities: Iterable[Subjectivity], at: datetime) -> tuple[Subjectivity, ...]:
    """Conditions whose day has passed without being met."""
    return tuple(
        each
        for each in subjectivities
        if each.due_on is not None and not each.is_met(at) and at >= due_before(each.due_on)
    )
