"""A scan of the labs finds exactly what was put there, whatever address, order and clock they run under."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml
from tests.shell.probes.conftest import AT, DATA, IMPATIENT, consent_for, look_over, plan_of, prove_zone, proved

from ringwall.evidence import FindingStatus, Outcome, Rules, ScanResult, Severity, find, merge
from ringwall.exposure import Asset, AssetKind
from ringwall.shell.probes import Gate, Places, Target, scan, scan_through
from ringwall.shell.probes.gate import Conversation
from ringwall.shell.probes.lab import Lab, read_plan, start_lab

EXPECTED = yaml.load((DATA / "expected.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
STAGES = [(lab, stage) for lab, stages in EXPECTED.items() for stage in stages]
Listed = Callable[[ScanResult], list[list[str]]]


@pytest.mark.parametrize(("name", "stage"), STAGES)
def test_a_scan_finds_exactly_what_is_there(name: str, stage: str, listed: Listed) -> None:
    with start_lab(stage, plan_of(name)) as lab:
        result = look_over(lab)
    assert listed(result) == sorted(EXPECTED[name][stage])
    failed = [attempt.asset for attempt in result.attempts if attempt.outcome is Outcome.FAILED]
    assert set(failed) <= {"odd.zoo.test"}, "only services on another's port fail to answer"
    assert not result.skipped


def test_a_well_kept_insured_gets_no_finding_above_info(rules: Rules) -> None:
    with start_lab("kept", plan_of("well_kept")) as lab:
        result = look_over(lab)
    assert result.observations
    assert all(f.severity is Severity.INFO for f in find("insured", result.observations, result.at, rules))


def test_findings_are_the_same_on_every_address_and_in_every_order(rules: Rules) -> None:
    backwards = plan_of("jiangkou")
    backwards = replace(backwards, stages={name: rows[::-1] for name, rows in backwards.stages.items()})
    with start_lab("drift") as first, start_lab("fixed", backwards) as second:
        assert first.address_of("www") != second.address_of("www")
        second.switch("drift")
        results = [look_over(lab) for lab in (first, second)]
    one, two = (find("insured", result.observations, AT, rules) for result in results)
    assert one == two
    assert results[0] == results[1]


def test_no_observation_carries_an_address() -> None:
    with start_lab("drift") as lab:
        result = look_over(lab)
        network = lab.address_of("www").rpartition(".")[0]
    assert network not in repr(result)


def test_the_year_of_the_case_opens_and_closes_what_it_should(rules: Rules) -> None:
    """Binding, drift and repair as three scans of one register; RDP and Redis are closed by a look, not by words."""
    register: tuple = ()
    with start_lab("binding") as lab:
        for stage, days in (("binding", 0), ("drift", 77), ("fixed", 87)):
            at = AT + timedelta(days=days)
            lab.switch(stage)
            result = look_over(lab, at, proofs=prove_zone(lab, at))
            register = merge(register, find("insured", result.observations, at, rules), result, rules)
    status = {f.check: (f.status, f.first_seen, f.last_seen) for f in register}
    gone, still = FindingStatus.RESOLVED, FindingStatus.OPEN
    bound, drifted, fixed = (AT + timedelta(days=days) for days in (0, 77, 87))
    assert status == {
        "svc.redis.open": (gone, bound, drifted),
        "CVE-2025-49844": (gone, bound, drifted),
        "svc.rdp.open": (gone, drifted, drifted),
        "web.git.exposed": (still, bound, fixed),
        "tls.certificate.expired": (still, bound, fixed),
        "mail.dmarc.missing": (still, bound, fixed),
    }


BROKEN = """
zone: broken.test
name_server: ns1
dns_port: 5300
http_port: 8080
hosts: {ns1: 1, bad: 10}
records: []
stages:
  silent: [SERVICES]
