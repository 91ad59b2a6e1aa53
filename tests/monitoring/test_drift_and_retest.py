"""Drift since binding, re-tests and promises over time: not seen is neither gone nor kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Term, Words
from ringwall.evidence import (
    PORT_CLOSED,
    Attempt,
    ControlStanding,
    Finding,
    FindingStatus,
    MatchBasis,
    Observation,
    Outcome,
    ScanResult,
    Severity,
    Standing,
)
from ringwall.monitoring import (
    DriftKind,
    Look,
    RetestResult,
    drift,
    look_again,
    promise_at,
    promise_over,
    retest,
)

BOUND = datetime(2025, 12, 15, 10, tzinfo=SHANGHAI)
LATER = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def finding(uid: str, severity: Severity = Severity.CRITICAL, seen: datetime = BOUND) -> Finding:
    return Finding(
        uid,
        "check",
        f"{uid}.jiangkou.test",
        "tcp/1",
        severity,
        MatchBasis.OBSERVED_BEHAVIOUR,
        Words("弱点", "weakness"),
        Words("请修复。", "Fix it."),
        ("RAN",),
        "factor",
        seen,
        seen,
        FindingStatus.OPEN,
        "ab" * 32,
        known_exploited=False,
    )


REDIS, RDP = finding("redis"), finding("rdp", seen=LATER)


def kinds(*args: object, settled: tuple[tuple[str, str], ...] = ()) -> list[tuple[DriftKind, str]]:
    before, now = args
    return [(each.kind, each.uid) for each in drift(before, now, settled)]  # type: ignore[arg-type]


def test_a_port_newly_open_is_new_and_what_stays_is_no_drift() -> None:
    assert kinds((REDIS,), (REDIS, RDP)) == [(DriftKind.NEW, "rdp")]


def test_a_graver_or_newly_exploited_finding_is_worse() -> None:
    mild = replace(REDIS, severity=Severity.MEDIUM)
    assert kinds((mild,), (REDIS,)) == [(DriftKind.WORSE, "redis")]
    assert kinds((REDIS,), (replace(REDIS, known_exploited=True),)) == [(DriftKind.WORSE, "redis")]
    assert kinds((REDIS,), (mild,)) == []


def test_a_resolved_finding_is_gone() -> None:
    assert kinds((REDIS,), (replace(REDIS, status=FindingStatus.RESOLVED),)) == [(DriftKind.GONE, "redis")]


def test_a_finding_that_is_not_listed_is_gone_only_if_its_place_was_settled() -> None:
    assert kinds((REDIS,), ()) == [(DriftKind.NOT_SEEN, "redis")]
    assert kinds((REDIS,), (), settled=((REDIS.asset, REDIS.locator),)) == [(DriftKind.GONE, "redis")]


def test_new_comes_before_gone_and_the_gravest_first() -> None:
    low = finding("aaa", Severity.LOW)
    drifts = kinds((REDIS,), (low, RDP, replace(REDIS, status=FindingStatus.RESOLVED)))
    assert drifts == [(DriftKind.NEW, "rdp"), (DriftKind.NEW, "aaa"), (DriftKind.GONE, "redis")]


def test_what_a_dispute_has_withdrawn_is_no_difference() -> None:
    before, later = [finding("a"), finding("b")], [finding("a"), finding("c", seen=LATER)]
    assert [each.uid for each in drift(before, later, (), {"c", "b"})] == []
    assert [each.uid for each in drift(before, later, (), {"b"})] == ["c"]


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_each_finding_drifts_at_most_once_and_the_same_state_not_at_all(before: set[str], now: set[str]) -> None:
    drifts = kinds([finding(uid) for uid in before], [finding(uid) for uid in now])
    assert {uid for _, uid in drifts} == before ^ now
    assert len(drifts) == len(before ^ now)


def look(after: timedelta, sees_it: bool | None) -> Look:
    return Look("redis", BOUND + after, sees_it, "cd" * 32)


@pytest.mark.parametrize(
    ("looks", "result", "passed"),
    [
        ((), RetestResult.NOT_SEEN, None),
        ((look(DAY, None),), RetestResult.NOT_SEEN, None),
        ((look(-DAY, False),), RetestResult.NOT_SEEN, None),
        ((look(DAY, False),), RetestResult.PASSED, BOUND + DAY),
        ((look(DAY, True),), RetestResult.FAILED, None),
        ((look(DAY, False), look(2 * DAY, True)), RetestResult.FAILED, None),
        ((look(2 * DAY, False), look(DAY, True)), RetestResult.PASSED, BOUND + 2 * DAY),
        ((look(DAY, False), look(2 * DAY, False)), RetestResult.PASSED, BOUND + DAY),
        ((look(DAY, False), look(2 * DAY, None)), RetestResult.PASSED, BOUND + DAY),
    ],
)
def test_a_later_look_that_reached_the_place_decides(
    looks: tuple[Look, ...], result: RetestResult, passed: datetime | None
) -> None:
    got = retest(REDIS, looks)
    assert (got.result, got.passed_at) == (result, passed)


def test_a_look_at_another_finding_decides_nothing() -> None:
    assert retest(RDP, (look(100 * DAY, False),)).result is RetestResult.NOT_SEEN


def seen_at(instant: datetime) -> ScanResult:
    """A scan that looked at the place of the finding and says what it said at the instant."""
    observation = Observation("redis", REDIS.asset, REDIS.locator, "no_auth", instant, "ab" * 32)
    return ScanResult(LATER, (observation,), (), (Attempt("redis", REDIS.asset, REDIS.locator, Outcome.COMPLETED),))


NOT_REACHED = ScanResult(LATER, (), (), (Attempt("redis", REDIS.asset, REDIS.locator, Outcome.FAILED, "timeout"),))
CLOSED = ScanResult(LATER, (), (), (Attempt("redis", REDIS.asset, REDIS.locator, Outcome.FAILED, PORT_CLOSED),))


@pytest.mark.parametrize(
    ("scan", "register", "sees_it"),
    [
        (seen_at(LATER), (replace(REDIS, last_seen=LATER),), True),
        (CLOSED, (replace(REDIS, status=FindingStatus.RESOLVED),), False),
        (NOT_REACHED, (REDIS,), None),
        (NOT_REACHED, (), None),
    ],
)
def test_a_scan_says_of_an_earlier_finding_seen_not_there_or_not_reached(
    scan: ScanResult, register: tuple[Finding, ...], sees_it: bool | None
) -> None:
    assert look_again(REDIS, scan, register).sees_it is sees_it


def judged(after: timedelta, standing: Standing) -> ControlStanding:
    return ControlStanding("mfa_remote", standing, Words(standing.value, standing.value), "scan", BOUND + after)


YEAR = Term(BOUND, BOUND + 100 * DAY)


def test_a_promise_is_unknown_before_the_first_look_and_after_the_last_is_stale() -> None:
    periods = promise_over([judged(10 * DAY, Standing.HELD)], 30 * DAY, YEAR)
    assert [(each.standing, each.term.days()) for each in periods] == [
        (Standing.UNKNOWN, 10),
        (Standing.HELD, 30),
        (Standing.UNKNOWN, 60),
    ]


def test_a_broken_look_ends_what_was_held() -> None:
    looks = [judged(50 * DAY, Standing.BROKEN), judged(timedelta(0), Standing.HELD), judged(80 * DAY, Standing.HELD)]
    periods = promise_over(looks, 90 * DAY, YEAR)
    assert [each.standing for each in periods] == [Standing.HELD, Standing.BROKEN, Standing.HELD]
    assert promise_at(looks, 90 * DAY, BOUND + 60 * DAY).standing is Standing.BROKEN
    assert promise_at(looks, 90 * DAY, BOUND - DAY).standing is Standing.UNKNOWN


def test_looks_that_agree_make_one_period() -> None:
    looks = [judged(place * 20 * DAY, Standing.HELD) for place in range(5)]
    assert len(promise_over(looks, 30 * DAY, YEAR)) == 1


@given(
    st.lists(st.tuples(st.integers(-200, 200), st.sampled_from(Standing)), max_size=8, unique_by=lambda each: each[0]),
    st.integers(1, 120),
    st.integers(0, 99),
)
def test_periods_cover_the_term_without_gaps_and_agree_with_every_instant(
    looks: list[tuple[int, Standing]], holds: int, day: int
) -> None:
    judgements = [judged(after * DAY, standing) for after, standing in looks]
    periods = promise_over(judgements, holds * DAY, YEAR)
    assert (periods[0].term.start, periods[-1].term.end) == (YEAR.start, YEAR.end)
    assert all(a.term.end == b.term.start for a, b in pairwise(periods))
    at = BOUND + day * DAY
    (holding,) = [each for each in periods if each.term.contains(at)]
    assert promise_at(judgements, holds * DAY, at).standing is holding.standing
