"""The signed consent under which an insured may be looked at, kept as an append-only chain of records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from enum import StrEnum
from ipaddress import ip_network
from zoneinfo import ZoneInfo

from ringwall.basics import SHANGHAI, ConsentId, Refusal, Term, refuse

MAX_NEW_PER_SECOND = 50
"""New connections a second and host that no consent can raise."""

CHAIN_START = "0" * 64


class LookMethod(StrEnum):
    """Passive: what any resolver or browser sees. Active: port sweep, protocol probe, path check."""

    PASSIVE = "passive"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class DailyHours:
    """The hours of a day [start, end) in which a look may happen; equal ends mean the whole day."""

    start: time = time(0)
    end: time = time(0)
    zone: ZoneInfo = SHANGHAI

    def contains(self, at: datetime) -> bool:
        local = at.astimezone(self.zone).time()
        if self.start == self.end:
            return True
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone.key}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be looked at and how; `*.name` stands for every name below `name`, and an exclusion always wins.

    An excluded name excludes the names below it too; networks are written as CIDR.
    """

    assets: tuple[str, ...]
    methods: tuple[LookMethod, ...]
    hours: DailyHours = DailyHours()
    max_new_per_second: int = MAX_NEW_PER_SECOND
    excluded_names: tuple[str, ...] = ()
    excluded_networks: tuple[str, ...] = ()
    excluded_ports: tuple[int, ...] = ()

    def covers(self, name: str) -> bool:
        wanted = plain_name(name)
        for entry in self.assets:
            listed = plain_name(entry.removeprefix("*."))
            if wanted.endswith(f".{listed}") if entry.startswith("*.") else wanted == listed:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Consent:
    """Who allowed what, by which text, until when; a withdrawal is a further record, never an edit."""

    consent_id: ConsentId
    insured: str
    signed_by: str
    authority: str
    text_version: str
    text_sha256: str
    scope: Scope
    valid: Term
    signed_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One link of the chain: a consent as it was recorded, and the hash that seals it to the link before."""

    consent: Consent
    previous_hash: str
    entry_hash: str


def plain_name(name: str) -> str:
    """A DNS name as it is compared: lower case, ASCII form, no closing dot."""
    text = name.strip().rstrip(".").lower()
    if text.isascii():
        return text
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:
        return text


def consent_text(consent: Consent) -> str:
    """The one written form of a consent that is hashed."""
    scope = consent.scope
    record = {
        "consent_id": str(consent.consent_id),
        "insured": consent.insured,
        "signed_by": consent.signed_by,
        "authority": consent.authority,
        "text_version": consent.text_version,
        "text_sha256": consent.text_sha256,
        "signed_at": _instant(consent.signed_at),
        "valid_from": _instant(consent.valid.start),
        "valid_to": _instant(consent.valid.end),
        "withdrawn_at": _instant(consent.withdrawn_at) if consent.withdrawn_at else None,
        "scope": {
            "assets": scope.assets,
            "methods": scope.methods,
            "hours": [scope.hours.start.isoformat(), scope.hours.end.isoformat(), scope.hours.zone.key],
            "max_new_per_second": scope.max_new_per_second,
            "excluded_names": scope.excluded_names,
            "excluded_networks": scope.excluded_networks,
            "excluded_ports": scope.excluded_ports,
        },
    }
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def chain_hash(previous: str, record: Consent) -> str:
    """The seal of a link: it covers the record and, through the hash before it, everything recorded earlier."""
    return hashlib.sha256(f"{previous}\n{consent_text(record)}".encode()).hexdigest()


def append_consent(chain: tuple[ConsentEntry, ...], record: Consent) -> tuple[ConsentEntry, ...]:
    """The chain with one more record at its end; a correction or a withdrawal is a further record."""
    previous = chain[-1].entry_hash if chain else CHAIN_START
    return (*chain, ConsentEntry(record, previous, chain_hash(previous, record)))


def withdraw(consent: Consent, at: datetime) -> Consent:
    """The record to append when the insured takes its consent back."""
    return replace(consent, withdrawn_at=at)


def consent_on_record(chain: Iterable[ConsentEntry], consent_id: ConsentId) -> Consent | None:
    """The newest record of one consent; the older ones stay in the chain."""
    records = [entry.consent for entry in chain if entry.consent.consent_id == consent_id]
    return records[-1] if records else None


def verify_chain(chain: Iterable[ConsentEntry]) -> Refusal | None:
    """The first link that does not follow from the one before it, or nothing.

    A chain that was cut at its end still verifies: compare its last hash with the one kept elsewhere.
    """
    previous = CHAIN_START
    for number, entry in enumerate(chain, start=1):
        if entry.previous_hash != previous or entry.entry_hash != chain_hash(previous, entry.consent):
            return refuse(
                "consent_chain_broken",
                f"consent chain, link {number}",
                zh=f"授权记录链第 {number} 条（授权 {entry.consent.consent_id}）与其散列值不符："
                "记录被改动、插入或删除。请停止扫描，从备份恢复该链并核对。",
                en=f"Link {number} of the consent chain does not match its hash (consent {entry.consent.consent_id}): "
                "a record was changed, inserted or removed. Stop scanning, restore the chain and compare.",
            )
        previous = entry.entry_hash
    return None


def check_consent(consent: Consent) -> tuple[Refusal, ...]:
    """Everything that keeps a consent from being recorded; a record without refusal can be read by `may_look`."""
    where, scope = f"consent {consent.consent_id}", consent.scope
    found = [_bad_network(where, text) for text in scope.excluded_networks]
    found += [_bad_port(where, port) for port in scope.excluded_ports]
    found.append(_bad_rate(where, scope.max_new_per_second))
    if not scope.assets or not scope.methods:
        found.append(
            refuse(
                "consent_empty",
                where,
                zh="授权书没有写明资产或检查方式；请至少写明一项资产和一种检查方式。",
                en="The consent names no asset or no method of looking; name at least one of each.",
            )
        )
    if consent.valid.end <= consent.valid.start:
        found.append(
            refuse(
                "consent_ends_before_start",
                where,
                zh=f"授权自 {consent.valid.start} 起，却于 {consent.valid.end} 止；请更正有效期。",
                en=f"The consent starts at {consent.valid.start} but ends at {consent.valid.end}; correct the period.",
            )
        )
    return tuple(refusal for refusal in found if refusal)


def _bad_network(where: str, text: str) -> Refusal | None:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return refuse(
            "network_unreadable",
            where,
            zh=f"排除网段“{text}”不是 CIDR 写法；请写成例如 203.0.113.0/24。",
            en=f'The excluded network "{text}" is not in CIDR form; write it like 203.0.113.0/24.',
        )
    return None


def _bad_port(where: str, port: int) -> Refusal | None:
    if 0 < port < 65_536:
        return None
    return refuse(
        "port_unreadable",
        where,
        zh=f"排除端口 {port} 不在 1 至 65535 之间；请更正。",
        en=f"The excluded port {port} is not between 1 and 65535; correct it.",
    )


def _bad_rate(where: str, rate: int) -> Refusal | None:
    if 0 < rate <= MAX_NEW_PER_SECOND:
        return None
    return refuse(
        "rate_out_of_bounds",
        where,
        zh=f"授权写明每台主机每秒 {rate} 个新连接，允许范围为 1 至 {MAX_NEW_PER_SECOND}；请改小。",
        en=f"The consent says {rate} new connections a second and host, the bounds are 1 to {MAX_NEW_PER_SECOND}; "
        "correct the rate.",
    )
