"""A run again from what it was made of: single years to the last payment, forced disasters, and one policy more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal
from ringwall.portfolio.book import BookPolicy, Openings, in_force
from ringwall.portfolio.engine import (
    Calendar,
    Compile,
    Replay,
    Structure,
    Totals,
    disaster_calendar,
    draw_calendar,
    in_memory,
    largest_events,
    replay,
    structures_of,
    total_book,
    with_policy,
    without_own_events,
)
from ringwall.portfolio.measures import Impact, impact, measure
from ringwall.portfolio.result import BookResult, KnownLoss, PaidRows
from ringwall.portfolio.simulate import in_order_with_shares, paid_rows, ready
from ringwall.risk import RiskModel, Territory, reference_profile
from ringwall.terms import CompiledTerms

Amounts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BookAgain:
    """The same book, model, years and seed give the same integers: this is all that has to be kept of a run."""

    policies: tuple[BookPolicy, ...]
    """In order of number."""
    terms: Mapping[str, CompiledTerms]
    model: RiskModel
    years: int
    seed: int
    as_at: date | None
    opening: Openings
    known: tuple[KnownLoss, ...]
    territory: Territory = Territory.CHINA

    @property
    def known_minor(self) -> int:
        return sum(loss.incurred_minor for loss in self.known)

    def calendar(self) -> Calendar:
        reference = reference_profile(self.model, self.territory)
        return draw_calendar(self.model, reference, self.years, self.seed, self.as_at)

    def structures(self, calendar: Calendar, *, parts: bool = False) -> list[Structure]:
        """What can run; who cannot stands among the refusals of the run."""
        jobs, _ = ready(self.policies, self.terms, self.model, self.opening, self.territory)
        found, _ = structures_of(calendar, self.model, self.territory, jobs, parts=parts)
        return found


def years_again(book: BookAgain, years: Collection[int], *, loops: Compile = in_memory) -> tuple[Calendar, Replay]:
    """These years payment by payment, with the calendar in which their common shocks stand."""
    calendar = book.calendar()
    return calendar, replay(calendar, book.structures(calendar, parts=True), years, loops=loops)


def year_alone(book: BookAgain, calendar: Calendar, payments: Replay, year: int) -> BookResult:
    """One replayed year as a result of one year, so that every view of a book is also one of the year."""
    mine = np.flatnonzero(payments.year == year)
    policy, date, cause, shock = (
        payments.policy[mine],
        payments.date[mine],
        payments.cause[mine],
        payments.shock[mine],
    )
    changes = np.ones(len(mine), np.bool_)
    changes[1:] = (np.diff(policy) != 0) | (np.diff(date) != 0) | (np.diff(cause) != 0) | (np.diff(shock) != 0)
    first = np.flatnonzero(changes)
    amounts = payments.amount[mine]
    paid = np.add.reduceat(amounts, first).astype(np.int64) if len(first) else amounts
    rows = PaidRows(
        policy[first], np.zeros(len(first), np.int64), date[first] - year, cause[first], shock[first], paid, paid
    )
    in_order = in_order_with_shares([rows], book.policies)
    return _result(book, calendar, 1, in_order, book.known)


def disaster(
    book: BookAgain, code: str, times: int, *, vendor: str | None = None, loops: Compile = in_memory
) -> BookResult | Refusal:
    """So many years with nothing but this scenario; the policies in force on the day of the book, no claim known."""
    calendar = disaster_calendar(book.model, code, times, book.seed, vendor=vendor)
    if isinstance(calendar, Refusal):
        return calendar
    jobs, _ = ready(book.policies, book.terms, book.model, {}, book.territory)
    standing = in_force(book.policies, book.as_at) if book.as_at else book.policies
    numbers = {policy.number for policy in standing}
    jobs = [job for job in jobs if job.policy.number in numbers]
    structures, _ = structures_of(calendar, book.model, book.territory, jobs)
    rows = paid_rows(calendar, without_own_events(structures), book.policies, loops=loops)
    return _result(book, calendar, times, rows, ())


def _result(
    book: BookAgain, calendar: Calendar, years: int, rows: PaidRows, known: tuple[KnownLoss, ...]
) -> BookResult:
    model = book.model
    return BookResult(
        book.policies, years, book.seed, book.as_at, model.version, model.sha256, calendar.causes,
        calendar.shocks.vendor, rows, known, (),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BookTotals:
    """The sums of a run with the calendar under which one more policy is drawn."""

    book: BookAgain
    calendar: Calendar
    totals: Totals


def totals_again(book: BookAgain, *, loops: Compile = in_memory) -> BookTotals:
    """The whole run in sums, with a place left for one more policy."""
    calendar = book.calendar()
    totals = total_book(calendar, book.structures(calendar), len(book.policies) + 1, loops=loops)
    return BookTotals(book, calendar, totals)


def one_more(
    run: BookTotals, policy: BookPolicy, terms: CompiledTerms, *, loops: Compile = in_memory
) -> Impact | Refusal:
    """What a policy that is not in the book does to it, gross, the losses known so far in every year."""
    book, place = run.book, len(run.book.policies)
    jobs, refusals = ready([policy], {policy.number: terms}, book.model, {}, book.territory)
    if refusals:
        return refusals[0]
    structures, refusals = structures_of(run.calendar, book.model, book.territory, jobs)
    if refusals:
        return refusals[0]
    moved = [replace(structure, rank=np.array([place], np.int64)) for structure in structures]
    alone = total_book(run.calendar, moved, place + 1, loops=loops)
    return impact(measure(*_years(run, run.totals)), *_years(run, with_policy(run.totals, alone)))


def _years(run: BookTotals, totals: Totals) -> tuple[Amounts, Amounts]:
    """Yearly sums and largest events with the known losses."""
    known = run.book.known
    most = max((loss.incurred_minor for loss in known), default=0)
    return totals.by_year + run.book.known_minor, np.maximum(largest_events(run.calendar, totals), most)
