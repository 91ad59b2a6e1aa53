"""Written notices and their terms, and the change of risk that gives the policy room its inputs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest

from ringwall.basics import Refusal, Words
from ringwall.evidence import Finding, FindingStatus, MatchBasis, Observation, ScanResult, Severity
from ringwall.monitoring import (
    Decrease,
    Drift,
    DriftKind,
    Increase,
    Look,
    Notice,
    NotNotable,
    Watched,
    deliver,
    drift,
    look_again,
    offered,
    retest,
    risk_change,
    write_notice,
)
from ringwall.policy import FactorRules, day_after
from ringwall.underwriting import knew, learned_from


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


SEEN = at("2026-03-02T10:00:00+08:00")
RDP = Finding(
    "rdp",
    "rdp-open",
    "gateway.jiangkou.test",
    "tcp/3389",
    Severity.CRITICAL,
    MatchBasis.OBSERVED_BEHAVIOUR,
    Words("远程桌面对互联网开放", "Remote desktop open to the internet"),
    Words("关闭 3389 端口或置于 VPN 之后。", "Close port 3389 or put it behind a VPN."),
    ("RAN",),
    "rdp",
    SEEN,
    SEEN,
    FindingStatus.OPEN,
    "ab" * 32,
)
RULES = FactorRules(Fraction(80, 100), Fraction(130, 100), Fraction(1, 10))
BEFORE, AFTER = Fraction(120, 100), Fraction(95, 100)


def notice(sent: str = "2026-03-02T15:00:00+08:00", days: int = 60) -> Notice:
    written = write_notice("N-1", "P-1", RDP, sent_at=at(sent), term_days=days)
    assert isinstance(written, Notice)
    return written


def delivered(sent: str, instant: str) -> Notice:
    got = deliver(notice(sent), at(instant))
    assert isinstance(got, Notice)
    return got


def test_a_notice_names_the_place_the_advice_and_what_follows() -> None:
    written = notice()
    assert "gateway.jiangkou.test (tcp/3389)" in written.text.en
    assert "Close port 3389" in written.text.en
    assert "保险法第五十一条" in written.consequences.zh
    assert "Insurance Law 52" in written.consequences.en


def test_a_closed_finding_gets_no_notice() -> None:
    closed = replace(RDP, status=FindingStatus.RESOLVED)
    refusal = write_notice("N-1", "P-1", closed, sent_at=SEEN, term_days=60)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "finding_closed"


def test_what_is_only_information_gets_no_notice() -> None:
    refusal = write_notice("N-1", "P-1", replace(RDP, severity=Severity.INFO), sent_at=SEEN, term_days=60)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "finding_for_information"


@pytest.mark.parametrize(
    ("sent", "delivery", "deadline", "event", "over"),
    [
        ("2026-04-13T09:00:00+08:00", "2026-04-13T10:00:00+08:00", "2026-06-12", "2026-09-03T01:20:00+08:00", True),
        ("2026-07-04T09:00:00+08:00", "2026-07-05T09:00:00+08:00", "2026-09-03", "2026-09-03T01:20:00+08:00", False),
        ("2026-07-04T09:00:00+08:00", "2026-07-04T23:59:59+08:00", "2026-09-02", "2026-09-03T01:20:00+08:00", True),
        ("2026-08-03T09:00:00+08:00", "2026-08-03T10:00:00+08:00", "2026-10-02", "2026-10-03T00:00:00+08:00", True),
    ],
)
def test_the_term_to_fix_excludes_the_day_of_delivery_and_never_rolls(
    sent: str, delivery: str, deadline: str, event: str, over: bool
) -> None:
    got = delivered(sent, delivery)
    assert got.deadline == date.fromisoformat(deadline)
    assert ("its term passed" in offered(got, (), at(event)).next.en) is over


def test_a_notice_that_was_not_delivered_starts_no_term() -> None:
    assert notice().deadline is None
    assert offered(notice(), (), at("2030-01-01T00:00:00+08:00")).next.en == "Fix it and ask for the re-test"


def test_the_first_delivery_counts() -> None:
    got = delivered("2026-03-02T15:00:00+08:00", "2026-03-02T16:00:00+08:00")
    assert deliver(got, at("2026-03-02T16:00:00+08:00")) == got
    for instant in ("2026-03-03T16:00:00+08:00", "2026-03-02T14:59:59+08:00"):
        refusal = deliver(got, at(instant))
        assert isinstance(refusal, Refusal)
        assert refusal.code == "delivery_clash"


def test_what_the_insurer_saw_itself_it_knows_from_that_instant() -> None:
    log = (learned_from(RDP, "shouan"),)
    assert knew(log, "finding:rdp", SEEN)
    assert not knew(log, "finding:rdp", at("2026-03-02T09:59:59+08:00"))


def watched(**changes: object) -> Watched:
    passed = retest(RDP, (Look("rdp", at("2026-03-12T10:00:00+08:00"), False),))
    whole = Watched((), (), (passed,), at("2026-03-10T09:00:00+08:00"))
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_a_notable_fall_carries_the_retests_and_the_request() -> None:
    got = risk_change("P-1", BEFORE, AFTER, RULES, watched())
    assert isinstance(got, Decrease)
    assert got.relative_fall == Fraction(5, 24)
    assert got.reduction.factor_after == AFTER
    assert got.reduction.settled_at == {"rdp": at("2026-03-12T10:00:00+08:00")}
    assert got.reduction.requested_at == at("2026-03-10T09:00:00+08:00")


def test_a_finding_whose_dispute_was_upheld_needs_no_retest() -> None:
    upheld_at = at("2026-03-11T10:00:00+08:00")
    got = risk_change("P-1", BEFORE, AFTER, RULES, watched(retests=(), withdrawn={"rdp": upheld_at}))
    assert isinstance(got, Decrease)
    assert got.reduction.settled_at == {"rdp": upheld_at}


def test_a_failed_retest_is_carried_as_missing() -> None:
    failed = retest(RDP, (Look("rdp", at("2026-03-12T10:00:00+08:00"), True),))
    got = risk_change("P-1", BEFORE, AFTER, RULES, watched(retests=(failed,)))
    assert isinstance(got, Decrease)
    assert got.reduction.settled_at == {"rdp": None}


@pytest.mark.parametrize(
    ("after", "change"),
    [("1.15", Fraction(-1, 24)), ("1.20", Fraction(0)), ("1.25", Fraction(1, 24))],
)
def test_a_slight_change_is_not_notable(after: str, change: Fraction) -> None:
    assert risk_change("P-1", BEFORE, Fraction(after), RULES, watched()) == NotNotable(change)


def test_a_fall_of_exactly_a_tenth_is_notable() -> None:
    assert isinstance(risk_change("P-1", BEFORE, Fraction(108, 100), RULES, watched()), Decrease)


def test_a_fall_without_a_request_is_refused_and_names_the_right() -> None:
    got = risk_change("P-1", BEFORE, AFTER, RULES, watched(requested_at=None))
    assert isinstance(got, Refusal)
    assert got.code == "request_missing"


NEW: tuple[Drift, ...] = drift((), (RDP,))


def test_what_was_known_at_conclusion_is_no_increase_of_risk() -> None:
    got = risk_change("P-1", AFTER, BEFORE, RULES, watched())
    assert isinstance(got, Refusal)
    assert got.code == "known_at_conclusion"


def test_what_the_insured_told_itself_needs_no_notice_and_the_earlier_instant_counts() -> None:
    told, later = at("2026-03-03T09:00:00+08:00"), delivered("2026-03-02T15:00:00+08:00", "2026-03-04T16:00:00+08:00")
    for notices in ((), (later,)):
        got = risk_change("P-1", AFTER, BEFORE, RULES, watched(drifts=NEW, notices=notices, told_at=told))
        assert isinstance(got, Increase)
        assert got.notified_at == told


def test_a_rise_needs_a_delivered_notice() -> None:
    got = risk_change("P-1", AFTER, BEFORE, RULES, watched(drifts=NEW, notices=(notice(),)))
    assert isinstance(got, Refusal)
    assert got.code == "notice_missing"


def test_a_new_finding_that_was_notified_is_an_increase() -> None:
    told = delivered("2026-03-02T15:00:00+08:00", "2026-03-02T16:00:00+08:00")
    got = risk_change("P-1", AFTER, BEFORE, RULES, watched(drifts=NEW, notices=(told,)))
    assert got == Increase(BEFORE, Fraction(5, 19), ("rdp",), at("2026-03-02T16:00:00+08:00"))


REDIS = replace(
    RDP,
    uid="redis",
    asset="erp.jiangkou.test",
    locator="tcp/6379",
    first_seen=at("2025-12-15T10:00:00+08:00"),
    last_seen=at("2025-12-15T10:00:00+08:00"),
)


def scan_of(instant: str, *seen: Finding) -> ScanResult:
    looks = tuple(Observation("probe", each.asset, each.locator, "open", at(instant), "ab" * 32) for each in seen)
    return ScanResult(at(instant), looks, (), ())


def test_the_year_of_the_main_job_drift_notice_retest_and_a_lower_premium() -> None:
    drift_scan = scan_of("2026-03-02T10:00:00+08:00", REDIS, RDP)
    seen_again = replace(REDIS, last_seen=drift_scan.at)
    assert [(each.kind, each.uid) for each in drift((REDIS,), (seen_again, RDP))] == [(DriftKind.NEW, "rdp")]

    retest_scan = scan_of("2026-03-12T10:00:00+08:00")
    register = tuple(replace(each, status=FindingStatus.RESOLVED) for each in (seen_again, RDP))
    looks = [look_again(REDIS, drift_scan, (seen_again, RDP)), look_again(REDIS, retest_scan, register)]
    passed = (retest(REDIS, looks), retest(RDP, [look_again(RDP, retest_scan, register)]))
    assert [each.passed_at for each in passed] == [retest_scan.at, retest_scan.at]

    asked = Watched(drift((REDIS,), register), (), passed, at("2026-03-12T14:00:00+08:00"))
    change = risk_change("P-1", BEFORE, AFTER, RULES, asked)
    assert isinstance(change, Decrease)
    assert day_after(max(each for each in change.reduction.settled_at.values() if each)) == at(
        "2026-03-13T00:00:00+08:00"
    )
