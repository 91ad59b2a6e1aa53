"""What a look saw, how each look ended, and the finding: what it means, in the one form for every scanner."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from ringwall.basics import Refusal, Words


class Severity(IntEnum):
    """OCSF severity_id."""

    INFO = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5


class FindingStatus(StrEnum):
    """A finding is closed by a look that does not see it any more, never by a statement alone."""

    OPEN = "open"
    NOTIFIED = "notified"
    FIXED = "fixed"
    RESOLVED = "resolved"
    DISPUTED = "disputed"


class MatchBasis(StrEnum):
    """How sure a look is: what was done with the service, what it said, or what its version suggests."""

    OBSERVED_BEHAVIOUR = "observed_behaviour"
    BANNER = "banner"
    VERSION_INFERRED = "version_inferred"
    SELF_REPORTED = "self_reported"


@dataclass(frozen=True, slots=True)
class Observation:
    """What one probe saw at one place, before any judgement; `says` is the probe's own small vocabulary."""

    probe: str
    asset: str
    locator: str
    says: str
    seen_at: datetime
    evidence_sha256: str
    detail: str = ""


PORT_CLOSED = "port_closed"
"""Why a service was not asked although the place was looked at: nothing listens there."""


class Outcome(StrEnum):
    """How a look ended; none ends silently empty."""

    COMPLETED = "completed"
    FAILED = "failed"
    NOT_SCHEDULED = "not_scheduled"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One look of one probe at one place, and why it saw nothing where it did not complete."""

    probe: str
    asset: str
    locator: str
    outcome: Outcome
    reason: str = ""

    @property
    def settles(self) -> bool:
        """Whether what was not seen here is not there: the look completed, or its port is closed."""
        return self.outcome is Outcome.COMPLETED or self.reason == PORT_CLOSED


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything one scan saw, everything it was not allowed to look at, and how every look ended."""

    at: datetime
    observations: tuple[Observation, ...]
    skipped: tuple[Refusal, ...]
    attempts: tuple[Attempt, ...]

    def settled(self) -> frozenset[tuple[str, str, str]]:
        """The places (probe, asset, locator) at which every look of this scan settled."""
        places = {(a.probe, a.asset, a.locator) for a in self.attempts}
        return frozenset(places - {(a.probe, a.asset, a.locator) for a in self.attempts if not a.settles})


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakness at one place of one insured; `uid` is the same in every later scan.

    `perils` are codes of the risk model (RAN, DB, ...) that the weakness bears on; `factor` names the filed
    rating factor, empty where the finding may give a notice and a referral but never a price.
    """

    uid: str
    check: str
    asset: str
    locator: str
    severity: Severity
    basis: MatchBasis
    title: Words
    advice: Words
    perils: tuple[str, ...]
    factor: str
    first_seen: datetime
    last_seen: datetime
    status: FindingStatus
    evidence_sha256: str
    cve: str = ""
    known_exploited: bool | None = None
    epss: float | None = None
    score_date: date | None = None

    @property
    def may_price(self) -> bool:
        """Only observed behaviour moves a price (docs/decisions/0010); resolved findings move nothing."""
        return bool(self.factor) and self.basis is MatchBasis.OBSERVED_BEHAVIOUR and self.is_open

    @property
    def is_open(self) -> bool:
        return self.status is not FindingStatus.RESOLVED


def finding_uid(insured: str, asset: str, check: str, locator: str) -> str:
    """Stable over scans: the hash of insured, asset, check and locator."""
    return hashlib.sha256("\x1f".join((insured, asset, check, locator)).encode()).hexdigest()[:32]
