"""The lead prices a submission on what is known of it today, with the reasons, the fix list and the way it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ringwall.basics import Refusal, Term, local_day
from ringwall.desk.evidence.dossier_of import dossier_of
from ringwall.desk.office import Office, own_code
from ringwall.desk.price.book_impact import Asked, KeptRuns, book_capital, book_impact
from ringwall.desk.price.own_experience import own_experience
from ringwall.desk.price.relativity import insured_members
from ringwall.desk.records import QuoteFile
from ringwall.evidence import Dossier
from ringwall.exposure import Organisation
from ringwall.policy import Line, sign_panel
from ringwall.price import (
    Offer,
    PricedRisk,
    PricingBasis,
    charge_for,
    fixes,
    prepare,
    price_risk,
    with_capital,
    with_experience,
)
from ringwall.product import Product, Schedule, compile_schedule, make_schedule, shared_limits
from ringwall.risk import Experience, ReliefStep, combine, relief_steps
from ringwall.terms import CompiledTerms
from ringwall.underwriting import RiskAtHand, Submission, decide, learned_from

QUOTE_HOLDS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class QuoteWish:
    """What is to be quoted: the choices of the schedule, the period, the panel and the level of authority."""

    choices: Mapping[str, int]
    period: Term
    panel: tuple[Line, ...]
    level: str


def quote_risk(office: Office, object_id: UUID, wish: QuoteWish, *, at: datetime) -> QuoteFile | Refusal:
    """A quote under a number of its own; what the lead knows from looks at the insured is written down with it."""
    submission = office.submissions.of_object(object_id)[-1].record
    sold = office.catalogue.quotable(submission.product_code, submission.product_version, local_day(at))
    if isinstance(sold, Refusal):
        return sold
    product = sold.product
    experience = own_experience(office, object_id, local_day(wish.period.start), at=at)
    choices = {**own_dates(product, wish.period), **wish.choices}
    ready = schedule_and_basis(office, product, submission, choices, experience)
    if isinstance(ready, Refusal):
        return ready
    schedule, basis = ready
    panel = sign_panel(submission.number, wish.panel)
    if isinstance(panel, Refusal):
        return panel
    dossier = dossier_of(office, object_id, at)
    steps = relief_steps(basis.model, dossier.controls, dossier.findings)
    priced = price_risk(basis, steps)
    if isinstance(priced, Refusal):
        return priced
    asked = Asked(
        submission.number,
        object_id,
        wish.period,
        panel.lines,
        priced.net_minor,
        submission,
        schedule,
        combine(basis.model, steps),
    )
    basis, over = in_the_book(office, asked, basis, steps, KeptRuns(), at)
    priced = price_risk(basis, steps)
    if isinstance(priced, Refusal):
        return priced
    risk = risk_at_hand(product, submission.organisation, schedule, priced, dossier, over)
    decision = decide(risk, sold.authority, wish.level)
    if isinstance(decision, Refusal):
        return decision
    quote = QuoteFile(
        number=office.numbers.next(f"{own_code(office)}-Q"),
        submission=submission.number,
        product=product.code,
        version=product.version,
        period=wish.period,
        schedule=schedule,
        priced=priced,
        fixes=fixes(basis, dossier.controls, dossier.findings),
        standings=dossier.controls,
        findings=dossier.findings,
        contradictions=dossier.contradictions,
        decision=decision,
        panel=panel.lines,
        valid_until=at + QUOTE_HOLDS_FOR,
        experience=experience,
        capital=basis.capital,
    )
    _remember(office, object_id, dossier, at)
    return _kept(office, object_id, quote, at)


def in_the_book(
    office: Office, asked: Asked, basis: PricingBasis, steps: Sequence[ReliefStep], runs: KeptRuns, at: datetime
) -> tuple[PricingBasis, int]:
    """The risk with the capital that it takes in the last run, and how many capacities it would exceed there."""
    book = book_impact(office, asked, runs, now=at)
    if isinstance(book, Refusal):
        return basis, 0
    capital = book_capital(office, book, charge_for(basis, steps).burden.losses)
    return (with_capital(basis, capital) if capital else basis), book.exceeded


def schedule_and_basis(
    office: Office,
    product: Product,
    submission: Submission,
    choices: Mapping[str, int],
    experience: Experience | None,
) -> tuple[Schedule, PricingBasis] | Refusal:
    """The schedule of these choices and all that is slow in pricing it, with what the insured has had itself."""
    schedule, chosen = _compiled(product, choices)
    _, default = _compiled(product, {})
    if isinstance(schedule, Refusal):
        return schedule
    if isinstance(chosen, Refusal):
        return chosen
    assert not isinstance(default, Refusal), "a product in the catalogue compiles at its own values"
    rates = office.catalogue.sold(product.code, product.version).rates
    members = insured_members(rates, submission)
    if isinstance(members, Refusal):
        return members
    offer = Offer(product.code, product.version, chosen, default)
    basis = prepare(office.catalogue.model, rates, offer, submission.organisation, members)
    if isinstance(basis, tuple):
        return basis[0]
    informed = with_experience(basis, experience) if experience else basis
    return informed if isinstance(informed, Refusal) else (schedule, informed)


def own_dates(product: Product, period: Term) -> dict[str, int]:
    """The dates of the policy's own period, where the schedule has them and the product's stand otherwise."""
    start, end = int(period.start.timestamp()), int(period.end.timestamp())
    named = {"period_start": start, "member_start": start, "period_end": end}
    known = product.parameters
    return {name: at for name, at in named.items() if name in known and known[name].value != at}


def _compiled(product: Product, choices: Mapping[str, int]) -> tuple[Schedule | Refusal, CompiledTerms | Refusal]:
    schedule = make_schedule(product, choices)
    return schedule, schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)


def risk_at_hand(
    product: Product,
    organisation: Organisation,
    schedule: Schedule,
    priced: PricedRisk,
    dossier: Dossier,
    over_capacity: int,
) -> RiskAtHand:
    """What the authority is held against; `over_capacity` counts the capacities of the book that would be exceeded."""
    return RiskAtHand(
        revenue_minor=organisation.revenue_minor,
        limit_minor=shared_limits(product).of(schedule)[1],
        records_held=organisation.records_held,
        technical_net_minor=priced.technical_net_minor,
        charged_net_minor=priced.net_minor,
        findings=dossier.findings,
        contradictions=dossier.contradictions,
        over_capacity=over_capacity,
    )


def _kept(office: Office, object_id: UUID, quote: QuoteFile, at: datetime) -> QuoteFile:
    state = quote.decision.route.value
    office.quotes.add(quote.number, quote, object_id=object_id, effective_at=at, known_at=at, state=state)
    return quote


def _remember(office: Office, object_id: UUID, dossier: Dossier, at: datetime) -> None:
    """What the insurer saw bars rescission later, so it is dated when it learned it (R-03)."""
    number = office.objects.number_of(object_id)
    for finding in dossier.findings:
        learned = learned_from(finding, str(office.me))
        office.knowledge.add(
            f"{number}:{learned.what}", learned, object_id=object_id, effective_at=finding.first_seen, known_at=at
        )
