"""Findings in the interchange form of the field: OCSF 1.5, class 2002 Vulnerability Finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Language
from ringwall.evidence.finding import Finding, FindingStatus, MatchBasis, Severity

STATUS = {
    FindingStatus.OPEN: 1,
    FindingStatus.NOTIFIED: 2,
    FindingStatus.FIXED: 2,
    FindingStatus.DISPUTED: 2,
    FindingStatus.RESOLVED: 4,
}
"""New, in progress, resolved. A finding said to be fixed is in progress until a look shows it."""

CONFIDENCE = {
    MatchBasis.OBSERVED_BEHAVIOUR: 3,
    MatchBasis.BANNER: 2,
    MatchBasis.SELF_REPORTED: 2,
    MatchBasis.VERSION_INFERRED: 1,
}
VEX = {FindingStatus.RESOLVED: "fixed", FindingStatus.DISPUTED: "under_investigation"}
Ocsf = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FindingContext:
    """What an exported finding says beside itself: under which consent and rules it was made, and for what."""

    insured: str
    phase: str
    consent_id: str
    asset_control: str
    rules_version: str
    policy: str | None = None


def ocsf(finding: Finding, context: FindingContext, language: Language = "en") -> dict[str, object]:
    """One finding as an OCSF event; the insurer's own facts stand under `unmapped.insurance`."""
    seen = _milliseconds(finding.last_seen)
    closed = finding.status is FindingStatus.RESOLVED
    activity = 3 if closed else 1 if finding.first_seen == finding.last_seen else 2
    return {
        "metadata": {"version": "1.5.0", "product": {"name": "Ringwall", "vendor_name": "Ringwall"}},
        "category_uid": 2,
        "class_uid": 2002,
        "activity_id": activity,
        "type_uid": 200200 + activity,
        "time": seen,
        "severity_id": int(finding.severity),
        "status_id": STATUS[finding.status],
        "confidence_id": CONFIDENCE[finding.basis],
        "risk_level_id": _risk_level(finding),
        "finding_info": {
            "uid": finding.uid,
            "title": finding.title.in_language(language),
            "desc": finding.advice.in_language(language),
            "types": ["Exposure"],
            "first_seen_time": _milliseconds(finding.first_seen),
            "last_seen_time": seen,
            "analytic": {"uid": finding.check, "type_id": 1, "version": context.rules_version},
        },
        "resources": [_resource(finding)],
        "vulnerabilities": [_vulnerability(finding, language)],
        "evidences": [{"data": {"sha256": finding.evidence_sha256}}],
        "unmapped": {"insurance": _insurance(finding, context)},
    }


def _risk_level(finding: Finding) -> int:
    """OCSF risk levels 0 (info) to 4 (critical): one below the severity; a guess from a version is low at most."""
    level = int(finding.severity) - 1
    return min(level, 1) if finding.basis is MatchBasis.VERSION_INFERRED else level


def _resource(finding: Finding) -> Ocsf:
    _, _, port = finding.locator.rpartition(":")
    resource: dict[str, object] = {"uid": finding.asset, "name": finding.asset, "type": "host"}
    if port.isdigit():
        resource["data"] = {"port": int(port), "transport": "tcp"}
    return resource


def _vulnerability(finding: Finding, language: Language) -> Ocsf:
    known: dict[str, object] = {
        "title": finding.title.in_language(language),
        "severity": Severity(finding.severity).name.title(),
    }
    if finding.cve:
        cve: dict[str, object] = {"uid": finding.cve}
        if finding.epss is not None and finding.score_date is not None:
            cve["epss"] = {"score": f"{finding.epss:.5f}", "version": finding.score_date.isoformat()}
        known["cve"] = cve
    if finding.known_exploited is not None:
        known["is_exploit_available"] = finding.known_exploited
    return known


def _insurance(finding: Finding, context: FindingContext) -> Ocsf:
    return {
        "insured_id": context.insured,
        "policy_id": context.policy,
        "phase": context.phase,
        "consent_id": context.consent_id,
        "asset_control": context.asset_control,
        "peril": list(finding.perils),
        "rating_factor": finding.factor or None,
        "may_price": finding.may_price,
        "kev": finding.known_exploited,
        "match_basis": str(finding.basis),
        "vex_status": VEX.get(finding.status, "affected"),
        "score_date": finding.score_date.isoformat() if finding.score_date else None,
    }


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
