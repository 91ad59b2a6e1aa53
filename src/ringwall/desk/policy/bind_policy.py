"""Binding: premium before policy, everything explained, the panel signed; then the premium is booked and split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, Words, refuse
from ringwall.desk.office import Office, own_code
from ringwall.desk.policy.cover_terms import cover_terms
from ringwall.desk.price.relativity import filed_relativity
from ringwall.desk.records import PolicyFile, QuoteFile
from ringwall.desk.settlement.book_premium import book_premium
from ringwall.policy import (
    Closing,
    Offer,
    Parties,
    Party,
    Policy,
    Premium,
    PremiumTerms,
    ProductFiling,
    ServiceLine,
    bind,
    sign_panel,
)
from ringwall.product import FilingStatus, Product
from ringwall.service import ServiceCatalogue
from ringwall.settlement import PanelAgreement
from ringwall.underwriting import Route


@dataclass(frozen=True, slots=True)
class BindWish:
    """Which quote is bound, the provider that serves the policy with how many units of which services, the invoice."""

    quote: str
    provider: str
    invoice: str
    services: Mapping[str, int]
    lead_authority_minor: int
    vote_above: Fraction
    lead_fee: Fraction
    services_shared: bool = False
    """Whether the co-insurers share what the included services cost; else the lead bears it."""


def bind_policy(office: Office, object_id: UUID, wish: BindWish, *, at: datetime) -> PolicyFile | Refusal:
    """The policy under a number of its own; each follower sees it from now on, with its premium in its books."""
    quoted = office.quotes.newest(wish.quote)
    if quoted is None or quoted.object_id != object_id:
        return _no_quote(wish.quote)
    quote = quoted.record
    if office.policies.of_object(object_id):
        return _already_bound(office, object_id, quote)
    if quote.decision.route is not Route.ACCEPT:
        return _not_accepted(quote)
    offer = _offer(office, object_id, quote, wish)
    if isinstance(offer, Refusal):
        return offer
    panel = sign_panel(quote.number, quote.panel)
    if isinstance(panel, Refusal):
        return panel
    receipts = [row.record for row in office.receipts.of_object(object_id) if row.number.startswith(f"{wish.quote}:")]
    explained = [row.record for row in office.explanations.of_object(object_id)]
    closing = Closing(tuple(receipts), tuple(explained), panel, wish.invoice)
    policy = bind(office.numbers.next(f"{own_code(office)}-P"), offer, closing, at=at)
    if isinstance(policy, Refusal):
        return policy
    relativity = _relativity(office, object_id, quote)
    if isinstance(relativity, Refusal):
        return relativity
    agreement = _agreement(policy, wish)
    file = PolicyFile(policy, quote.schedule, quote.number, quote.findings, quote.standings, agreement, relativity)
    _share_with_followers_and_provider(office, object_id, policy)
    office.policies.add(
        policy.number, file, object_id=object_id, effective_at=offer.period.start, known_at=at, state="bound"
    )
    refused = book_premium(office, object_id, file, offer.premium.premium, reference=f"{policy.number}:premium", at=at)
    return refused or file


def _relativity(office: Office, object_id: UUID, quote: QuoteFile) -> Fraction | Refusal:
    """Kept with the policy, since co-insurers who simulate their share do not see the application."""
    rates = office.catalogue.sold(quote.product, quote.version).rates
    return filed_relativity(rates, office.submissions.of_object(object_id)[-1].record)


def _agreement(policy: Policy, wish: BindWish) -> PanelAgreement:
    """What the co-insurers agreed on among themselves, fixed with the policy."""
    panel = policy.newest.content.panel
    return PanelAgreement(
        panel=policy.number,
        shares=tuple((line.insurer, line.share) for line in panel.lines),
        lead=panel.lead,
        lead_authority_minor=wish.lead_authority_minor,
        vote_above=wish.vote_above,
        lead_fee=wish.lead_fee,
        services_shared=wish.services_shared,
    )


def _offer(office: Office, object_id: UUID, quote: QuoteFile, wish: BindWish) -> Offer | Refusal:
    product = office.catalogue.version(quote.product, quote.version)
    parties = _parties(office, object_id, quote, wish.provider)
    if isinstance(parties, Refusal):
        return parties
    priced = quote.priced
    premium = PremiumTerms(
        annual_net_minor=priced.net_minor,
        vat_rate=office.catalogue.sold(quote.product, quote.version).rates["vat"],
        premium=Premium(priced.net_minor, priced.vat_minor),
        rate_factor=priced.rate_factor,
    )
    services = _services(office.catalogue.services, wish.services)
    if isinstance(services, Refusal):
        return services
    cover = cover_terms(product, quote.schedule, services)
    return Offer(quote.number, quote.valid_until, _filing(product), quote.period, parties, cover, premium)


def _parties(office: Office, object_id: UUID, quote: QuoteFile, provider: str) -> Parties | Refusal:
    """Everybody by name; an insurer or provider that is not on the platform cannot be on the contract."""
    submission = office.submissions.of_object(object_id)[-1]
    insured = Party(str(submission.owner_id), submission.record.organisation.name)
    found: list[Party] = []
    for code in (*(line.insurer for line in quote.panel), provider, submission.record.broker):
        member = office.directory.by_code(code) if code else None
        if code and member is None:
            return _no_party(code)
        found.append(Party(code, member.name if member else Words("", "")))
    insurers, (served_by, broker) = tuple(found[:-2]), found[-2:]
    return Parties(insured, insured, insurers, broker if broker.id else None, served_by if served_by.id else None)


def _services(catalogue: ServiceCatalogue, units: Mapping[str, int]) -> tuple[ServiceLine, ...] | Refusal:
    """Services stand in the policy with their units: what is not in it may not be given away (R-28)."""
    lines = []
    for code, count in units.items():
        service = catalogue.service(code)
        if isinstance(service, Refusal):
            return service
        lines.append(ServiceLine(code, service.name, count))
    return tuple(lines)


def _filing(product: Product) -> ProductFiling:
    filing = product.filing
    return ProductFiling(
        product.code,
        product.version,
        filing.number,
        filing.filed_on,
        filing.valid_from,
        filing.valid_until,
        withdrawn=filing.status is FilingStatus.WITHDRAWN,
    )


def _share_with_followers_and_provider(office: Office, object_id: UUID, policy: Policy) -> None:
    content = policy.newest.content
    for code in content.panel.followers:
        follower = office.directory.by_code(code)
        assert follower is not None, "the parties were looked up before binding"
        office.objects.share(object_id, follower.id, "follower")
    provider = content.parties.provider and office.directory.by_code(content.parties.provider.id)
    if provider:
        office.objects.share(object_id, provider.id, "provider")


def _no_quote(number: str) -> Refusal:
    return refuse(
        "quote_unknown",
        number,
        zh=f"本业务下没有报价 {number}；请核对报价号，或重新询价。",
        en=f"There is no quote {number} on this object; check its number, or quote again.",
    )


def _already_bound(office: Office, object_id: UUID, quote: QuoteFile) -> Refusal:
    policy = office.policies.of_object(object_id)[-1].number
    return refuse(
        "quote_already_bound",
        quote.number,
        zh=f"本业务已有保险单 {policy}，报价 {quote.number} 不能再次出单；如需变更请办理批改。",
        en=f"Policy {policy} is bound on this object, so {quote.number} cannot be; endorse that policy instead.",
    )


def _not_accepted(quote: QuoteFile) -> Refusal:
    to = quote.decision.refer_to or "—"
    return refuse(
        "quote_not_accepted",
        quote.number,
        zh=f"报价 {quote.number} 的核保结论为 {quote.decision.route}（应由 {to} 处理），不能出单；请先取得同意。",
        en=f"Quote {quote.number} is at {quote.decision.route} (for {to}) and cannot be bound; have it accepted first.",
    )


def _no_party(code: str) -> Refusal:
    return refuse(
        "party_unknown",
        code,
        zh=f"平台上没有代码为 {code} 的机构，不能列入合同；请核对代码或先完成入驻。",
        en=f"No organisation with the code {code} is on the platform, so it cannot be on the contract; check the code.",
    )
