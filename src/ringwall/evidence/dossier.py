"""The dossier: all that is known of an insured on a date, and what the insurer knew when."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ringwall.evidence.control import Answer, Contradiction, ControlStanding, Standing
from ringwall.evidence.finding import Finding, Observation
from ringwall.evidence.rules import Control
from ringwall.evidence.standing import contradictions, judge_controls
from ringwall.evidence.traffic import Indicator
from ringwall.exposure import Asset


@dataclass(frozen=True, slots=True)
class Dossier:
    """Controls and findings as judged at `at`; a later dossier does not change an earlier one."""

    insured: str
    at: datetime
    controls: tuple[ControlStanding, ...]
    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    indicators: tuple[Indicator, ...]

    def standing(self, control: str) -> Standing:
        """A control that nobody judged is unknown."""
        return next((each.standing for each in self.controls if each.control == control), Standing.UNKNOWN)

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """The gravest first."""
        still_open = [finding for finding in self.findings if finding.is_open]
        return tuple(sorted(still_open, key=lambda f: (-f.severity, f.locator, f.check)))

    @property
    def sha256(self) -> str:
        """The hash under which the insurer's knowledge on this date is recorded."""
        return hashlib.sha256(dossier_text(self).encode()).hexdigest()


def dossier_text(dossier: Dossier) -> str:
    """The one written form of a dossier: a line for each fact, in a fixed order."""
    lines = [f"insured\t{dossier.insured}\t{_instant(dossier.at)}"]
    lines += [f"control\t{c.control}\t{c.standing}\t{c.source}\t{_instant(c.seen_at)}" for c in dossier.controls]
    lines += [
        f"finding\t{f.uid}\t{f.check}\t{f.locator}\t{f.severity.name}\t{f.status}\t{f.basis}\t{f.evidence_sha256}"
        f"\t{_instant(f.first_seen)}\t{_instant(f.last_seen)}"
        for f in dossier.findings
    ]
    lines += [f"contradiction\t{c.control}\t{c.answer}\t{c.look}" for c in dossier.contradictions]
    lines += [f"indicator\t{i.code}\t{i.host}\t{i.day}\t{i.value}\t{i.raised}" for i in dossier.indicators]
    return "\n".join([lines[0], *sorted(lines[1:])]) + "\n"


def compile_dossier(
    insured: str,
    at: datetime,
    answers: Sequence[Answer],
    findings: Sequence[Finding],
    observations: Sequence[Observation],
    controls: Sequence[Control],
    assets: Sequence[Asset] = (),
    indicators: Sequence[Indicator] = (),
) -> Dossier:
    """Judge everything at one instant; what was learned after it does not count."""
    known = tuple(finding for finding in findings if finding.first_seen <= at)
    return Dossier(
        insured,
        at,
        judge_controls(answers, known, observations, at, controls, assets),
        known,
        contradictions(answers, known, at, controls),
        tuple(indicators),
    )


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else "-"
