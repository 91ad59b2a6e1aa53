"""A quote priced again with changed terms, controls or fixes: the same code as the quote, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, local_day
from ringwall.desk.evidence.dossier_of import dossier_of
from ringwall.desk.office import Office
from ringwall.desk.price.book_impact import Asked, BookImpact, KeptRuns
from ringwall.desk.price.own_experience import own_experience
from ringwall.desk.price.quote_risk import in_the_book, risk_at_hand, schedule_and_basis
from ringwall.desk.records import QuoteFile
from ringwall.evidence import Contradiction, ControlStanding, Dossier, Finding, Standing
from ringwall.exposure import Organisation
from ringwall.price import (
    FiledRange,
    Fix,
    FixPlan,
    Mended,
    PricedRisk,
    PricingBasis,
    Uncertainty,
    YearAhead,
    charge_for,
    cheapest_fixes,
    fixes,
    price_risk,
    uncertainty_of,
    with_capital,
    with_experience,
    with_terms,
    year_ahead,
)
from ringwall.product import Product, Schedule, compile_schedule, make_schedule
from ringwall.risk import Experience, Relief, RiskModel, combine, relief_steps
from ringwall.underwriting import Decision, Route, Submission, decide

BASES_KEPT = 64


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What differs from the quote: chosen terms (whole units), controls by code, and the findings taken as fixed."""

    choices: Mapping[str, int] = field(default_factory=dict)
    controls: Mapping[str, Standing] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    target_minor: int | None = None
    """the gross premium that mending is to reach"""

    @property
    def nothing(self) -> bool:
        return not (self.choices or self.controls or self.fixed)


@dataclass(frozen=True, slots=True)
class Repriced:
    """A price that nobody has been offered. `priced` is a refusal where the factor is above what was filed."""

    schedule: Schedule
    priced: PricedRisk | Refusal
    decision: Decision | None
    factor: Fraction
    filed: FiledRange
    fixes: tuple[Fix, ...]
    standings: tuple[ControlStanding, ...]
    findings: tuple[Finding, ...]
    year: YearAhead | None = None
    plan: FixPlan | Refusal | None = None
    """the cheapest way to the target, or else to a price and an acceptance; None where nothing needs mending"""
    book: BookImpact | Refusal | None = None
    """what it does to the book, or why that cannot be said; None where nobody asked"""


AskBook = Callable[[Asked], BookImpact | Refusal]


RiskKey = tuple[str, str, str, str, Organisation, Experience | None]
"""Submission, model, product, rates, the organisation's figures, what it has had: whatever makes the risk."""
BasisKey = tuple[str, str, str, str, Organisation, Experience | None, tuple[int, ...]]
"""With the numbers of a schedule: what the draws pay under it; with none, the draws under the product's own terms."""


class KeptBases:
    """The slow part of a price for the few risks that people look at now; beyond `most` the longest unused goes.

    Each use of the dictionary is one step of the interpreter, so that requests side by side at worst compute twice.
    """

    def __init__(self, most: int = BASES_KEPT) -> None:
        self._most = most
        self._kept: dict[BasisKey, PricingBasis] = {}
        self._known: dict[RiskKey, Uncertainty] = {}
        self.runs = KeptRuns()

    def find(self, key: BasisKey) -> PricingBasis | None:
        basis = self._kept.pop(key, None)
        if basis is not None:
            self._kept[key] = basis
        return basis

    def keep(self, key: BasisKey, basis: PricingBasis) -> None:
        self._kept[key] = basis
        for unused in list(self._kept)[: -self._most]:
            self._kept.pop(unused, None)

    def uncertainty(self, changed: ChangedTerms) -> Uncertainty:
        """How sure the risk's expected loss is: of the product's own terms, once for all choices."""
        known = self._known.get(changed.risk)
        if known is None:
            basis = changed.basis
            known = uncertainty_of(replace(basis, offer=replace(basis.offer, chosen=basis.offer.default)))
            self._known[changed.risk] = known
            for unused in list(self._known)[: -self._most]:
                self._known.pop(unused, None)
        return known


