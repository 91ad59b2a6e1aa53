"""Proving control step by step: a token is asked for, published by the insured, and looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.service.consent_of_order import consent_signed
from ringwall.exposure import (
    Asset,
    AssetKind,
    Challenge,
    Consent,
    ControlProof,
    ProofMethod,
    issue_challenge,
    plain_name,
)


@dataclass(frozen=True, slots=True)
class ControlCheck:
    """How an installation proves who controls an asset: the key and the chance of its tokens, and the look for one."""

    key: bytes
    nonce: Callable[[], str]
    look: Callable[[Challenge, Consent | None, datetime], ControlProof | Refusal]


@dataclass(frozen=True, slots=True)
class TokenWaiting:
    """A token that may be looked for now, and the consent under which a website is asked for it."""

    challenge: Challenge
    consent: Consent | None


def ask_for_challenge(
    office: Office, object_id: UUID, name: str, method: ProofMethod, *, key: bytes, nonce: str, at: datetime
) -> Challenge | Refusal:
    """A new token for a declared asset; an older one of the same asset and method counts no more."""
    asset = declared(office, object_id, name)
    if isinstance(asset, Refusal):
        return asset
    if method is ProofMethod.HTTP_TOKEN and asset.kind is not AssetKind.HOST:
        return refuse(
            "challenge_needs_host",
            asset.name,
            zh=f"{asset.name} 是域名，没有网站可放置令牌；请改用 DNS TXT 记录。",
            en=f"{asset.name} is a domain and has no website to serve a token from; use a DNS TXT record.",
        )
    number = office.objects.number_of(object_id)
    challenge = issue_challenge(key, number, asset.name, method, nonce, at)
    office.challenges.add(
        _number(office, object_id, asset.name, method), challenge, object_id=object_id, effective_at=at, known_at=at
    )
    return challenge


def token_waiting(
    office: Office, number: str, name: str, method: ProofMethod, *, at: datetime
) -> TokenWaiting | Refusal:
    """The token that was asked for and is still open, for the insured itself: nobody else has it looked for."""
    object_id = office.objects.by_number(number)
    if object_id is None or "insured" not in office.objects.roles(object_id):
        return not_visible(number)
    row = office.challenges.newest(_number(office, object_id, name, method))
    if row is not None and row.record.is_open(at):
        return TokenWaiting(row.record, consent_signed(office, object_id))
    since = row.record.issued_at.isoformat() if row else ""
    return refuse(
        "challenge_missing",
        name,
        zh=f"{name} 没有有效的 {method} 令牌（{since or '尚未签发'}，令牌七日内有效）；请先领取新令牌并发布。",
        en=f"There is no open {method} token for {name} ({since or 'none was issued'}; a token holds for seven days); "
        "get a new one and publish it first.",
    )


def declared(office: Office, object_id: UUID, name: str) -> Asset | Refusal:
    """An asset of the insured's own inventory."""
    wanted = plain_name(name)
    found = (row.record for row in office.assets.of_object(object_id))
    asset = next((each for each in found if plain_name(each.name) == wanted), None)
    return asset or refuse(
        "asset_not_declared",
        name,
        zh=f"{name} 不在资产清单中；请先申报该资产。",
        en=f"{name} is not on the list of assets; declare it first.",
    )


def _number(office: Office, object_id: UUID, name: str, method: ProofMethod) -> str:
    return f"{office.objects.number_of(object_id)}:{plain_name(name)}:{method.value}"
