"""Binding: a policy is made from an offer only when nothing stands in the way; every check names its clash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from ringwall.basics import Refusal, Term, Words, local_day, refuse
from ringwall.policy.history import CoverTerms, Parties, Policy, PolicyContent, PolicyVersion, PremiumTerms, VersionKind
from ringwall.policy.panel import Panel
from ringwall.policy.receipt import Receipt, premium_not_received, short_minor
from ringwall.price import SubsidyScheme, split_subsidy
from ringwall.underwriting import Explanation, Subjectivity, confirmations, stands_in_the_way


@dataclass(frozen=True, slots=True)
class ProductFiling:
    """The filed product version (备案) as far as binding needs it; None means that it did not happen."""

    code: str
    version: str
    filing_number: str
    filed_on: date | None
    active_from: date
    active_until: date | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote that the applicant accepted: product, period, parties, cover and premium."""

    quote: str
    valid_until: datetime
    filing: ProductFiling
    period: Term
    parties: Parties
    cover: CoverTerms
    premium: PremiumTerms
    subsidy: SubsidyScheme | None = None

    @property
    def subsidy_minor(self) -> int:
        gross = self.premium.premium.gross_minor
        return split_subsidy(gross, self.subsidy).subsidy_minor if self.subsidy else 0

    @property
    def own_part_minor(self) -> int:
        """What the applicant itself pays; the part of a subsidy authority is not waited for."""
        return self.premium.premium.gross_minor - self.subsidy_minor


@dataclass(frozen=True, slots=True)
class Closing:
    """What lies on the table when an offer is bound: money, explanations, panel, and the blue invoice's number.

    `accepted_void` names clauses that both sides take as void because nobody confirmed their explanation.
    """

    receipts: tuple[Receipt, ...]
    explanations: tuple[Explanation, ...]
    panel: Panel
    invoice: str
    accepted_void: tuple[str, ...] = ()
    subjectivities: tuple[Subjectivity, ...] = ()


Check = Callable[[Offer, Closing, datetime], Refusal | None]


def bind(number: str, offer: Offer, closing: Closing, *, at: datetime) -> Policy | Refusal:
    """The policy, known from now and effective from the start of its period; or the first check that says no."""
    if refusals := check_binding(offer, closing, at):
        return refusals[0]
    explained = confirmations(offer.cover.takeaways, closing.explanations, offer.filing.version, at)
    content = PolicyContent(
        offer.filing.code,
        offer.filing.version,
        offer.period,
        offer.parties,
        closing.panel,
        offer.cover,
        _premium_booked(offer, closing),
        explained,
    )
    because = Words(f"依报价 {offer.quote} 出单", f"Issued on quote {offer.quote}")
    return Policy(number, (PolicyVersion(VersionKind.ISSUED, offer.period.start, at, content, because),))


def check_binding(offer: Offer, closing: Closing, at: datetime) -> tuple[Refusal, ...]:
    """All that stands in the way of binding now, in the order of the checks."""
    return tuple(refusal for check in CHECKS if (refusal := check(offer, closing, at)) is not None)


def _premium_booked(offer: Offer, closing: Closing) -> PremiumTerms:
    """The premium with its invoice and the share that the subsidy authority really bears (after cap and budget)."""
    gross = offer.premium.premium.gross_minor
    share = Fraction(offer.subsidy_minor, gross) if gross else Fraction(0)
    return replace(offer.premium, invoice=closing.invoice, subsidy_share=share)


