"""Assets and the proof of who controls them: without a proof and a consent no packet leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PROOF_HOLDS_FOR = timedelta(days=90)
"""A proof of control is looked at again after ninety days, and before every active scan."""


class AssetKind(StrEnum):
    DOMAIN = "domain"
    HOST = "host"


class ProofMethod(StrEnum):
    """How control was proved: a TXT record in the zone, or a token on the host's own web service."""

    DNS_TXT = "dns-01"
    HTTP_TOKEN = "http-01"


@dataclass(frozen=True, slots=True)
class Asset:
    """A thing of the insured that can be looked at from outside, by its name in the DNS."""

    name: str
    kind: AssetKind
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class ControlProof:
    """One observation that the insured controls an asset; a failed look is an observation too.

    `addresses` is where the token was served from; a look at the asset elsewhere needs a new proof. A DNS proof
    has none.
    """

    asset: str
    method: ProofMethod
    proved: bool
    seen_at: datetime
    detail: str = ""
    addresses: tuple[str, ...] = ()

    def holds(self, at: datetime) -> bool:
        return self.proved and timedelta(0) <= at - self.seen_at <= PROOF_HOLDS_FOR
