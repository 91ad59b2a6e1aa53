"""A scan of real services finds what was put there and says nothing that is wrong, least of all of a well-kept host."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from tests.shell.probes.conftest import AT, consent_for, proved
from tests.shell.probes.lab.real import RealLab, read, real_lab

from ringwall.evidence import (
    Finding,
    FindingContext,
    MatchBasis,
    Outcome,
    Rules,
    ScanResult,
    Severity,
    find,
    ocsf,
)
from ringwall.shell.probes import scan

EXPECTED = read("expected.yaml")
SEEDED, BESIDES = (tuple(map(tuple, EXPECTED[part])) for part in ("seeded", "besides"))
FEWEST_SEEDED, FEWEST_FOUND = 33, 30
# A port that is open has not said anything yet, and a record that is missing says nothing.
WITHOUT_ANSWER = {
    "svc.database.reachable", "svc.remote_screen.reachable",
    "mail.spf.missing", "mail.dmarc.missing", "mail.mta_sts.missing", "dns.caa.missing",
}  # fmt: skip
ZONES = tuple(read("hosts.yaml")["domains"])


@dataclass(frozen=True, slots=True)
class Look:
    """One scan of the lab and what it means; `missing` are the services that could not be started."""

    result: ScanResult
    findings: tuple[Finding, ...]
    missing: dict[str, str]

    @property
    def rows(self) -> set[tuple[str, str, str]]:
        return {(finding.locator, finding.check, finding.severity.name) for finding in self.findings}

    def possible(self, rows: tuple[tuple[str, ...], ...]) -> set[tuple[str, ...]]:
        return {row[:3] for row in rows if row[3] not in self.missing}


def scan_real(lab: RealLab) -> ScanResult:
    consent = consent_for(ZONES[0])
    names = tuple(name for zone in ZONES for name in (zone, f"*.{zone}"))
    return scan(
        lab.assets,
        replace(consent, scope=replace(consent.scope, assets=names)),
        tuple(proof for zone in ZONES for proof in proved(zone)),
        lab.resolver,
        AT,
        allow_loopback=True,
        swept_ports=lab.swept_ports,
        further_ports=lab.further_ports,
        name_server_port=lab.dns_port,
    )


@pytest.fixture(scope="module")
def look(rules: Rules) -> Iterator[Look]:
    with real_lab() as lab:
        result = scan_real(lab)
        yield Look(result, find("insured", result.observations, AT, rules), lab.missing)


@pytest.mark.parametrize("service", sorted({row[3] for row in SEEDED}))
def test_every_service_of_the_lab_runs_here(service: str, look: Look) -> None:
    if service in look.missing:
        pytest.skip(f"{service}: {look.missing[service]}")


def test_the_lab_has_enough_weaknesses() -> None:
    assert len(set(SEEDED)) == len(SEEDED) >= FEWEST_SEEDED


def test_what_was_put_there_is_found(look: Look) -> None:
    wanted = look.possible(SEEDED)
    assert wanted <= look.rows
    assert look.missing or len(wanted) >= FEWEST_FOUND


def test_no_statement_is_wrong(look: Look) -> None:
    assert look.rows <= {row[:3] for row in (*SEEDED, *BESIDES)}


def test_a_well_kept_host_gets_no_finding_above_information(look: Look) -> None:
    kept = [finding for finding in look.findings if finding.asset in EXPECTED["well_kept"]]
    assert all(finding.severity is Severity.INFO for finding in kept)
    assert {seen.asset for seen in look.result.observations} >= set(EXPECTED["well_kept"])


def test_no_look_at_a_real_service_fails(look: Look) -> None:
    assert [attempt for attempt in look.result.attempts if attempt.outcome is Outcome.FAILED] == []
    assert not look.result.skipped


def test_every_finding_is_an_event_with_its_id_its_days_its_evidence_and_its_basis(look: Look) -> None:
    context = FindingContext("insured", "pre_bind", "consent", "dns-01", "2026-01")
    events = [ocsf(finding, context) for finding in look.findings]
    assert len({event["finding_info"]["uid"] for event in events}) == len(events)  # type: ignore[index]
    assert {event["unmapped"]["insurance"]["match_basis"] for event in events} <= set(MatchBasis)  # type: ignore[index]
    silent = {finding.check for finding in look.findings if finding.evidence_sha256 == hashlib.sha256(b"").hexdigest()}
    assert silent <= WITHOUT_ANSWER
    assert all(finding.first_seen == finding.last_seen == AT for finding in look.findings)


def test_what_follows_from_a_version_alone_never_moves_a_price(look: Look) -> None:
    inferred = [finding for finding in look.findings if finding.basis is MatchBasis.VERSION_INFERRED]
    assert all(finding.severity is Severity.INFO for finding in inferred)
    assert not any(finding.may_price for finding in inferred)


def test_the_build_of_a_distribution_suggests_no_hole(look: Look) -> None:
    """Redis 7.0.15 of Debian and nginx 1.22.1 of Debian are repaired under their old versions."""
    assert not {finding.check for finding in look.findings} & {"CVE-2025-49844", "eol.nginx"}
