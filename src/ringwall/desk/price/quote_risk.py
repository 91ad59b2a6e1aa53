"""The lead prices a submission on what is known of it today, with the reasons, the fix list and the way it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ringwall.basics import Refusal, Term, local_day, refuse
from ringwall.desk.evidence.dossier_of import dossier_of
from ringwall.desk.office import Office, own_code
from ringwall.desk.records import QuoteFile
from ringwall.evidence import Dossier
from ringwall.exposure import Organisation
from ringwall.policy import Line, sign_panel
from ringwall.price import Offer, PricedRisk, PricingBasis, fixes, prepare, price_risk
from ringwall.product import Product, Schedule, compile_schedule, make_schedule
from ringwall.risk import relief_steps
from ringwall.terms import CompiledTerms
from ringwall.underwriting import RiskAtHand, decide, learned_from

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
    product = office.catalogue.products[submission.product_code]
    ready = schedule_and_basis(office, product, submission.organisation, wish.choices)
    if isinstance(ready, Refusal):
        return ready
    schedule, basis = ready
    if not product.filing.allows(local_day(at)):
        return _not_on_sale(product, at)
    panel = sign_panel(submission.number, wish.panel)
    if isinstance(panel, Refusal):
        return panel
    dossier = dossier_of(office, object_id, at)
    priced = price_risk(basis, relief_steps(basis.model, dossier.controls, dossier.findings))
    if isinstance(priced, Refusal):
        return priced
    risk = risk_at_hand(submission.organisation, schedule, priced, dossier)
    decision = decide(risk, office.catalogue.authority, wish.level)
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
    )
    _remember(office, object_id, dossier, at)
    office.quotes.add(
        quote.number, quote, object_id=object_id, effective_at=at, known_at=at, state=decision.route.value
    )
    return quote


def schedule_and_basis(
    office: Office, product: Product, organisation: Organisation, choices: Mapping[str, int]
) -> tuple[Schedule, PricingBasis] | Refusal:
    """The schedule of these choices and all that is slow in pricing it."""
    schedule, chosen = _compiled(product, choices)
    _, default = _compiled(product, {})
    if isinstance(schedule, Refusal):
        return schedule
    if isinstance(chosen, Refusal):
        return chosen
    assert not isinstance(default, Refusal), "a product in the catalogue compiles at its own values"
    offer = Offer(product.code, product.version, chosen, default)
    basis = prepare(office.catalogue.model, office.catalogue.rates, offer, organisation)
    return basis[0] if isinstance(basis, tuple) else (schedule, basis)


def _compiled(product: Product, choices: Mapping[str, int]) -> tuple[Schedule | Refusal, CompiledTerms | Refusal]:
    schedule = make_schedule(product, choices)
    return schedule, schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)


def risk_at_hand(organisation: Organisation, schedule: Schedule, priced: PricedRisk, dossier: Dossier) -> RiskAtHand:
    """What the authority is held against."""
    return RiskAtHand(
        revenue_minor=organisation.revenue_minor,
        limit_minor=schedule.values["aggregate_limit"],
        records_held=organisation.records_held,
        technical_net_minor=priced.technical_net_minor,
        charged_net_minor=priced.net_minor,
        findings=dossier.findings,
        contradictions=dossier.contradictions,
    )


def _remember(office: Office, object_id: UUID, dossier: Dossier, at: datetime) -> None:
    """What the insurer saw bars rescission later, so it is dated when it learned it (R-03)."""
    number = office.objects.number_of(object_id)
    for finding in dossier.findings:
        learned = learned_from(finding, str(office.me))
        office.knowledge.add(
            f"{number}:{learned.what}", learned, object_id=object_id, effective_at=finding.first_seen, known_at=at
        )


def _not_on_sale(product: Product, at: datetime) -> Refusal:
    filing = product.filing
    first, end = filing.valid_from, filing.valid_until
    span = f"{first} 至 {end}（不含）", f"from {first} until {end}"
    return refuse(
        "product_not_on_sale",
        f"{product.code} {product.version}",
        zh=f"产品备案状态为 {filing.status}，有效期 {span[0]}，询价日 {local_day(at)}；请使用在售的备案版本。",
        en=f"The filing is {filing.status} and holds {span[1]}, the quote is of {local_day(at)}; "
        "use a filed version that is on sale.",
    )
