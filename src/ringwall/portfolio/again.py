"""A run again from what it was made of: single years to the last payment, forced disasters, and one policy more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, round_ratio
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
from ringwall.portfolio.measures import Impact, Measures, impact, measure, tail_years
from ringwall.portfolio.result import BookResult, KnownLoss, PaidRows, net_view
from ringwall.portfolio.simulate import in_order_with_shares, paid_rows, ready, resimulate, simulate_book
from ringwall.risk import RiskModel, Territory, reference_profile
from ringwall.terms import CompiledTerms
from ringwall.treaty import Programme

Amounts = NDArray[np.int64]
COPIES = 256
"""So many draws of one policy stand behind its part of the tail."""


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


def years_again(
    book: BookAgain, years: Collection[int], *, executor: Executor | None = None, loops: Compile = in_memory
) -> tuple[Calendar, Replay]:
    """These years payment by payment, with the calendar in which their common shocks stand."""
    calendar = book.calendar()
    return calendar, replay(calendar, book.structures(calendar, parts=True), years, executor=executor, loops=loops)


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
    book: BookAgain,
    code: str,
    times: int,
    *,
    vendor: str | None = None,
    executor: Executor | None = None,
    loops: Compile = in_memory,
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
    rows = paid_rows(calendar, without_own_events(structures), book.policies, executor=executor, loops=loops)
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


@dataclass(frozen=True, slots=True)
class TailShare:
    """What one policy loses in an average year, and in an average one of the book's worst hundredth; gross."""

    mean_minor: int
    tail_minor: int


def tail_share(
    run: BookTotals, policy: BookPolicy, terms: CompiledTerms, *, copies: int = COPIES, loops: Compile = in_memory
) -> TailShare | Refusal:
    """The tail's part of a policy that is not in the book, as the mean over copies under numbers of their own.

    The years are those of the book without it. One number alone has a handful of losses in the worst years, and its
    luck is nothing to be charged for; the copies share the common shocks, which are what ties a policy to the tail.
    """
    book = run.book
    rows = [replace(policy, number=f"{policy.number}~{place}") for place in range(copies)]
    jobs, refusals = ready(rows, {row.number: terms for row in rows}, book.model, {}, book.territory)
    structures, more = structures_of(run.calendar, book.model, book.territory, jobs)
    if refused := [*refusals, *more]:
        return replace(refused[0], where=policy.number)
    lost = total_book(run.calendar, structures, copies, loops=loops).by_year
    worst = lost[tail_years(run.totals.by_year)]
    return TailShare(
        round_ratio(int(lost.sum()), len(lost) * copies), round_ratio(int(worst.sum()), len(worst) * copies)
    )


@dataclass(frozen=True, slots=True)
class BookNet:
    """A run payment by payment with its treaties, and what it comes to after what others share and the treaties."""

    book: BookAgain
    programme: Programme
    result: BookResult
    before: Measures


def net_again(book: BookAgain, programme: Programme, *, loops: Compile = in_memory) -> BookNet:
    """The whole run payment by payment: treaties see events in date order, which sums do not keep."""
    result = simulate_book(
        book.policies, book.terms, book.model, book.years, book.seed, opening=book.opening, as_at=book.as_at,
        known=book.known, territory=book.territory, loops=loops,
    )  # fmt: skip
    return BookNet(book, programme, result, net_view(result, programme).measures)


def one_more_net(
    run: BookNet, policy: BookPolicy, terms: CompiledTerms, *, loops: Compile = in_memory
) -> Impact | Refusal:
    """What a policy that is not in the book does to it net: it runs alone, all treaties run over the whole again."""
    book = run.book
    after = resimulate(run.result, [policy], {policy.number: terms}, book.model, territory=book.territory, loops=loops)
    refused = next((refusal for refusal in after.refusals if refusal.where == policy.number), None)
    return refused or Impact(run.before, net_view(after, run.programme).measures)


def _years(run: BookTotals, totals: Totals) -> tuple[Amounts, Amounts]:
    """Yearly sums and largest events with the known losses."""
    known = run.book.known
    most = max((loss.incurred_minor for loss in known), default=0)
    return totals.by_year + run.book.known_minor, np.maximum(largest_events(run.calendar, totals), most)
