"""A report of somebody else's scanner in one form for all: the insured's word, so that it never moves a price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringwall.basics import Refusal, Words
from ringwall.evidence.finding import Finding, FindingStatus, MatchBasis, Severity, finding_uid


class SaidState(StrEnum):
    """What is said of a weakness; `seen` is a fact that is none."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not_affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Reported:
    """One thing that the file says: `rule` in its tool's own terms, `place` a host, host:port, file or package."""

    rule: str
    place: str
    severity: Severity
    title: str
    cve: str = ""
    detail: str = ""
    state: SaidState = SaidState.AFFECTED


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was read: what it says, and a refusal at the place of every part that could not be read."""

    tool: str
    sha256: str
    reported: tuple[Reported, ...]
    refusals: tuple[Refusal, ...]


def findings_of(upload: Upload, insured: str, at: datetime, *, asset: str = "") -> tuple[Finding, ...]:
    """What the file reports as open: the insured's own word, so that it gives a notice and never moves a price.

    `asset` is where files and packages belong that name no host.
    """
    found: dict[str, Finding] = {}
    for said in upload.reported:
        if said.state is SaidState.AFFECTED:
            finding = _finding(upload, said, insured, at, asset or host_of(said.place))
            known = found.get(finding.uid)
            if known is None or finding.severity > known.severity:
                found[finding.uid] = finding
    return tuple(sorted(found.values(), key=lambda f: (f.asset, f.locator, f.check)))


def reported_by(finding: Finding) -> str:
    """The tool of somebody else from whose report alone a finding is known; empty where our own looks see it."""
    return finding.check.partition(":")[0] if finding.basis is MatchBasis.SELF_REPORTED else ""


def _finding(upload: Upload, said: Reported, insured: str, at: datetime, asset: str) -> Finding:
    check = f"{upload.tool}:{said.rule}"
    return Finding(
        finding_uid(insured, asset, check, said.place),
        check,
        asset,
        said.place,
        said.severity,
        MatchBasis.SELF_REPORTED,
        Words(said.title, said.title),
        Words(
            f"{upload.tool} 报告：{said.detail or said.title}；请修复，或说明为何不受影响。",
            f"{upload.tool} reports: {said.detail or said.title}; repair it or state why it does not affect you.",
        ),
        (),
        "",
        at,
        at,
        FindingStatus.OPEN,
        upload.sha256,
        said.cve,
    )


def host_of(place: str) -> str:
    """The host of a place `host:port`, or the place itself."""
    host, colon, port = place.rpartition(":")
    return host if colon and port.isdigit() else place
