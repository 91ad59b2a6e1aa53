"""Re-test of a finding: a statement that it is fixed closes nothing, a later look that does not see it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringwall.evidence import Finding, ScanResult


class RetestResult(StrEnum):
    """Not seen is neither passed nor failed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class Look:
    """One judged look at the place of a finding: seen there, not there, or (None) the place was not reached."""

    finding: str
    looked_at: datetime
    sees_it: bool | None
    evidence_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Retest:
    """The result, with the look that decides it; `passed_at` is set only where the re-test passed."""

    finding: str
    result: RetestResult
    decided_by: Look | None

    @property
    def passed_at(self) -> datetime | None:
        return self.decided_by.looked_at if self.decided_by and self.result is RetestResult.PASSED else None


def look_again(finding: Finding, scan: ScanResult, register: Iterable[Finding]) -> Look:
    """What a later scan says of an earlier finding, by the register after that scan (`evidence.merge`).

    Seen where an observation of this scan shows it, gone where the register has it as resolved; otherwise the scan
    did not reach its place.
    """
    known = next((each for each in register if each.uid == finding.uid), None)
    if known is None:
        return Look(finding.uid, scan.at, None)
    seen = (known.asset, known.locator, known.last_seen)
    if known.is_open and any((o.asset, o.locator, o.seen_at) == seen for o in scan.observations):
        return Look(finding.uid, scan.at, True, known.evidence_sha256)
    return Look(finding.uid, scan.at, None if known.is_open else False)


def retest(finding: Finding, looks: Iterable[Look]) -> Retest:
    """The newest look after the finding was last seen decides; a look that did not reach the place decides nothing.

    The re-test passed at the first of the looks without it that no later look contradicts.
    """
    later = sorted(
        (look for look in looks if look.finding == finding.uid and look.looked_at > finding.last_seen),
        key=lambda look: look.looked_at,
    )
    decisive = [look for look in later if look.sees_it is not None]
    if not decisive:
        return Retest(finding.uid, RetestResult.NOT_SEEN, None)
    if decisive[-1].sees_it:
        return Retest(finding.uid, RetestResult.FAILED, decisive[-1])
    seen_last = max((place for place, look in enumerate(decisive) if look.sees_it), default=-1)
    return Retest(finding.uid, RetestResult.PASSED, decisive[seen_last + 1])
