"""The grade of an incident under one scheme, with each threshold that was compared and what is not yet known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringwall.basics import Words
from ringwall.incident.scheme import GradingScheme, Level, Threshold
from ringwall.incident.sourced import SourceStatus


@dataclass(frozen=True, slots=True)
class Comparison:
    """One threshold against the fact; `reached` is None while nobody has established the fact."""

    level: str
    threshold: Threshold
    value: int | None

    @property
    def reached(self) -> bool | None:
        return None if self.value is None else self.value >= self.threshold.at_least


@dataclass(frozen=True, slots=True)
class Grade:
    """The level that the established facts reach under one scheme.

    `because` holds the thresholds of that level and of the one above it; `may_reach` is the highest level that the
    unknown facts could still bring, the level itself where the grade is final.
    """

    scheme: GradingScheme
    level: Level
    because: tuple[Comparison, ...]
    unknown_facts: tuple[str, ...]
    may_reach: Level

    @property
    def final(self) -> bool:
        return self.may_reach == self.level

    @property
    def status(self) -> SourceStatus:
        """As firm as the weakest threshold on which the answer rests."""
        return SourceStatus.weakest(tuple(comparison.threshold.source.status for comparison in self.because))

    @property
    def name(self) -> Words:
        return self.level.name


def grade(scheme: GradingScheme, facts: Mapping[str, int | None]) -> Grade:
    """The highest level of which any threshold is reached; an absent fact, or None, is unknown and reaches nothing."""
    compared = {
        level.rank: tuple(Comparison(level.code, t, facts.get(t.fact)) for t in level.any_of) for level in scheme.levels
    }
    reached = next(level for level in scheme.levels if not level.any_of or any(c.reached for c in compared[level.rank]))
    above = [level for level in scheme.levels if level.rank > reached.rank]
    open_above = [level for level in above if any(c.reached is None for c in compared[level.rank])]
    unknown = (c.threshold.fact for level in open_above for c in compared[level.rank] if c.reached is None)
    deciding = tuple(c for c in compared[reached.rank] if c.reached)
    return Grade(
        scheme=scheme,
        level=reached,
        because=deciding + (compared[above[-1].rank] if above else ()),
        unknown_facts=tuple(dict.fromkeys(unknown)),
        may_reach=open_above[0] if open_above else reached,
    )
