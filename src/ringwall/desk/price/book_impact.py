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
    BookNet,
    BookPolicy,
    BookTotals,
    Impact,
    Measures,
    TailShare,
    accumulation,
    compile_book,
    net_again,
    one_more,
    one_more_net,
    tail_share,
    totals_again,
)
from ringwall.price import Added, BookCapital, Bound, Capacity, CapacityUse, CapitalLoad
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
    part: TailShare
    """of the book's tail, gross"""
    before: Measures
    """gross"""
    before_net: Measures
    uses: tuple[CapacityUse, ...]

    @property
    def exceeded(self) -> int:
        return sum(use.exceeded for use in self.uses)

    @property
    def once_in_200(self) -> int | None:
        """The largest event of the book without the quote, gross."""
        return _once_in_200(self.before)

    @property
    def net_once_in_200(self) -> int | None:
        return _once_in_200(self.before_net)


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One run twice: in sums, and payment by payment for the treaties."""

    gross: BookTotals
    net: BookNet


class KeptRuns:
    """The the few runs against which quotes are held now; beyond `most` the longest unused goes."""

    def __init__(self, most: int = RUNS_KEPT) -> None:
        self._most = most
        self._kept: dict[tuple[UUID, str], KeptRun] = {}

    def find(self, row: UUID, without: str) -> KeptRun | None:
        return self._kept.get((row, without))

    def keep(self, row: UUID, without: str, run: KeptRun) -> None:
        self._kept.pop((row, without), None)
        self._kept[row, without] = run
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
    run = runs.find(row.id, bound) or _run_again(office, row, bound)
    if isinstance(run, Refusal):
        return run
    runs.keep(row.id, bound, run)
    policy, catalogue = _as_policy(office, asked, bound), office.catalogue
    if isinstance(policy, Refusal):
        return policy
    compiled = compile_book([policy], {(p.code, p.version): p for p in catalogue.versions.values()})
    if compiled.refusals:
        return compiled.refusals[0]
    terms, loops = compiled.terms[policy.number], catalogue.loops
    gross, net = one_more(run.gross, policy, terms, loops=loops), one_more_net(run.net, policy, terms, loops=loops)
    if isinstance(gross, Refusal):
        return gross
    if isinstance(net, Refusal):
        return net
    part = tail_share(run.gross, replace(policy, number=asked.submission.number), terms, loops=loops)
    if isinstance(part, Refusal):
        return part
    load = CapitalLoad(_added(gross), _added(net))
    uses = _uses(catalogue.capacities, row.record, run.gross.book, policy, (gross, net))
    return BookImpact(row.record.number, row.record.as_at, load, part, gross.before, net.before, uses)


def book_capital(office: Office, impact: BookImpact, losses: float) -> BookCapital | None:
    """What the risk adds to the tail of the run, with the stated cost of capital; None where it expects no loss."""
    if losses <= 0:
        return None
    part, cost = impact.part, office.catalogue.cost_of_capital
    return BookCapital(impact.run, impact.as_at, part.mean_minor, part.tail_minor, impact.load, losses, cost)


def _run_again(office: Office, row: Row[BookRun], without: str) -> KeptRun | Refusal:
    book = rebuilt(office, row)
    if isinstance(book, Refusal):
        return book
    rest = replace(
        book,
        policies=tuple(policy for policy in book.policies if policy.number != without),
        known=tuple(loss for loss in book.known if loss.policy != without),
    )
    loops = office.catalogue.loops
    return KeptRun(totals_again(rest, loops=loops), net_again(rest, office.catalogue.programme, loops=loops))


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


def _uses(
    capacities: tuple[Capacity, ...],
    run: BookRun,
    book: BookAgain,
    policy: BookPolicy,
    views: tuple[Impact, Impact],
) -> tuple[CapacityUse, ...]:
    """Gross and net measures, and every vendor that the insured hangs on, against what was stated for them."""
    gross, net = views
    measures = {
        Bound.TVAR99: (gross.before.tvar99_minor, gross.after.tvar99_minor),
        Bound.OEP200: (_once_in_200(gross.before), _once_in_200(gross.after)),
        Bound.NET_TVAR99: (net.before.tvar99_minor, net.after.tvar99_minor),
        Bound.NET_OEP200: (_once_in_200(net.before), _once_in_200(net.after)),
    }
    piles = {pile.key: pile.limit_minor for pile in accumulation(book.policies, run.as_at).vendors}
    vendors = sorted({f"{tie.kind.value}:{tie.vendor}" for tie in policy.organisation.dependencies})
    uses: list[CapacityUse] = []
    for capacity in capacities:
        if capacity.bound is Bound.VENDOR:
            held = [(key, piles.get(key, 0)) for key in vendors]
            uses += [CapacityUse(capacity, key, sum_, sum_ + policy.event_limit_minor) for key, sum_ in held]
            continue
        before, after = measures[capacity.bound]
        if before is not None and after is not None:
            uses.append(CapacityUse(capacity, "", before, after))
    return tuple(uses)


def _added(moved: Impact) -> Added:
    before, after = _once_in_200(moved.before), _once_in_200(moved.after)
    once = None if before is None or after is None else after - before
    return Added(moved.mean_minor, moved.tail_minor, once)


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