@dataclass(frozen=True, slots=True)
class ChangedTerms:
    """A quote's risk under the terms that somebody asks about, ready to be priced on any evidence."""

    quote: QuoteFile
    product: Product
    submission: Submission
    schedule: Schedule
    basis: PricingBasis
    risk: RiskKey
    object_id: UUID


def change_terms(
    office: Office, quote: QuoteFile, choices: Mapping[str, int], bases: KeptBases
) -> ChangedTerms | Refusal:
    """What is slow: the draws of the risk, and what they pay under the quote's terms with these choices."""
    row = office.submissions.newest(quote.submission)
    assert row is not None, "whoever prices a quote sees what it was asked for"
    submission, catalogue = row.record, office.catalogue
    sold = catalogue.sold(quote.product, quote.version)
    product = sold.product
    schedule = make_schedule(product, {**chosen_terms(quote), **choices})
    if isinstance(schedule, Refusal):
        return schedule
    risk = (
        quote.submission,
        catalogue.model.sha256,
        product.sha256,
        sold.rates.version,
        submission.organisation,
        quote.experience,
    )
    key = (*risk, tuple(schedule.values.values()))
    basis = bases.find(key) or _settled(office, product, submission, schedule, bases, risk)
    if isinstance(basis, Refusal):
        return basis
    bases.keep(key, basis)
    basis = with_capital(basis, quote.capital) if quote.capital else basis
    return ChangedTerms(quote, product, submission, schedule, basis, risk, row.object_id)


def reprice(office: Office, changed: ChangedTerms, what_if: WhatIf, ask_book: AskBook | None = None) -> Repriced:
    """On the evidence that the quote rests on, changed as the question says; and what the book says to it."""
    quote = changed.quote
    known = Dossier(
        quote.submission, quote.valid_until, quote.standings, quote.findings, quote.contradictions, indicators=()
    )
    return _priced(office, changed, what_if, known, ask_book)


def price_today(
    office: Office, object_id: UUID, changed: ChangedTerms, runs: KeptRuns, *, at: datetime
) -> PricedRisk | Refusal:
    """On what is known now, evidence, record and book: what a new quote with these terms would say."""
    known = dossier_of(office, object_id, at)
    steps = relief_steps(changed.basis.model, known.controls, known.findings)
    experience = own_experience(office, object_id, local_day(changed.quote.period.start), at=at)
    plain = replace(changed.basis, experience=None, capital=None)
    basis = with_experience(plain, experience) if experience else plain
    if isinstance(basis, Refusal):
        return basis
    asked = replace(_asked(changed, combine(basis.model, steps)), number=changed.submission.number)
    return price_risk(in_the_book(office, asked, basis, steps, runs, at)[0], steps)


def _priced(
    office: Office, changed: ChangedTerms, what_if: WhatIf, known: Dossier, ask_book: AskBook | None
) -> Repriced:
    basis, schedule = changed.basis, changed.schedule
    standings, findings = changed_evidence(basis.model, known.controls, known.findings, what_if)
    steps = relief_steps(basis.model, standings, findings)
    priced = price_risk(basis, steps)
    asked = replace(known, controls=standings, findings=findings)
    charge = charge_for(basis, steps)
    book = ask_book(_asked(changed, charge.relief)) if ask_book else None
    over = book.exceeded if isinstance(book, BookImpact) else 0
    decision = _decided(office, changed, asked, priced, over)
    return Repriced(
        schedule,
        priced,
        decision,
        charge.rate_factor,
        basis.rates.total,
        fixes(basis, standings, findings),
        standings,
        findings,
        year_ahead(basis, charge.relief),
        _plan(office, changed, asked, decision, what_if.target_minor, over),
        book,
    )


def _asked(changed: ChangedTerms, relief: Relief) -> Asked:
    quote = changed.quote
    return Asked(
        quote.number,
        changed.object_id,
        quote.period,
        quote.panel,
        quote.priced.net_minor,
        changed.submission,
        changed.schedule,
        relief,
    )


