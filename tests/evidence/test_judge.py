"""From observations to findings, and from scan to scan: what is new, still there, gone, or not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.conftest import AT, scan_of, seen

from ringwall.basics import Words
from ringwall.evidence import (
    PORT_CLOSED,
    Attempt,
    EpssScore,
    Finding,
    FindingStatus,
    Intelligence,
    KnownExploited,
    MatchBasis,
    Outcome,
    Rules,
    Severity,
    find,
    finding_uid,
    merge,
    worst,
)

REDIS = "erp.jiangkou.test:6379"
RDP = "plant-gw.jiangkou.test:3389"
DAY = timedelta(days=1)


def test_a_weakness_becomes_a_finding_with_the_words_of_its_rule(rules: Rules) -> None:
    (finding,) = find("I-1", [seen("rdp", "nla_not_required", RDP)], AT, rules)
    assert finding.uid == finding_uid("I-1", "plant-gw.jiangkou.test", "svc.rdp.open", RDP)
    assert (finding.severity, finding.factor, finding.basis) == (
        Severity.CRITICAL,
        "rdp_exposed",
        MatchBasis.OBSERVED_BEHAVIOUR,
    )
    assert finding.title.zh == "远程桌面（RDP）可从互联网访问"
    assert finding.may_price
    assert (finding.first_seen, finding.last_seen, finding.status) == (AT, AT, FindingStatus.OPEN)


@pytest.mark.parametrize(
    ("probe", "says"), [("rdp", "not_rdp"), ("redis", "auth_required"), ("web", "nothing_exposed"), ("unknown", "open")]
)
def test_what_is_no_weakness_is_no_finding(probe: str, says: str, rules: Rules) -> None:
    assert find("I-1", [seen(probe, says, REDIS)], AT, rules) == ()


def test_the_uid_does_not_change_with_time_or_severity(rules: Rules) -> None:
    (first,) = find("I-1", [seen("rdp", "nla_required", RDP)], AT, rules)
    (later,) = find("I-1", [seen("rdp", "nla_not_required", RDP, AT + DAY)], AT + DAY, rules)
    (other,) = find("I-2", [seen("rdp", "nla_required", RDP)], AT, rules)
    assert first.uid == later.uid != other.uid
    assert first.severity < later.severity


def test_only_the_newest_look_at_a_place_counts_and_none_after_the_date(rules: Rules) -> None:
    looks = [seen("redis", "open", REDIS), seen("redis", "auth_required", REDIS, AT + DAY)]
    assert find("I-1", looks, AT + DAY, rules) == ()
    assert [f.check for f in find("I-1", looks, AT, rules)] == ["svc.redis.open"]
    assert find("I-1", looks, AT - DAY, rules) == ()


def test_an_open_database_port_is_a_notice_and_never_a_price(rules: Rules) -> None:
    (finding,) = find("I-1", [seen("ports", "open", "erp.jiangkou.test:3306")], AT, rules)
    assert finding.check == "svc.database.reachable"
    assert not finding.may_price
    assert find("I-1", [seen("ports", "open", "erp.jiangkou.test:8443")], AT, rules) == ()


INTELLIGENCE = Intelligence(
    "2025.12.01",
    date(2025, 12, 14),
    Words("样例", "sample"),
    {"CVE-2025-49844": KnownExploited("CVE-2025-49844", "Redis", "Redis", date(2025, 12, 1), True, None)},
    {"CVE-2025-49844": EpssScore("CVE-2025-49844", 0.86, 0.99, date(2025, 12, 14))},
)


@pytest.mark.parametrize(
    ("detail", "found"),
    [
        ("redis 7.0.15", True),
        ("redis 6.2.19", True),
        ("redis 6.2.20", False),
        ("redis 7.2.10", True),
        ("redis 7.2.11", False),
        ("redis 8.2.2", False),
        ("redis", False),
        ("", False),
        ("redis 7.0.15-1~deb12u6", False),
        ("redis 7.0.15 (Debian)", False),
    ],
)
def test_a_version_suggests_a_vulnerability_unless_a_distribution_built_it(
    detail: str, found: bool, rules: Rules
) -> None:
    looks = [seen("redis", "auth_required", REDIS, detail=detail)]
    assert [f.cve for f in find("I-1", looks, AT, rules)] == (["CVE-2025-49844"] if found else [])


@pytest.mark.parametrize(
    ("detail", "days", "check"),
    [
        ("Apache/2.2.15; PHP/5.6.40", 0, "eol.apache eol.php"),
        ("PHP/5.6.40-0+deb8u12", 0, ""),
        ("PHP/8.1.2", 0, ""),
        ("PHP/8.1.2", 17, "eol.php"),
        ("PHP", 0, ""),
        ("nginx/1.16.1", 0, "eol.nginx"),
        ("nginx/1.20.1", 0, ""),
        ("nginx/1.22.1", 0, ""),
        ("nginx/1.18.0", 0, ""),
        ("nginx/1.18.0", 260, "eol.nginx"),
        ("Microsoft-IIS/8.5", 0, "eol.iis"),
        ("Microsoft-IIS/10.0", 0, ""),
        ("OpenSSH_4.3", 0, "eol.openssh"),
        ("OpenSSH_9.2p1", 0, ""),
    ],
)
def test_the_end_of_life_of_a_version_is_information_and_never_a_price(
    detail: str, days: int, check: str, rules: Rules
) -> None:
    """Nothing follows before the maker's day, or from a version that a distribution built or keeps."""
    at = AT + timedelta(days=days)
    found = find("insured", [seen("web", "nothing_exposed", "www:80", at, detail)], at, rules)
    assert [finding.check for finding in found] == check.split()
    assert all(f.severity is Severity.INFO and f.basis is MatchBasis.VERSION_INFERRED for f in found)
    assert not any(finding.may_price for finding in found)


