"""One place that a probe looks at, with the address pinned at scan time, and the observation it hands back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.evidence import Observation


@dataclass(frozen=True, slots=True)
class Target:
    """`address` is empty and `port` 0 for a look that sends the insured's hosts no packet."""

    asset: str
    address: str
    port: int
    seen_at: datetime

    @property
    def locator(self) -> str:
        """The name of the place in every later scan: never the address, which may change."""
        return f"{self.asset}:{self.port}" if self.port else self.asset

    def at_port(self, port: int) -> Target:
        return replace(self, port=port)


def observe(probe: str, target: Target, says: str, evidence: bytes = b"", detail: str = "") -> Observation:
    """What was seen, with the hash of the exact answer as its evidence."""
    digest = hashlib.sha256(evidence).hexdigest()
    return Observation(probe, target.asset, target.locator, says, target.seen_at, digest, detail)
