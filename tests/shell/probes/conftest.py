"""A lab to look at, the consent and the proof to do it under, and one call that scans it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from ringwall import catalogue
from ringwall.basics import SHANGHAI, ConsentId, Term
from ringwall.evidence import Finding, Rules, ScanResult, find, parse_rules
from ringwall.exposure import Consent, ControlProof, LookMethod, ProofMethod, Scope, issue_challenge
from ringwall.shell.probes import Limits, check_control, scan
from ringwall.shell.probes.lab import Lab, LabPlan, case_plan, read_plan

AT = datetime(2025, 12, 15, 10, tzinfo=SHANGHAI)
DATA = Path(__file__).parent / "data"
PATIENT = Limits(connect_seconds=3.0, look_seconds=3.0)
IMPATIENT = Limits(connect_seconds=0.5, look_seconds=0.5)


def plan_of(name: str) -> LabPlan:
    return case_plan() if name == "jiangkou" else read_plan((DATA / f"{name}.yaml").read_text("utf-8"))


def consent_for(zone: str, **scope: object) -> Consent:
    allowed = Scope((zone, f"*.{zone}"), (LookMethod.PASSIVE, LookMethod.ACTIVE), **scope)  # type: ignore[arg-type]
    valid = Term(AT - timedelta(days=1), AT + timedelta(days=400))
    return Consent(ConsentId(UUID(int=1)), "insured", "Chen Lan", "manager", "2026-01", "0" * 64, allowed, valid, AT)


def proved(zone: str, at: datetime = AT) -> tuple[ControlProof, ...]:
    """As if the token had been found in the zone; how it is found is tested with the proofs."""
    return (ControlProof(zone, ProofMethod.DNS_TXT, True, at),)


def look_over(lab: Lab, at: datetime = AT, **options: object) -> ScanResult:
    """One scan of all hosts of a lab."""
    zone = lab.plan.zone
    given: dict[str, object] = {"consent": consent_for(zone), "proofs": proved(zone, at), "limits": PATIENT}
    given |= options
    return scan(
        lab.assets,
        resolver=lab.resolver,
        at=at,
        allow_loopback=True,
        swept_ports=lab.ports,
        name_server_port=lab.dns_port,
        **given,  # type: ignore[arg-type]
    )


def prove_zone(lab: Lab, at: datetime) -> tuple[ControlProof, ...]:
    """Publish the token as the insured would, and find it."""
    challenge = issue_challenge(b"key", "insured", lab.plan.zone, ProofMethod.DNS_TXT, f"nonce {at}", at)
    lab.publish_challenge(challenge)
    found = check_control([challenge], consent_for(lab.plan.zone), lab.resolver, at, allow_loopback=True)
    return tuple(proof for proof in found if isinstance(proof, ControlProof))


@pytest.fixture(scope="session")
def rules() -> Rules:
    read = parse_rules(catalogue.read_folder("controls")["checks.yaml"], "checks.yaml")
    assert isinstance(read, Rules), read
    return read


@pytest.fixture(scope="session")
def listed(rules: Rules) -> Callable[[ScanResult], list[list[str]]]:
    """The findings of a scan as the expected lists write them."""

    def rows(result: ScanResult) -> list[list[str]]:
        return sorted(row(finding) for finding in find("insured", result.observations, result.at, rules))

    def row(finding: Finding) -> list[str]:
        return [finding.locator, finding.check, finding.severity.name, finding.factor]

    return rows