"""
PORTS = (2121, 2323, 3389, 5432, 5900, 6379, 8000, 8080, 8443, 9200, 11211, 27017)


@pytest.mark.parametrize("kind", ["silent", "dripping", "garbage", "hanging_up"])
def test_a_broken_service_neither_hangs_the_scan_nor_makes_a_finding(kind: str, rules: Rules) -> None:
    services = ", ".join(f"{{host: bad, port: {port}, service: {kind}}}" for port in PORTS)
    with start_lab("silent", read_plan(BROKEN.replace("SERVICES", services))) as lab:
        result = look_over(lab, limits=IMPATIENT)
    found = find("insured", result.observations, result.at, rules)
    assert {finding.check for finding in found} <= {
        "mail.dmarc.missing", "mail.spf.missing", "dns.caa.missing", "dns.servers.single",
        "svc.database.reachable", "svc.remote_screen.reachable",
    }  # fmt: skip
    at_services = [attempt for attempt in result.attempts if attempt.probe not in ("ports", "mail", "records", "zone")]
    assert {attempt.locator for attempt in at_services} == {f"bad.broken.test:{port}" for port in PORTS}
    assert all(attempt.reason for attempt in at_services if attempt.outcome is Outcome.FAILED)


def test_what_hangs_stays_open_in_the_register(rules: Rules) -> None:
    """A look that failed settles nothing: the finding of before is not resolved by a service that went silent."""
    weak = read_plan(BROKEN.replace("SERVICES", "{host: bad, port: 6379, service: redis}"))
    mute = read_plan(BROKEN.replace("SERVICES", "{host: bad, port: 6379, service: silent}"))
    register: tuple = ()
    for days, plan in enumerate((weak, mute)):
        at = AT + timedelta(days=days)
        with start_lab("silent", plan) as lab:
            result = look_over(lab, at)
        register = merge(register, find("insured", result.observations, at, rules), result, rules)
    assert [f.status for f in register if f.check == "svc.redis.open"] == [FindingStatus.OPEN]


class WalledGate(Gate):
    """A gate to hosts behind a wall that drops packets from the given connection on."""

    def __init__(self, lab: Lab, drops_from: int) -> None:
        zone = lab.plan.zone
        super().__init__(consent_for(zone), proved(zone), lab.resolver, lambda: AT, allow_loopback=True)
        self._left = drops_from
        self.drops_only: frozenset[int] = frozenset()
        self.failure: OSError = TimeoutError()

    def open(self, target: Target, *rest: object, **more: object) -> AbstractAsyncContextManager[Conversation]:  # type: ignore[override]
        self._left -= 1
        if self._left < 0 or target.port in self.drops_only:
            return Dropped(self.failure)
        return super().open(target, *rest, **more)  # type: ignore[arg-type]


class Dropped(AbstractAsyncContextManager[Conversation]):
    def __init__(self, failure: OSError) -> None:
        self._failure = failure

    async def __aenter__(self) -> Conversation:
        raise self._failure

    async def __aexit__(self, *_: object) -> None: ...


ERP = Asset("erp.jiangkou.test", AssetKind.HOST)


def look_through(gate: WalledGate, lab: Lab) -> ScanResult:
    return asyncio.run(scan_through(gate, (ERP,), AT, Places(lab.ports)))


def test_a_host_that_answers_nowhere_is_a_failed_look_and_not_a_clean_one() -> None:
    with start_lab("binding") as lab:
        result = look_through(WalledGate(lab, drops_from=0), lab)
    assert result.observations == ()
    assert {(a.outcome, a.reason) for a in result.attempts} == {
        (Outcome.FAILED, "host_silent"),
        (Outcome.NOT_SCHEDULED, "port_unknown"),
    }
    assert not result.settled()


def test_a_host_that_shuts_us_out_during_the_sweep_is_not_clean_either() -> None:
    with start_lab("fixed") as lab:
        result = look_through(WalledGate(lab, drops_from=3), lab)
    assert len(result.observations) == 3
    assert {a.reason for a in result.attempts if a.outcome is Outcome.FAILED} == {"shut_out"}
    assert ("redis", ERP.name, f"{ERP.name}:6379") not in result.settled()


def test_a_port_behind_a_wall_counts_as_closed_while_the_host_answers_elsewhere() -> None:
    with start_lab("binding") as lab:
        gate = WalledGate(lab, drops_from=1_000)
        gate.drops_only = frozenset({6379})
        result = look_through(gate, lab)
    assert {o.says for o in result.observations if o.locator.endswith(":6379")} == {"filtered"}
    assert ("redis", ERP.name, f"{ERP.name}:6379") in result.settled()


@pytest.mark.parametrize(
    ("number", "settles"), [(errno.EHOSTUNREACH, True), (errno.EMFILE, False), (errno.ENETUNREACH, False)]
)
def test_what_fails_on_our_own_machine_settles_nothing(number: int, settles: bool) -> None:
    """A wall may answer that there is no way; having no file left, or no network, says nothing of the port."""
    with start_lab("binding") as lab:
        gate = WalledGate(lab, drops_from=1_000)
        gate.drops_only, gate.failure = frozenset({6379}), OSError(number, "as the kernel says")
        result = look_through(gate, lab)
    assert (("redis", ERP.name, f"{ERP.name}:6379") in result.settled()) is settles


def test_a_name_without_address_is_a_failed_look() -> None:
    with start_lab("binding") as lab:
        gone = Asset("gone.jiangkou.test", AssetKind.HOST)
        consent, proofs = consent_for("jiangkou.test"), proved("jiangkou.test")
        result = scan((gone,), consent, proofs, lab.resolver, AT, allow_loopback=True)
    assert [(a.outcome, a.reason) for a in result.attempts] == [(Outcome.FAILED, "no_address")]


def test_without_consent_or_proof_a_scan_looks_at_nothing_and_says_why() -> None:
    with start_lab("binding") as lab:
        unproved = look_over(lab, proofs=())
        unconsented = look_over(lab, consent=None)
        talks = lab.visits
    assert talks == 0
    assert {refusal.code for refusal in unproved.skipped} == {"no_proof"}
    assert {refusal.code for refusal in unconsented.skipped} == {"no_consent"}
    assert {seen.probe for seen in unproved.observations} == {"mail", "records"}
    assert all(attempt.outcome is Outcome.NOT_SCHEDULED for attempt in unconsented.attempts)


def test_what_is_excluded_gets_no_packet(rules: Rules) -> None:
    with start_lab("drift") as lab:
        network = lab.address_of("erp")
        careful = consent_for(
            "jiangkou.test",
            excluded_names=("plant-gw.jiangkou.test",),
            excluded_networks=(f"{network}/32",),
            excluded_ports=(8080,),
        )
        result = look_over(lab, consent=careful)
        visited = lab.visited
    assert visited == {("mail", 8443)}
    found = {finding.check for finding in find("insured", result.observations, AT, rules)}
    assert found == {"tls.certificate.expired", "mail.dmarc.missing"}
    assert {refusal.code for refusal in result.skipped} == {"excluded"}
    assert not {place for place in result.settled() if place[1].startswith(("plant-gw", "erp"))}


def test_another_name_of_an_excluded_host_is_excluded_too() -> None:
    """The zone's `alias` has the address of the excluded host: the packet would reach it all the same."""
    plan = plan_of("jiangkou")
    plan = replace(plan, hosts={**plan.hosts, "alias": plan.hosts["erp"]})
    with start_lab("binding", plan) as lab:
        result = look_over(lab, consent=consent_for("jiangkou.test", excluded_names=("erp.jiangkou.test",)))
        visited = lab.visited
    assert not {place for place in visited if place[0] == "erp"}
    assert {r.where for r in result.skipped if r.code == "excluded"} >= {"alias.jiangkou.test", "erp.jiangkou.test"}


def test_a_stopped_scan_says_so_for_every_look() -> None:
    with start_lab("binding") as lab:
        result = look_over(lab, stop=lambda: True)
        talks = lab.visits
    assert talks == 0
    assert {refusal.code for refusal in result.skipped} == {"scan_stopped"}
    assert all(attempt.outcome is Outcome.NOT_SCHEDULED for attempt in result.attempts)


def test_an_exclusion_that_cannot_be_resolved_stops_every_packet() -> None:
    """The lab's resolver refuses names of other zones: where the excluded host lies is unknown."""
    with start_lab("binding") as lab:
        result = look_over(lab, consent=consent_for("jiangkou.test", excluded_names=("legacy.elsewhere.test",)))
        visits = lab.visits
    assert visits == 0
    assert {refusal.code for refusal in result.skipped} == {"exclusion_unresolved"}
