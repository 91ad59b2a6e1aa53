"""One policy as the book sees it, when it is exposed, and where the book's sums pile up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ringwall.basics import days_between
from ringwall.exposure import Organisation
from ringwall.risk import NO_RELIEF, Relief
from ringwall.terms import RetentionMode

HORIZON_DAYS = 365
"""A simulated year: the events of the 365 days from the day on which the book is looked at."""


@dataclass(frozen=True, slots=True)
class PartLimits:
    """One coverage part of a schedule; for an interruption part the deductible is on each interruption."""

    part: str
    limit_minor: int
    deductible_minor: int


@dataclass(frozen=True, slots=True)
class BookPolicy:
    """A policy's exposure and schedule, for the whole of it; `last_day` is outside the term.

    `ceded` is the share that others bear: co-insurers and facultative reinsurers. `relativity` multiplies the
    frequency of its own events, `relief` that of each peril and scenario: what controls and findings make of it.
    """

    account: str
    number: str
    organisation: Organisation
    product: str
    product_version: str
    parts: tuple[PartLimits, ...]
    event_limit_minor: int
    aggregate_limit_minor: int
    waiting_hours: int
    retention_mode: RetentionMode
    premium_minor: int
    first_day: date
    last_day: date
    ceded: Fraction = Fraction(0)
    relativity: Fraction = Fraction(1)
    relief: Relief = NO_RELIEF
    further: tuple[tuple[str, int], ...] = ()
    """Numbers of the schedule that are chosen and stand in no other column, by name."""

    def window(self, as_at: date | None) -> tuple[Fraction, Fraction]:
        """The part of the simulated year in which the policy is in force; without a date, the whole year."""
        if as_at is None:
            return Fraction(0), Fraction(1)
        opens, closes = days_between(as_at, self.first_day), days_between(as_at, self.last_day)
        return _share_of_year(opens), _share_of_year(closes)

    def earned_minor(self, at: date) -> int:
        """Premium earned to the start of a day, by days, rounded down: earning is never ahead of time."""
        whole = days_between(self.first_day, self.last_day)
        gone = min(max(days_between(self.first_day, at), 0), whole)
        return self.premium_minor * gone // whole


def _share_of_year(days: int) -> Fraction:
    return Fraction(min(max(days, 0), HORIZON_DAYS), HORIZON_DAYS)


@dataclass(frozen=True, slots=True)
class Pile:
    """What a vendor, region or industry puts at stake at once: policies, event limits and premium."""

    key: str
    policies: int
    limit_minor: int
    premium_minor: int


@dataclass(frozen=True, slots=True)
class Accumulation:
    """Piles by each view, largest limit first; vendors stand as `kind:vendor`, products as `code version`."""

    vendors: tuple[Pile, ...]
    regions: tuple[Pile, ...]
    industries: tuple[Pile, ...]
    products: tuple[Pile, ...] = ()


def accumulation(policies: Iterable[BookPolicy], at: date | None = None) -> Accumulation:
    """Sum of event limits and count by vendor, region, industry and product, of the policies in force on a day."""
    held = [p for p in policies if at is None or p.first_day <= at < p.last_day]
    return Accumulation(
        piles_by(held, lambda p: {f"{tie.kind.value}:{tie.vendor}" for tie in p.organisation.dependencies}),
        piles_by(held, lambda p: {p.organisation.region}),
        piles_by(held, lambda p: {p.organisation.industry}),
        piles_by(held, lambda p: {f"{p.product} {p.product_version}"}),
    )


def piles_by(policies: Iterable[BookPolicy], keys: Callable[[BookPolicy], set[str]]) -> tuple[Pile, ...]:
    """A policy counts in full in each pile that it belongs to."""
    members: dict[str, list[BookPolicy]] = {}
    for policy in policies:
        for key in keys(policy):
            members.setdefault(key, []).append(policy)
    piles = (
        Pile(key, len(held), sum(p.event_limit_minor for p in held), sum(p.premium_minor for p in held))
        for key, held in members.items()
    )
    return tuple(sorted(piles, key=lambda pile: (-pile.limit_minor, pile.key)))


def in_force(policies: Iterable[BookPolicy], at: date) -> tuple[BookPolicy, ...]:
    """The policies whose term contains the day."""
    return tuple(p for p in policies if p.first_day <= at < p.last_day)


Openings = Mapping[str, Mapping[str, int]]
"""Policy number to period state (for example the aggregate used) with which its simulated years begin."""
