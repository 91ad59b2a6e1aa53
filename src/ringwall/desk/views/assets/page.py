"""Assets with their tokens and proofs, the consent that stands, and everything that was signed or taken back before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.views.parts import all_known, insured_name, last_known, object_called
from ringwall.exposure import (
    PROOF_HOLDS_FOR,
    Asset,
    AssetKind,
    Challenge,
    Consent,
    ConsentEntry,
    ConsentWording,
    ControlProof,
    ProofMethod,
    plain_name,
)
from ringwall.service import Service, may_begin


class ControlState(StrEnum):
    """How the control of an asset stands by one method; a host may be covered by its domain's record."""

    PROVED = "proved"
    BY_DOMAIN = "by_domain"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"
    ASKED = "asked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of proving control of an asset: its open token, and what the newest look said."""

    method: ProofMethod
    challenge: Challenge | None
    proof: ControlProof | None
    holds_until: datetime | None


@dataclass(frozen=True, slots=True)
class AssetLine:
    """One asset with the state of its control, and whether the consent lets it be looked at."""

    asset: Asset
    state: ControlState
    ways: tuple[Way, ...]
    in_scope: bool


@dataclass(frozen=True, slots=True)
class AssetsPage:
    """What an insured may do with its assets and its consent; others only read."""

    number: str
    insured: Words
    assets: tuple[AssetLine, ...]
    consent: Consent | None
    """The newest one, withdrawn or not."""
    stands: bool
    chain: tuple[ConsentEntry, ...]
    wording: ConsentWording
    ending: tuple[str, ...]
    """Open orders that would end if the consent were taken back."""
    may_write: bool


def assets_page(office: Office, speaker: Speaker, number: str, now: datetime) -> AssetsPage | Refusal:
    """The page as it was known at an instant; nothing for whoever may not see the assets."""
    object_id = object_called(office, number)
    if isinstance(object_id, Refusal):
        return object_id
    roles = office.objects.roles(object_id)
    may_write = permit(speaker, "give_consent", roles) is None
    assets = [row.record for row in all_known(office.assets, now, object_id)]
    if not assets and not may_write:
        return not_visible(number)
    proofs = [row.record for row in all_known(office.proofs, now, object_id)]
    challenges = [row.record for row in all_known(office.challenges, now, object_id)]
    entry = last_known(office.consents, now, object_id)
    consent = entry.consent if entry else None
    history = office.consents.history(f"{number}:consent")
    return AssetsPage(
        number=number,
        insured=insured_name(office, object_id),
        assets=tuple(_line(asset, proofs, challenges, consent, now) for asset in assets),
        consent=consent,
        stands=consent is not None and consent.withdrawn_at is None and consent.valid.contains(now),
        chain=tuple(row.record for row in reversed(history) if row.known_at <= now),
        wording=office.catalogue.consent_wording,
        ending=_ending(office, number, now, consent),
        may_write=may_write,
    )


def _ending(office: Office, number: str, now: datetime, consent: Consent | None) -> tuple[str, ...]:
    """Orders whose work rests on the consent and is not delivered yet."""
    object_id = office.objects.by_number(number)
    rows = all_known(office.orders, now, object_id) if object_id and consent else ()
    found = []
    for row in rows:
        service = office.catalogue.services.service(row.record.service)
        needs = isinstance(service, Service) and may_begin(row.record, service, None, now) is not None
        if needs and not row.record.is_done:
            found.append(row.number)
    return tuple(found)


def _line(
    asset: Asset,
    proofs: Sequence[ControlProof],
    challenges: Sequence[Challenge],
    consent: Consent | None,
    now: datetime,
) -> AssetLine:
    methods = [ProofMethod.DNS_TXT, *([ProofMethod.HTTP_TOKEN] if asset.kind is AssetKind.HOST else [])]
    ways = tuple(_way(asset, method, proofs, challenges, now) for method in methods)
    in_scope = consent is not None and consent.withdrawn_at is None and consent.scope.covers(asset.name)
    return AssetLine(asset, _state(asset, ways, proofs, now), ways, in_scope)


def _way(
    asset: Asset, method: ProofMethod, proofs: Sequence[ControlProof], challenges: Sequence[Challenge], now: datetime
) -> Way:
    name = plain_name(asset.name)
    mine = [each for each in proofs if plain_name(each.asset) == name and each.method is method]
    proof = max(mine, key=lambda each: each.seen_at, default=None)
    asked = [each for each in challenges if plain_name(each.asset) == name and each.method is method]
    newest = max(asked, key=lambda each: each.issued_at, default=None)
    open_now = newest if newest is not None and newest.is_open(now) else None
    return Way(method, open_now, proof, proof.seen_at + PROOF_HOLDS_FOR if proof and proof.proved else None)


def _state(asset: Asset, ways: Sequence[Way], proofs: Sequence[ControlProof], now: datetime) -> ControlState:
    """The best that holds; then why none does."""
    newest = [way.proof for way in ways if way.proof is not None]
    if any(proof.holds(now) for proof in newest):
        return ControlState.PROVED
    name = plain_name(asset.name)
    above = [
        each for each in proofs if each.method is ProofMethod.DNS_TXT and name.endswith(f".{plain_name(each.asset)}")
    ]
    of_domain = max(above, key=lambda each: each.seen_at, default=None)
    if of_domain is not None and of_domain.holds(now):
        return ControlState.BY_DOMAIN
    if any(way.challenge for way in ways):
        return ControlState.ASKED
    if any(proof.proved for proof in newest) or (of_domain is not None and of_domain.proved):
        return ControlState.EXPIRED
    return ControlState.NOT_FOUND if newest else ControlState.NONE