def test_what_is_inferred_from_a_version_carries_intelligence_and_never_a_price(rules: Rules) -> None:
    looks = [seen("redis", "auth_required", REDIS, detail="redis 7.0.15")]
    (finding,) = find("I-1", looks, AT, rules, INTELLIGENCE)
    assert (finding.known_exploited, finding.epss, finding.score_date) == (True, 0.86, date(2025, 12, 14))
    assert finding.basis is MatchBasis.VERSION_INFERRED
    assert not finding.may_price


def test_what_was_published_later_was_not_known_on_the_day(rules: Rules) -> None:
    looks = [seen("redis", "auth_required", REDIS, AT - 60 * DAY, "redis 7.0.15")]
    (finding,) = find("I-1", looks, AT - 60 * DAY, rules, INTELLIGENCE)
    assert finding.known_exploited is not True
    assert (finding.epss, finding.score_date) == (None, None)


# The register


def first_scan(rules: Rules) -> tuple[Finding, ...]:
    looks = (seen("redis", "open", REDIS), seen("rdp", "nla_required", RDP))
    return merge((), find("I-1", looks, AT, rules), scan_of(*looks), rules)


def test_what_is_seen_again_keeps_its_first_day(rules: Rules) -> None:
    later = AT + 30 * DAY
    looks = (seen("redis", "open", REDIS, later), seen("rdp", "nla_required", RDP, later))
    register = merge(first_scan(rules), find("I-1", looks, later, rules), scan_of(*looks, at=later), rules)
    assert {(f.first_seen, f.last_seen, f.status) for f in register} == {(AT, later, FindingStatus.OPEN)}


@pytest.mark.parametrize(
    ("outcome", "reason", "status"),
    [
        (Outcome.COMPLETED, "", FindingStatus.RESOLVED),
        (Outcome.NOT_SCHEDULED, PORT_CLOSED, FindingStatus.RESOLVED),
        (Outcome.FAILED, "TimeoutError", FindingStatus.OPEN),
        (Outcome.NOT_SCHEDULED, "no_proof", FindingStatus.OPEN),
        (Outcome.NOT_SCHEDULED, "excluded", FindingStatus.OPEN),
    ],
)
def test_a_finding_is_resolved_only_where_the_place_was_settled(
    outcome: Outcome, reason: str, status: FindingStatus, rules: Rules
) -> None:
    later = AT + DAY
    attempt = Attempt("redis", "erp.jiangkou.test", REDIS, outcome, reason)
    register = merge(first_scan(rules), (), scan_of(at=later, attempts=(attempt,)), rules)
    found = {f.check: f for f in register}
    assert found["svc.redis.open"].status is status
    assert found["svc.redis.open"].last_seen == AT
    assert found["svc.rdp.open"].status is FindingStatus.OPEN, "its place was not looked at"


def test_one_failed_look_among_several_at_a_place_settles_nothing(rules: Rules) -> None:
    place = ("redis", "erp.jiangkou.test", REDIS)
    looks = (Attempt(*place, Outcome.COMPLETED), Attempt(*place, Outcome.FAILED, "TimeoutError"))
    register = merge(first_scan(rules), (), scan_of(at=AT + DAY, attempts=looks), rules)
    assert all(f.is_open for f in register)


