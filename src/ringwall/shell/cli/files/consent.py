"""A consent and the chain of consents as files; the written form is the one that is hashed."""

from __future__ import annotations

import hashlib
from datetime import time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ringwall.basics import ConsentId, Term
from ringwall.exposure import (
    MAX_NEW_PER_SECOND,
    Consent,
    ConsentEntry,
    DailyHours,
    LookMethod,
    Scope,
    check_consent,
)
from ringwall.shell.cli.fields import Fields
from ringwall.shell.cli.reading import Texts
from ringwall.shell.cli.refused import no, none_of

CONSENT_CHAIN = "consent_chain"
NAMES = (
    "kind",
    "consent_id",
    "insured",
    "signed_by",
    "authority",
    "text_version",
    "text",
    "text_sha256",
    "scope",
    "valid_from",
    "valid_to",
    "signed_at",
    "withdrawn_at",
)
SCOPE_NAMES = (
    "assets",
    "methods",
    "hours",
    "max_new_per_second",
    "excluded_names",
    "excluded_networks",
    "excluded_ports",
)


def read_consent(where: str, raw: Texts) -> Consent:
    """A consent that holds no contradiction in itself."""
    consent = consent_of(Fields.of(where, raw, NAMES))
    none_of(check_consent(consent))
    return consent


def consent_of(fields: Fields) -> Consent:
    """Read as it stands; whether it may be recorded is for `check_consent`."""
    insured, signed_at = fields.text("insured"), fields.instant("signed_at")
    return Consent(
        consent_id=_id(fields, f"consent:{insured}:{signed_at.isoformat()}"),
        insured=insured,
        signed_by=fields.text("signed_by"),
        authority=fields.text("authority"),
        text_version=fields.text("text_version"),
        text_sha256=_text_hash(fields),
        scope=_scope(fields.below("scope", SCOPE_NAMES)),
        valid=Term(fields.instant("valid_from"), fields.instant("valid_to")),
        signed_at=signed_at,
        withdrawn_at=fields.instant("withdrawn_at") if fields.has("withdrawn_at") else None,
    )


def read_chain(where: str, raw: Texts) -> tuple[ConsentEntry, ...]:
    entries = Fields.of(where, raw, ("kind", "entries")).rows("entries", ("consent", "previous_hash", "entry_hash"))
    if not entries:
        raise no(
            "chain_empty",
            where,
            zh="授权记录链没有任何记录；请在 entries 下给出。",
            en="The consent chain has no entry; list them under entries.",
        )
    return tuple(
        ConsentEntry(consent_of(entry.below("consent", NAMES)), entry.text("previous_hash"), entry.text("entry_hash"))
        for entry in entries
    )


def _id(fields: Fields, otherwise: str) -> ConsentId:
    if not fields.has("consent_id"):
        return ConsentId(uuid5(NAMESPACE_URL, otherwise))
    try:
        return ConsentId(UUID(fields.text("consent_id")))
    except ValueError:
        raise fields.wrong("consent_id", "UUID", "a UUID") from None


def _text_hash(fields: Fields) -> str:
    """The hash of the text that was signed; where both stand they must agree."""
    if not fields.has("text"):
        return fields.text("text_sha256")
    digest = hashlib.sha256(fields.text("text").encode()).hexdigest()
    if fields.has("text_sha256") and fields.text("text_sha256") != digest:
        raise no(
            "consent_text_differs",
            fields.where,
            zh=f"授权文本的散列值为 {digest}，而 text_sha256 写的是 {fields.text('text_sha256')}；请核对所签文本。",
            en=f"The text hashes to {digest}, text_sha256 says {fields.text('text_sha256')}; check what was signed.",
        )
    return digest


def _scope(fields: Fields) -> Scope:
    assets = fields.texts("assets")
    return Scope(
        assets=assets,
        methods=tuple(_method(fields, name) for name in fields.texts("methods")),
        hours=_hours(fields),
        max_new_per_second=fields.whole("max_new_per_second", str(MAX_NEW_PER_SECOND)),
        excluded_names=fields.texts("excluded_names"),
        excluded_networks=fields.texts("excluded_networks"),
        excluded_ports=tuple(_port(fields, text) for text in fields.texts("excluded_ports")),
    )


def _method(fields: Fields, name: str) -> LookMethod:
    if name not in list(LookMethod):
        raise fields.wrong("methods", "passive 和 active 的列表", "a list of passive and active")
    return LookMethod(name)


def _port(fields: Fields, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise fields.wrong("excluded_ports", "端口号的列表", "a list of port numbers")
    return int(text)


def _hours(fields: Fields) -> DailyHours:
    """[start, end, zone]; nothing means the whole day."""
    texts = fields.texts("hours")
    if not texts:
        return DailyHours()
    try:
        start, end, *zone = texts
        return DailyHours(time.fromisoformat(start), time.fromisoformat(end), ZoneInfo(*(zone or ["Asia/Shanghai"])))
    except (ValueError, TypeError, ZoneInfoNotFoundError, OSError):
        raise fields.wrong(
            "hours",
            '[开始, 结束, 时区]，例如 ["20:00", "06:00", "Asia/Shanghai"]',
            '[start, end, zone], such as ["20:00", "06:00", "Asia/Shanghai"]',
        ) from None


def consent_document(consent: Consent) -> dict[str, Any]:
    """The written form of a consent, as `read_consent` and the chain read it."""
    scope = consent.scope
    return {
        "consent_id": str(consent.consent_id),
        "insured": consent.insured,
        "signed_by": consent.signed_by,
        "authority": consent.authority,
        "text_version": consent.text_version,
        "text_sha256": consent.text_sha256,
        "signed_at": consent.signed_at,
        "valid_from": consent.valid.start,
        "valid_to": consent.valid.end,
        "withdrawn_at": consent.withdrawn_at,
        "scope": {
            "assets": scope.assets,
            "methods": scope.methods,
            "hours": [scope.hours.start, scope.hours.end, scope.hours.zone.key],
            "max_new_per_second": scope.max_new_per_second,
            "excluded_names": scope.excluded_names,
            "excluded_networks": scope.excluded_networks,
            "excluded_ports": [str(port) for port in scope.excluded_ports],
        },
    }


def chain_document(chain: tuple[ConsentEntry, ...]) -> dict[str, Any]:
    return {
        "kind": CONSENT_CHAIN,
        "entries": [
            {
                "consent": consent_document(entry.consent),
                "previous_hash": entry.previous_hash,
                "entry_hash": entry.entry_hash,
            }
            for entry in chain
        ],
    }