def _decided(
    office: Office, changed: ChangedTerms, known: Dossier, priced: PricedRisk | Refusal, over_capacity: int
) -> Decision | None:
    """Where the risk goes from the quote's level, if it has a price."""
    if isinstance(priced, Refusal):
        return None
    held = replace(known, contradictions=left_contradictions(known.contradictions, known.controls))
    risk = risk_at_hand(changed.product, changed.submission.organisation, changed.schedule, priced, held, over_capacity)
    decided = decide(
        risk,
        office.catalogue.sold(changed.quote.product, changed.quote.version).authority,
        changed.quote.decision.level,
    )
    return None if isinstance(decided, Refusal) else decided


def _plan(
    office: Office,
    changed: ChangedTerms,
    known: Dossier,
    decision: Decision | None,
    target_minor: int | None,
    over_capacity: int,
) -> FixPlan | Refusal | None:
    """The fewest fixes that reach the target; without one, that bring the risk to a price within the authority."""
    basis = changed.basis
    if target_minor is not None:
        return cheapest_fixes(basis, known.controls, known.findings, target_minor=target_minor)
    if decision and decision.route is Route.ACCEPT:
        return None

    def accepted(mended: Mended) -> bool:
        priced = price_risk(basis, relief_steps(basis.model, mended.standings, mended.findings))
        held = replace(known, controls=mended.standings, findings=mended.findings)
        found = _decided(office, changed, held, priced, over_capacity)
        return found is not None and found.route is Route.ACCEPT

    plan = cheapest_fixes(basis, known.controls, known.findings, accepts=accepted)
    return None if isinstance(plan, Refusal) else plan


def chosen_terms(quote: QuoteFile) -> dict[str, int]:
    """What the quote's schedule states itself."""
    return {name: quote.schedule.values[name] for name in quote.schedule.chosen}


def changed_evidence(
    model: RiskModel, standings: Sequence[ControlStanding], findings: Sequence[Finding], what_if: WhatIf
) -> tuple[tuple[ControlStanding, ...], tuple[Finding, ...]]:
    """Findings taken as fixed are away, and a control that only they broke is held again; what is said counts first."""
    rest = tuple(finding for finding in findings if finding.uid not in what_if.fixed)
    gone = [finding for finding in findings if finding.uid in what_if.fixed]
    mended = _broken_by(model, gone) - _broken_by(model, rest)
    again = {s.control: Standing.HELD for s in standings if s.standing is Standing.BROKEN and s.control in mended}
    now = {**again, **what_if.controls}
    return tuple(replace(s, standing=now.get(s.control, s.standing)) for s in standings), rest


def left_contradictions(
    contradictions: Sequence[Contradiction], standings: Sequence[ControlStanding]
) -> tuple[Contradiction, ...]:
    """An answer that says held contradicts nothing once the control is held."""
    held = {s.control for s in standings if s.standing is Standing.HELD}
    return tuple(each for each in contradictions if each.control not in held)


def _broken_by(model: RiskModel, findings: Sequence[Finding]) -> set[str]:
    shown = (model.signals.get(finding.factor) for finding in findings if finding.may_price)
    return {signal.breaks for signal in shown if signal and signal.breaks}


def _settled(
    office: Office, product: Product, submission: Submission, schedule: Schedule, bases: KeptBases, risk: RiskKey
) -> PricingBasis | Refusal:
    """Every schedule of a risk is settled on the same draws, which are kept under the product's own terms."""
    terms = compile_schedule(product, schedule)
    if isinstance(terms, Refusal):
        return terms
    drawn = bases.find((*risk, ()))
    if drawn is None:
        ready = schedule_and_basis(office, product, submission, {}, risk[-1])
        if isinstance(ready, Refusal):
            return ready
        drawn = ready[1]
        bases.keep((*risk, ()), drawn)
    return with_terms(drawn, terms)
