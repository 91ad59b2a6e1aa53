"""The lead's book: imported rows and the policies bound here, simulated with the losses of the running year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, day_start, local_day
from ringwall.claim import CostKind, outstanding_minor
from ringwall.desk.office import Office, own_code
from ringwall.desk.price.quote_risk import insured_members
from ringwall.desk.records import BookRun, PolicyFile
from ringwall.portfolio import (
    BookPolicy,
    ClaimToDate,
    PartLimits,
    Portfolio,
    accumulation,
    by_cause,
    by_vendor,
    compile_book,
    gross_view,
    loss_ratio,
    net_view,
    simulate_book,
    tail_by_policy,
    with_losses,
)
from ringwall.product import Product, Schedule, shared_limits
from ringwall.risk import combine, relief_steps
from ringwall.terms import RetentionMode


@dataclass(frozen=True, slots=True)
class BookWish:
    """What to simulate: the day on which the book stands, how many years, with which seed."""

    as_at: date
    years: int
    seed: int


def import_book(office: Office, portfolio: Portfolio, *, at: datetime) -> int:
    """Good rows join the book under an object of its own; refused rows were listed by the reader. Gives the count."""
    object_id = book_object(office)
    for policy in portfolio.rows:
        if office.book.newest(policy.number) is None:
            begins = day_start(policy.first_day)
            office.book.add(policy.number, policy, object_id=object_id, effective_at=begins, known_at=at)
    return len(portfolio.rows)


def book_object(office: Office) -> UUID:
    number = f"{own_code(office)}-BOOK"
    return office.objects.by_number(number) or office.objects.open(number)


def book_policies(office: Office) -> tuple[BookPolicy, ...]:
    """Imported rows, and the policies on whose panel the acting insurer is, each with the share that others bear."""
    imported = [row.record for row in office.book.all()]
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    mine = [row for row in office.policies.all() if me.code in row.record.agreement.names]
    return (*imported, *(_bound(office, row.object_id, row.record, me.code) for row in mine))


def claims_to_date(office: Office) -> tuple[ClaimToDate, ...]:
    """Every claim with what it has paid, what is outstanding, and the aggregate that it has used up."""
    return tuple(
        ClaimToDate(
            policy=row.record.claim.policy,
            claim=row.number,
            paid_minor=row.record.claim.paid_minor,
            outstanding_minor=outstanding_minor(row.record.claim, CostKind.INDEMNITY),
            used=row.record.claim.outcome.state_after if row.record.claim.outcome else {},
        )
        for row in office.claims.all()
    )


def run_book(office: Office, wish: BookWish, *, at: datetime) -> BookRun:
    """Simulate, join the losses to date, measure gross and net, and keep the run under a number of its own."""
    catalogue, held, claims = office.catalogue, book_policies(office), claims_to_date(office)
    products = {(product.code, product.version): product for product in catalogue.versions.values()}
    compiled = compile_book(held, products)
    model, loops = catalogue.model, catalogue.loops
    plain = simulate_book(held, compiled.terms, model, wish.years, wish.seed, as_at=wish.as_at, loops=loops)
    result = with_losses(plain, claims, wish.as_at, compiled.terms, model, loops=loops)
    ratio = loss_ratio(held, claims, wish.as_at)
    piles = accumulation(held, wish.as_at)
    run = BookRun(
        number=office.numbers.next(f"{own_code(office)}-RUN"),
        as_at=wish.as_at,
        years=wish.years,
        seed=wish.seed,
        model=result.model_version,
        model_sha256=result.model_sha256,
        policies=len(held),
        gross=gross_view(result).measures,
        net=net_view(result, catalogue.programme).measures,
        known_minor=result.known_minor,
        premium_minor=ratio.written_minor,
        earned_minor=ratio.earned_minor,
        incurred_minor=ratio.incurred_minor,
        by_cause=by_cause(result),
        by_vendor=by_vendor(result),
        tail_by_policy=tail_by_policy(result),
        piles=piles.vendors,
        refusals=(*compiled.refusals, *result.refusals),
    )
    as_at = day_start(wish.as_at)
    office.book_runs.add(run.number, run, object_id=book_object(office), effective_at=as_at, known_at=at)
    return run


def _bound(office: Office, object_id: UUID, file: PolicyFile, insurer: str) -> BookPolicy:
    """A policy of the house as a row of the book: its exposure, its schedule, and what its evidence is worth."""
    product = office.catalogue.version(file.schedule.product, file.schedule.version)
    content = file.policy.newest.content
    event_minor, aggregate_minor = shared_limits(product).of(file.schedule)
    steps = relief_steps(office.catalogue.model, file.standings, file.rated_findings)
    return BookPolicy(
        account=office.objects.number_of(object_id),
        number=file.policy.number,
        organisation=office.profiles.of_object(object_id)[-1].record,
        product=product.code,
        product_version=product.version,
        parts=_parts(product, file.schedule),
        event_limit_minor=event_minor,
        aggregate_limit_minor=aggregate_minor,
        waiting_hours=file.schedule.values.get("npbi_wait_hours", 0),
        retention_mode=RetentionMode(file.schedule.values.get("npbi_mode", RetentionMode.WAITING_ONLY)),
        premium_minor=content.premium.premium.net_minor,
        first_day=local_day(content.period.start),
        last_day=local_day(content.period.end),
        ceded=1 - file.agreement.share_of(insurer),
        relativity=_relativity(office, object_id, product),
        relief=combine(office.catalogue.model, steps),
        further=_further(product, file.schedule),
    )


def _relativity(office: Office, object_id: UUID, product: Product) -> Fraction:
    """What the filed rates make of the frequency: the kind of business, and the members of a master policy."""
    rates = office.catalogue.sold(product.code, product.version).rates
    members = insured_members(rates, office.submissions.of_object(object_id)[-1].record)
    assert not isinstance(members, Refusal), "the policy was priced for its members"
    return members * (rates.frequency.value if rates.frequency else Fraction(1))


def _further(product: Product, schedule: Schedule) -> tuple[tuple[str, int], ...]:
    """What the schedule chooses beside limits, deductibles and the wait of an interruption; its dates pay nothing."""
    columns = {*shared_limits(product), "npbi_wait_hours", "npbi_mode"}
    columns |= {f"{part.code.lower()}_{term}" for part in product.parts for term in ("limit", "deductible")}
    chosen = sorted(schedule.chosen - columns)
    return tuple((name, schedule.values[name]) for name in chosen if product.parameters[name].unit != "instant")


def _parts(product: Product, schedule: Schedule) -> tuple[PartLimits, ...]:
    event_minor, _ = shared_limits(product).of(schedule)
    named = [(part.code, part.code.lower()) for part in product.parts if not part.statutory]
    return tuple(
        PartLimits(
            code, schedule.values.get(f"{name}_limit", event_minor), schedule.values.get(f"{name}_deductible", 0)
        )
        for code, name in named
    )
