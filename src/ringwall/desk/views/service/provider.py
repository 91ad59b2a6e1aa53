"""A provider as the register has it: certificates with their vetting, rate card, scorecard; and the list of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.service.registry import account_of, providers_known, registered, suspension_of
from ringwall.desk.service.scorecard_of import scorecard_of
from ringwall.desk.views.service.payables import PayablesPage, payables_page
from ringwall.service import (
    BankAccount,
    CardAnswer,
    Provider,
    Qualification,
    RateCard,
    Scorecard,
    Suspension,
    Vetting,
)


class CertificateState(StrEnum):
    """How a certificate or a rate card stands for this reader."""

    LISTED = "listed"
    ACCEPTED = "accepted"
    WAITS = "waits"
    REFUSED = "refused"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One qualification in words: how it stands, and the decision on it where there is one."""

    name: Words
    qualification: Qualification
    state: CertificateState
    vetting: Vetting | None


@dataclass(frozen=True, slots=True)
class Card:
    """One rate card: how it stands, and the answer to it where it was proposed and answered."""

    card: RateCard
    state: CertificateState
    answer: CardAnswer | None


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """A provider of the register; `may_hand_in` is for its own people, `may_vet` for an insurer's underwriter."""

    provider: Provider
    certificates: tuple[Certificate, ...]
    cards: tuple[Card, ...]
    services: Mapping[str, Words]
    """What a card may price."""
    scorecard: Scorecard
    kinds: Mapping[str, Words]
    """What a certificate may be of, as `scheme/direction`."""
    may_hand_in: bool
    may_propose: bool
    may_vet: bool
    may_answer: bool
    owed: PayablesPage
    account: BankAccount | None
    """Where it is paid; for itself and the insurers only."""
    suspension: Suspension | None
    """The newest decision of the reader's own house, where that is an insurer."""
    may_suspend: bool

    @property
    def waiting(self) -> tuple[Certificate, ...]:
        return tuple(each for each in self.certificates if each.state is CertificateState.WAITS)

    @property
    def cards_waiting(self) -> tuple[Card, ...]:
        return tuple(each for each in self.cards if each.state is CertificateState.WAITS)


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """One provider of the list: its certificates that hold and were accepted, and what waits for this reader."""

    provider: Provider
    holding: int
    waiting: int
    cards_waiting: int


def provider_page(office: Office, speaker: Speaker, code: str, now: datetime) -> ProviderPage | Refusal:
    """A provider with its scorecard over the orders that the reader may see."""
    provider = registered(office, code)
    if provider is None:
        return not_visible(code)
    me = office.directory.by_id(office.me)
    own = me is not None and me.code == code
    return ProviderPage(
        provider,
        certificates_of(office, provider, now),
        cards_of(office, code, now),
        {each.code: each.name for each in office.catalogue.services.services},
        scorecard_of(office, code, now),
        _kinds(office),
        may_hand_in=own and permit(speaker, "register_qualification", None) is None,
        may_propose=own and permit(speaker, "propose_rate_card", None) is None,
        may_answer=permit(speaker, "answer_rate_card", None) is None,
        may_vet=permit(speaker, "vet_provider", None) is None,
        owed=payables_page(office, speaker, now, code),
        account=account_of(office, code),
        suspension=suspension_of(office, code, office.me),
        may_suspend=permit(speaker, "suspend_provider", None) is None,
    )


def providers_page(office: Office, now: datetime) -> tuple[ProviderLine, ...]:
    """Every provider, those first that wait to be vetted."""
    lines = []
    for provider in providers_known(office):
        states = [each.state for each in certificates_of(office, provider, now)]
        holding = sum(state in (CertificateState.LISTED, CertificateState.ACCEPTED) for state in states)
        cards = sum(each.state is CertificateState.WAITS for each in cards_of(office, provider.id, now))
        lines.append(ProviderLine(provider, holding, states.count(CertificateState.WAITS), cards))
    return tuple(sorted(lines, key=lambda each: (-each.waiting - each.cards_waiting, each.provider.id)))


def cards_of(office: Office, code: str, now: datetime) -> tuple[Card, ...]:
    """The cards of the house that hold, then every proposed one; for an insurer by its own answers, else by all."""
    day, member, me = local_day(now), office.directory.by_code(code), office.directory.by_id(office.me)
    listed = [card for card in office.catalogue.rate_cards if card.provider == code and card.holds(day)]
    insurer = office.me if me is not None and me.kind == "insurer" else None
    answers = office.provider_terms.answers(member.id, insurer) if member else ()
    newest = {each.number: each for each in answers if each.at <= now}
    proposed = office.provider_terms.proposed(member.id) if member else ()
    return (
        *(Card(card, CertificateState.LISTED, None) for card in listed),
        *(Card(card, _state_of_card(card, newest.get(card.number), day), newest.get(card.number)) for card in proposed),
    )


def _state_of_card(card: RateCard, answer: CardAnswer | None, day: date) -> CertificateState:
    if day >= card.valid_until:
        return CertificateState.OVER
    if answer is None:
        return CertificateState.WAITS
    return CertificateState.ACCEPTED if answer.accepted else CertificateState.REFUSED


def certificates_of(office: Office, provider: Provider, now: datetime) -> tuple[Certificate, ...]:
    """By expiry; for an insurer by its own decisions, for everybody else by those of all insurers."""
    member, me = office.directory.by_code(provider.id), office.directory.by_id(office.me)
    insurer = office.me if me is not None and me.kind == "insurer" else None
    decisions = office.qualifications.vettings(member.id, insurer) if member else ()
    newest = {each.certificate: each for each in sorted(decisions, key=lambda each: each.at) if each.at <= now}
    listed = office.catalogue.providers.get(provider.id)
    of_catalogue = listed.qualifications if listed else ()
    names, day = office.catalogue.services, local_day(now)
    return tuple(
        Certificate(
            names.qualification(each.scheme, each.direction),
            each,
            _state(each, newest.get(each.certificate), day, listed=each in of_catalogue),
            newest.get(each.certificate),
        )
        for each in sorted(provider.qualifications, key=lambda each: each.expires_on)
    )


def _state(of: Qualification, decision: Vetting | None, day: date, *, listed: bool) -> CertificateState:
    if not of.holds(day):
        return CertificateState.OVER
    if listed:
        return CertificateState.LISTED
    if decision is None:
        return CertificateState.WAITS
    return CertificateState.ACCEPTED if decision.accepted else CertificateState.REFUSED


def _kinds(office: Office) -> Mapping[str, Words]:
    """Every kind that some service asks for, and the business licence."""
    needs = {(each.needs.scheme, each.needs.direction) for each in office.catalogue.services.services}
    kinds = sorted({*needs, ("registration", "business_licence")})
    return {f"{scheme}/{of}": office.catalogue.services.qualification(scheme, of) for scheme, of in kinds}
