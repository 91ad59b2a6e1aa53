"""An insured's record put together: periods insured here, and what it declared of the years before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ringwall.risk.experience.credibility import ExperienceYear

DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class InsuredPeriod:
    """One earlier period on record, as far as it has run, with its claims; the last day is outside."""

    first_day: date
    last_day: date
    claims: int


def years_on_record(periods: Iterable[InsuredPeriod]) -> tuple[ExperienceYear, ...]:
    """By the calendar year in which a period began; periods side by side see one year, at most a whole one."""
    claims: dict[int, int] = {}
    exposed: dict[int, Fraction] = {}
    for period in periods:
        days = (period.last_day - period.first_day).days
        if days <= 0:
            continue
        year = period.first_day.year
        claims[year] = claims.get(year, 0) + period.claims
        exposed[year] = min(exposed.get(year, Fraction(0)) + Fraction(days, DAYS_A_YEAR), Fraction(1))
    return tuple(ExperienceYear(year, claims[year], exposed[year]) for year in sorted(claims))


def with_declared(record: Iterable[ExperienceYear], losses: int, years: int, before: int) -> tuple[ExperienceYear, ...]:
    """The record with `losses` declared for the `years` before the year `before`; what is on record counts once.

    A year on record keeps its exposure; the losses that the record does not know stand in the latest year declared.
    """
    known = {row.year: row for row in record}
    window = range(before - years, before)
    unknown = max(losses - sum(known[year].claims for year in window if year in known), 0)
    for year in window:
        known.setdefault(year, ExperienceYear(year, 0))
    if window and unknown:
        last = known[window[-1]]
        known[last.year] = ExperienceYear(last.year, last.claims + unknown, last.exposed)
    return tuple(known[year] for year in sorted(known))