def test_a_statement_closes_nothing_and_a_look_that_sees_it_again_reopens(rules: Rules) -> None:
    stated = tuple(replace(f, status=FindingStatus.FIXED) for f in first_scan(rules))
    later = AT + DAY
    unseen = merge(stated, (), scan_of(at=later), rules)
    assert {f.status for f in unseen} == {FindingStatus.FIXED}
    looks = (seen("redis", "open", REDIS, later),)
    again = merge(stated, find("I-1", looks, later, rules), scan_of(*looks, at=later), rules)
    assert {f.check: f.status for f in again}["svc.redis.open"] is FindingStatus.OPEN


def test_a_dispute_stays_a_dispute_while_it_is_still_seen(rules: Rules) -> None:
    disputed = tuple(replace(f, status=FindingStatus.DISPUTED) for f in first_scan(rules))
    later = AT + DAY
    looks = (seen("redis", "open", REDIS, later),)
    again = merge(disputed, find("I-1", looks, later, rules), scan_of(*looks, at=later), rules)
    assert {f.status for f in again} == {FindingStatus.DISPUTED}


def test_a_resolved_finding_that_comes_back_opens_with_its_first_day(rules: Rules) -> None:
    gone = tuple(replace(f, status=FindingStatus.RESOLVED) for f in first_scan(rules))
    later = AT + DAY
    looks = (seen("rdp", "nla_required", RDP, later),)
    register = merge(gone, find("I-1", looks, later, rules), scan_of(*looks, at=later), rules)
    back = next(f for f in register if f.check == "svc.rdp.open")
    assert (back.status, back.first_seen) == (FindingStatus.OPEN, AT)


def test_an_older_scan_that_arrives_late_resolves_nothing(rules: Rules) -> None:
    attempt = Attempt("redis", "erp.jiangkou.test", REDIS, Outcome.COMPLETED)
    register = merge(first_scan(rules), (), scan_of(at=AT - DAY, attempts=(attempt,)), rules)
    assert all(f.is_open for f in register)


def test_a_version_is_resolved_when_every_probe_settled_its_place(rules: Rules) -> None:
    looks = (seen("redis", "auth_required", REDIS, detail="redis 7.0.15"),)
    register = merge((), find("I-1", looks, AT, rules), scan_of(*looks), rules)
    swept = Attempt("ports", "erp.jiangkou.test", REDIS, Outcome.COMPLETED)
    failed = Attempt("redis", "erp.jiangkou.test", REDIS, Outcome.FAILED, "TimeoutError")
    asked = replace(failed, outcome=Outcome.COMPLETED, reason="")
    for attempts, status in (((swept, failed), FindingStatus.OPEN), ((swept, asked), FindingStatus.RESOLVED)):
        after = merge(register, (), scan_of(at=AT + DAY, attempts=attempts), rules)
        assert [f.status for f in after] == [status]


WORDS = st.sampled_from([("redis", "open"), ("redis", "auth_required"), ("rdp", "nla_required"), ("rdp", "not_rdp")])
SCANS = st.lists(st.lists(st.tuples(WORDS, st.booleans()), max_size=4), max_size=5)


@given(scans=SCANS)
def test_a_register_is_a_history_without_gaps(scans: list[list[tuple[tuple[str, str], bool]]], rules: Rules) -> None:
    """First days never move, nothing ever disappears, and merging the same scan twice changes nothing."""
    register: tuple[Finding, ...] = ()
    for number, looks in enumerate(scans):
        at = AT + number * DAY
        observed = tuple(seen(*word, REDIS if word[0] == "redis" else RDP, at) for word, _ in looks)
        failed = tuple(
            Attempt(o.probe, o.asset, o.locator, Outcome.FAILED) for o, (_, f) in zip(observed, looks, strict=True) if f
        )
        scan = scan_of(*observed, at=at, attempts=failed)
        before = {f.uid: f for f in register}
        register = merge(register, find("I-1", observed, at, rules), scan, rules)
        after = {f.uid: f for f in register}
        assert before.keys() <= after.keys()
        assert all(after[uid].first_seen == f.first_seen for uid, f in before.items())
        assert merge(register, find("I-1", observed, at, rules), scan, rules) == register


def test_the_worst_of_the_open_findings_is_told(rules: Rules) -> None:
    register = first_scan(rules)
    assert worst(register) is Severity.CRITICAL
    assert worst(replace(f, status=FindingStatus.RESOLVED) for f in register) is None
