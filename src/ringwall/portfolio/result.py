"""A simulated book: every payment of every year, from which all views are summed in whole minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, round_ratio
from ringwall.portfolio.book import BookPolicy
from ringwall.portfolio.measures import Measures, allocate_tail, measure, tail_years
from ringwall.portfolio.net import YearEvents, by_year, largest_by_year, net_of
from ringwall.treaty import Programme

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PaidRows:
    """One row a payment, in order of policy, year and time. `retained` is the payment less what others share in it."""

    policy: Whole
    year: Whole
    time: NDArray[np.float64]
    cause: Whole
    event: Whole
    payable: Whole
    retained: Whole

    def only(self, rows: NDArray[np.bool_] | Whole) -> PaidRows:
        return PaidRows(*(getattr(self, name)[rows] for name in self.__slots__))


_NONE = np.zeros(0, np.int64)
NO_ROWS = PaidRows(_NONE, _NONE, np.zeros(0), _NONE, _NONE, _NONE, _NONE)


@dataclass(frozen=True, slots=True)
class KnownLoss:
    """A claim of the running year: paid and outstanding so far, and the period state that it has used up."""

    policy: str
    incurred_minor: int
    retained_minor: int
    used: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BookResult:
    """What was simulated (model, data, seed) and what came out. Known losses belong to every simulated year."""

    policies: tuple[BookPolicy, ...]
    years: int
    seed: int
    as_at: date | None
    model_version: str
    model_sha256: str
    causes: tuple[str, ...]
    event_vendor: tuple[str, ...]
    """The vendor of each common shock; empty where it has none."""
    rows: PaidRows
    known: tuple[KnownLoss, ...]
    refusals: tuple[Refusal, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(policy.number for policy in self.policies)

    @property
    def known_minor(self) -> int:
        return sum(loss.incurred_minor for loss in self.known)

    @property
    def totals(self) -> Whole:
        """Gross sum of each year, the known part with it."""
        return _sum_by(self.rows.year, self.rows.payable, self.years) + self.known_minor

    @property
    def largest(self) -> Whole:
        """Largest event of each year, gross."""
        events = gross_events(self)
        return largest_by_year(events.amount, events.starts)


@dataclass(frozen=True, slots=True)
class BookView:
    """One view of the book (gross, retained, net): yearly sums, measures, and what treaties gave and cost."""

    totals: Whole
    largest: Whole
    measures: Measures
    recoveries_minor: Mapping[str, int]
    """Mean recovery a year by treaty."""
    reinstatement_premium_minor: int
    """Mean a year."""


def gross_events(result: BookResult) -> YearEvents:
    """The events before any share of others and any treaty."""
    return _year_events(result, result.rows.payable, [loss.incurred_minor for loss in result.known])


def retained_events(result: BookResult) -> YearEvents:
    """The events after what co-insurers and facultative reinsurers bear: what the treaties see."""
    return _year_events(result, result.rows.retained, [loss.retained_minor for loss in result.known])


def _year_events(result: BookResult, amounts: Whole, known: list[int]) -> YearEvents:
    """The book's events in date order; a common shock is one event over its policies, known losses open each year."""
    rows = result.rows
    own = len(result.event_vendor) + np.arange(len(rows.event))
    key = np.where(rows.event >= 0, rows.event, own)
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    amount, paying = _grouped(amounts[order], first), _grouped((amounts[order] > 0).astype(np.int64), first)
    opening = np.tile(np.array(known, np.int64), result.years)
    year = np.concatenate([np.repeat(np.arange(result.years), len(known)), rows.year[order][first]])
    time = np.concatenate([np.full(len(opening), -1.0), rows.time[order][first]])
    dated = np.lexsort((np.arange(len(year)), time, year))
    starts = np.searchsorted(year[dated], np.arange(result.years + 1))
    whole, policies = np.concatenate([opening, amount]), np.concatenate([np.ones_like(opening), paying])
    return YearEvents(starts.astype(np.int64), whole[dated], policies[dated])


def gross_view(result: BookResult) -> BookView:
    """Before any share of others and any treaty."""
    totals, largest = result.totals, result.largest
    return BookView(totals, largest, measure(totals, largest), {}, 0)


def net_view(result: BookResult, programme: Programme) -> BookView:
    """After what others share in the policies and after the treaties in inuring order, known losses first."""
    events = retained_events(result)
    net = net_of(programme, events)
    totals, largest = by_year(net.amount, events.starts), largest_by_year(net.amount, events.starts)
    recovered = {code: round_ratio(int(sums.sum()), result.years) for code, sums in net.recovery_by_treaty.items()}
    premium = round_ratio(int(net.reinstatement_premium.sum()), result.years)
    return BookView(totals, largest, measure(totals, largest), recovered, premium)


def policy_totals(result: BookResult) -> dict[str, int]:
    """What each policy pays over all simulated years, without known losses; divided by the years it is the mean."""
    sums = _sum_by(result.rows.policy, result.rows.payable, len(result.policies))
    return dict(zip(result.numbers, sums.tolist(), strict=True))


def policy_means(result: BookResult) -> dict[str, Fraction]:
    """Expected payment a year of each policy, exact."""
    return {number: Fraction(total, result.years) for number, total in policy_totals(result).items()}


def by_cause(result: BookResult) -> dict[str, int]:
    """Mean a year by peril and scenario."""
    sums = _sum_by(result.rows.cause, result.rows.payable, len(result.causes))
    return {cause: round_ratio(total, result.years) for cause, total in zip(result.causes, sums.tolist(), strict=True)}


def by_vendor(result: BookResult) -> dict[str, int]:
    """Mean a year of the common shocks that come from a named vendor."""
    shared = result.rows.only(result.rows.event >= 0)
    sums = _sum_by(shared.event, shared.payable, len(result.event_vendor)).tolist()
    found: dict[str, int] = {}
    for vendor, total in zip(result.event_vendor, sums, strict=True):
        if vendor:
            found[vendor] = found.get(vendor, 0) + total
    return {vendor: round_ratio(total, result.years) for vendor, total in sorted(found.items())}


def tail_by_policy(result: BookResult) -> dict[str, int]:
    """The gross TVaR 99 given back to the policies: what each lost in the worst years; the parts sum to it exactly."""
    view = gross_view(result)
    worst = np.zeros(result.years, np.bool_)
    worst[tail_years(view.totals)] = True
    rows = result.rows.only(worst[result.rows.year])
    sums = _sum_by(rows.policy, rows.payable, len(result.policies)).tolist()
    lost = dict(zip(result.numbers, sums, strict=True))
    for loss in result.known:
        lost[loss.policy] += loss.incurred_minor * int(worst.sum())
    return allocate_tail(lost, view.measures.tvar99_minor)


def _grouped(amounts: Whole, first: Whole) -> Whole:
    return np.asarray(np.add.reduceat(amounts, first), np.int64) if len(first) else np.zeros(0, np.int64)


def _sum_by(key: Whole, amounts: Whole, size: int) -> Whole:
    """Exact int64 sums by key, in any order of rows."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, key, amounts)
    return sums