def quote_is_valid(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:  # noqa: ARG001
    if at <= offer.valid_until:
        return None
    return refuse(
        "quote_expired",
        offer.quote,
        zh=f"报价 {offer.quote} 有效期至 {offer.valid_until}，现为 {at}；请重新询价。",
        en=f"Quote {offer.quote} was valid until {offer.valid_until}, it is now {at}; ask for a new one.",
    )


def period_lies_ahead(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:  # noqa: ARG001
    if at <= offer.period.start:
        return None
    return refuse(
        "period_begun",
        offer.quote,
        zh=f"保险期间自 {offer.period.start} 起，现为 {at}，已开始；请按次日零时起重新报价。",
        en=f"The period began at {offer.period.start}, it is now {at}; quote again from 00:00 of the next day.",
    )


def product_is_filed(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:  # noqa: ARG001
    filing = offer.filing
    name = f"{filing.code} {filing.version}"
    if filing.filed_on is None or filing.filed_on > local_day(at):
        filed = filing.filed_on or "—"
        return refuse(
            "product_not_filed",
            name,
            zh=f"产品 {name} 截至 {local_day(at)} 未备案（备案日：{filed}）；请使用已备案版本。",
            en=f"Product {name} is not filed on {local_day(at)} (filing: {filed}); use a version that is filed.",
        )
    return None


def product_is_active(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:  # noqa: ARG001
    filing, today = offer.filing, local_day(at)
    on_sale = filing.active_from <= today and (filing.active_until is None or today < filing.active_until)
    if on_sale and not filing.withdrawn:
        return None
    name, until = f"{filing.code} {filing.version}", filing.active_until or "∞"
    return refuse(
        "product_not_active",
        name,
        zh=f"产品 {name} 的销售期为 [{filing.active_from}, {until})，{today} 不在其中；请使用在售版本。",
        en=f"Product {name} is on sale in [{filing.active_from}, {until}), not on {today}; use the version on sale.",
    )


def panel_is_on_the_contract(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:  # noqa: ARG001
    named = {party.id for party in offer.parties.insurers}
    signed = set(closing.panel.insurers)
    if named == signed:
        return None
    odd = "、".join(sorted(named ^ signed))
    return refuse(
        "panel_differs",
        offer.quote,
        zh=f"共保体与合同载明的保险人不一致（{odd}）；请使二者一致。",
        en=f"The panel and the insurers on the contract differ ({odd}); make them the same.",
    )


def subjectivities_are_met(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:
    still_open = stands_in_the_way(closing.subjectivities, at)
    if not still_open:
        return None
    zh, en = "；".join(each.what.zh for each in still_open), "; ".join(each.what.en for each in still_open)
    return refuse(
        "subjectivity_open",
        offer.quote,
        zh=f"承保前提条件尚未满足：{zh}；请先提交证据。",
        en=f"Conditions of the quote are not met: {en}; hand in the evidence first.",
    )


def takeaways_are_explained(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:
    confirmed = confirmations(offer.cover.takeaways, closing.explanations, offer.filing.version, at)
    silent = [clause for clause, done in confirmed.items() if not done and clause not in closing.accepted_void]
    if not silent:
        return None
    return refuse(
        "not_explained",
        offer.quote,
        zh=f"条款 {'、'.join(silent)} 免除或减轻保险人责任，但未经投保人确认已说明；请补充说明确认，或列明其不生效。",
        en=f"Clauses {', '.join(silent)} take something away and no explanation was confirmed; have it "
        "confirmed, or list them as void.",
    )


def invoice_is_named(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:  # noqa: ARG001
    if closing.invoice.strip():
        return None
    return refuse(
        "invoice_missing",
        offer.quote,
        zh=f"报价 {offer.quote} 出单未附发票号，而保单须与发票一并出具；请先开具发票。",
        en=f"Quote {offer.quote} is to be bound without an invoice number, but the policy goes out with its "
        "invoice; issue it first.",
    )


def premium_is_received(offer: Offer, closing: Closing, at: datetime) -> Refusal | None:
    """The lead's receipt counts for the whole panel; money with anybody else has not been received."""
    due = offer.own_part_minor
    short = short_minor(due, closing.receipts, {closing.panel.lead}, at)
    return premium_not_received(offer.quote, due, short) if short else None


CHECKS: Sequence[Check] = (
    quote_is_valid,
    period_lies_ahead,
    product_is_filed,
    product_is_active,
    panel_is_on_the_contract,
    subjectivities_are_met,
    takeaways_are_explained,
    premium_is_received,
    invoice_is_named,
)
