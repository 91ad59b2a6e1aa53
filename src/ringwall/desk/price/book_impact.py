"""What a quote does to the book of the last run: average, tail, and the capacities that were stated for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, Term, local_day, refuse
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.portfolio.held_book import Insuring, book_row, my_code
from ringwall.desk.portfolio.runs import newest_run, rebuilt
from ringwall.desk.price.relativity import filed_relativity
from ringwall.desk.records import BookRun
from ringwall.policy import Line
from ringwall.portfolio import (
    BookAgain,
    BookPolicy,
    BookTotals,
    Impact,
    Measures,
    accumulation,
    compile_book,
    one_more,
    totals_again,
)
from ringwall.price import Bound, Capacity, CapacityUse, CapitalLoad
from ringwall.product import Schedule
from ringwall.risk import Relief
from ringwall.underwriting import Submission

RUNS_KEPT = 4
TWO_HUNDRED = 200


@dataclass(frozen=True, slots=True)
class BookImpact:
    """The load on the book of a run, and every capacity that the quote uses."""

    run: str
    as_at: date
    load: CapitalLoad
    before: Measures
    uses: tuple[CapacityUse, ...]

    @property
    def exceeded(self) -> int:
        return sum(use.exceeded for use in self.uses)

    @property
    def once_in_200(self) -> int | None:
        """The largest event of the book without the quote."""
        return _once_in_200(self.before)


class KeptRuns:
    """The sums of the few runs against which quotes are held now; beyond `most` the longest unused goes."""

    def __init__(self, most: int = RUNS_KEPT) -> None:
        self._most = most
        self._kept: dict[tuple[UUID, str], BookTotals] = {}

    def find(self, row: UUID, without: str) -> BookTotals | None:
        return self._kept.get((row, without))

    def keep(self, row: UUID, without: str, totals: BookTotals) -> None:
        self._kept.pop((row, without), None)
        self._kept[row, without] = totals
        for unused in list(self._kept)[: -self._most]:
            self._kept.pop(unused, None)


@dataclass(frozen=True, slots=True)
class Asked:
    """The risk as it is asked about: who bears it when, terms, the insured's figures, what the evidence is worth."""

    number: str
    """Of the quote; of the submission where there is no quote yet."""
    object_id: UUID
    period: Term
    panel: tuple[Line, ...]
    net_minor: int
    submission: Submission
    schedule: Schedule
    relief: Relief


def book_impact(office: Office, asked: Asked, runs: KeptRuns, *, now: datetime) -> BookImpact | Refusal:
    """On the acting insurer's last run; a quote that is bound already is held against the book without its policy."""
    row = newest_run(office, now)
    if row is None:
        return _not_run(asked.number)
    policies = office.policies.of_object(asked.object_id)
    bound = next((policy.number for policy in policies if policy.record.quote == asked.number), "")
    totals = runs.find(row.id, bound) or _totals(office, row, bound)
    if isinstance(totals, Refusal):
        return totals
    runs.keep(row.id, bound, totals)
    policy, catalogue = _as_policy(office, asked, bound), office.catalogue
    if isinstance(policy, Refusal):
        return policy
    compiled = compile_book([policy], {(p.code, p.version): p for p in catalogue.versions.values()})
    if compiled.refusals:
        return compiled.refusals[0]
    moved = one_more(totals, policy, compiled.terms[policy.number], loops=catalogue.loops)
    if isinstance(moved, Refusal):
        return moved
    return _against_capacities(catalogue.capacities, row.record, totals.book, policy, moved)


def _totals(office: Office, row: Row[BookRun], without: str) -> BookTotals | Refusal:
    book = rebuilt(office, row)
    if isinstance(book, Refusal):
        return book
    rest = replace(
        book,
        policies=tuple(policy for policy in book.policies if policy.number != without),
        known=tuple(loss for loss in book.known if loss.policy != without),
    )
    return totals_again(rest, loops=office.catalogue.loops)


def _as_policy(office: Office, asked: Asked, bound: str) -> BookPolicy | Refusal:
    """Under the number of its policy the quote draws the very losses that the book has drawn for it."""
    mine = sum((line.share for line in asked.panel if line.insurer == my_code(office)), Fraction(0))
    rates = office.catalogue.sold(asked.schedule.product, asked.schedule.version).rates
    relativity = filed_relativity(rates, asked.submission)
    if isinstance(relativity, Refusal):
        return relativity
    insuring = Insuring(
        ceded=1 - mine,
        premium_minor=asked.net_minor,
        first_day=local_day(asked.period.start),
        last_day=local_day(asked.period.end),
        relativity=relativity,
        relief=asked.relief,
    )
    account = office.objects.number_of(asked.object_id)
    return book_row(office, account, bound or asked.number, asked.submission.organisation, asked.schedule, insuring)


def _against_capacities(
    capacities: tuple[Capacity, ...], run: BookRun, book: BookAgain, policy: BookPolicy, moved: Impact
) -> BookImpact:
    before, after = moved.before, moved.after
    event_before, event_after = _once_in_200(before), _once_in_200(after)
    measures = {Bound.TVAR99: (before.tvar99_minor, after.tvar99_minor)}
    if event_before is not None and event_after is not None:
        measures[Bound.OEP200] = (event_before, event_after)
    piles = {pile.key: pile.limit_minor for pile in accumulation(book.policies, run.as_at).vendors}
    vendors = sorted({f"{tie.kind.value}:{tie.vendor}" for tie in policy.organisation.dependencies})
    uses: list[CapacityUse] = []
    for capacity in capacities:
        if capacity.bound in measures:
            uses.append(CapacityUse(capacity, "", *measures[capacity.bound]))
        elif capacity.bound is Bound.VENDOR:
            held = [(key, piles.get(key, 0)) for key in vendors]
            uses += [CapacityUse(capacity, key, sum_, sum_ + policy.event_limit_minor) for key, sum_ in held]
    added = event_after - event_before if event_after is not None and event_before is not None else None
    load = CapitalLoad(moved.mean_minor, moved.tail_minor, added)
    return BookImpact(run.number, run.as_at, load, before, tuple(uses))


def _once_in_200(measures: Measures) -> int | None:
    return next((point.loss_minor for point in measures.oep if point.years == TWO_HUNDRED), None)


def _not_run(number: str) -> Refusal:
    return refuse(
        "book_not_run",
        number,
        zh=f"业务组合尚未模拟，无法说明 {number} 对尾部和承保能力的影响；请先模拟业务组合。",
        en=f"The book has not been simulated, so nothing can be said of what {number} does to its tail and capacities; "
        "run the book first.",
    )
