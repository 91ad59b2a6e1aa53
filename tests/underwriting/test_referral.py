"""Authority: every measure of a risk against the level that has it on the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Refusal, Words
from ringwall.evidence import Contradiction, Finding, FindingStatus, MatchBasis, Severity
from ringwall.underwriting import Authority, Decision, Measure, RiskAtHand, Route, decide, parse_authority

NOON = datetime(2025, 12, 15, 12, tzinfo=SHANGHAI)
TEXT = (files("ringwall.catalogue") / "authority" / "enterprise-cyber.yaml").read_text(encoding="utf-8")
JIANGKOU = RiskAtHand(24_000_000_000, 500_000_000, 12_000, 8_000_000, 8_000_000)
REDIS = Finding(
    "f1",
    "redis-unauthenticated",
    "cache.jiangkou.test",
    "tcp/6379",
    Severity.CRITICAL,
    MatchBasis.OBSERVED_BEHAVIOUR,
    Words("Redis 未授权访问", "Redis without authentication"),
    Words("启用认证。", "Turn on authentication."),
    ("RAN",),
    "redis",
    NOON,
    NOON,
    FindingStatus.OPEN,
    "ab" * 32,
    known_exploited=False,
)
CLASH = Contradiction("edr", "yes", "280/400", Words("答复与检测矛盾", "answer and look disagree"))


@cache
def authority() -> Authority:
    parsed = parse_authority(TEXT, "enterprise-cyber.yaml")
    assert isinstance(parsed, Authority), parsed
    return parsed


def decided(risk: RiskAtHand, level: str = "underwriter") -> Decision:
    decision = decide(risk, authority(), level)
    assert isinstance(decision, Decision)
    return decision


def test_a_risk_within_every_measure_is_accepted() -> None:
    assert decided(JIANGKOU) == Decision(Route.ACCEPT, "underwriter", "", ())


@pytest.mark.parametrize(
    ("change", "measure", "refer_to"),
    [
        ({"revenue_minor": 50_000_000_001}, Measure.REVENUE, "senior_underwriter"),
        ({"limit_minor": 2_000_000_001}, Measure.LIMIT, "head_office"),
        ({"records_held": 1_000_001}, Measure.RECORDS_HELD, "senior_underwriter"),
        ({"charged_net_minor": 7_599_999}, Measure.PRICE_BELOW_TECHNICAL, "senior_underwriter"),
        ({"charged_net_minor": 9_600_001}, Measure.PRICE_ABOVE_TECHNICAL, "senior_underwriter"),
        ({"findings": (REDIS,)}, Measure.OPEN_CRITICAL, "senior_underwriter"),
        ({"contradictions": (CLASH,)}, Measure.CONTRADICTIONS, "senior_underwriter"),
    ],
)
def test_a_measure_above_the_level_is_referred_to_the_lowest_that_suffices(
    change: dict[str, object], measure: Measure, refer_to: str
) -> None:
    decision = decided(replace(JIANGKOU, **change))  # type: ignore[arg-type]
    assert (decision.route, decision.refer_to) == (Route.REFER, refer_to)
    assert [reason.measure for reason in decision.reasons] == [measure]


def test_a_risk_exactly_at_its_limit_is_accepted() -> None:
    assert decided(replace(JIANGKOU, charged_net_minor=7_600_000, revenue_minor=50_000_000_000)).route is Route.ACCEPT


def test_the_level_it_was_referred_to_accepts_it() -> None:
    assert decided(replace(JIANGKOU, findings=(REDIS,)), "senior_underwriter").route is Route.ACCEPT


def test_a_resolved_finding_needs_no_referral() -> None:
    resolved = replace(REDIS, status=FindingStatus.RESOLVED)
    assert decided(replace(JIANGKOU, findings=(resolved,))).route is Route.ACCEPT


def test_what_no_level_may_accept_is_declined_with_the_reason() -> None:
    exploited = tuple(replace(REDIS, uid=str(n), known_exploited=True) for n in range(3))
    decision = decided(replace(JIANGKOU, findings=exploited))
    assert decision.route is Route.DECLINE
    assert [reason.may_accept for reason in decision.reasons] == ["head_office", ""]


def test_a_reason_names_both_numbers_and_the_next_step() -> None:
    (reason,) = decided(replace(JIANGKOU, limit_minor=600_000_000)).reasons
    assert "6,000,000.00" in reason.message.en
    assert "5,000,000.00" in reason.message.en
    assert "Senior underwriter" in reason.message.en


def test_an_unknown_level_is_refused() -> None:
    refusal = decide(JIANGKOU, authority(), "intern")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "level_unknown"


@given(st.builds(RiskAtHand, *[st.integers(0, 10**12)] * 3, st.integers(1, 10**9), st.integers(0, 10**9)))
def test_a_higher_level_accepts_all_that_a_lower_one_accepts(risk: RiskAtHand) -> None:
    routes = [decided(risk, level.code).route for level in authority().levels]
    accepted = [route is Route.ACCEPT for route in routes]
    assert accepted == sorted(accepted)


@pytest.mark.parametrize(
    "fault",
    [
        "levels: [",
        TEXT.replace("measure: contradictions", "measure: mood", 1),
        TEXT.replace('at_most: "3"', 'at_most: "99"'),
        TEXT.replace("unit: fen", "unit: yuan", 1),
        TEXT.replace("{level: underwriter,        measure: limit,", "{level: intern, measure: limit,"),
        TEXT + TEXT[TEXT.rindex("  - {level:") :],
        TEXT.replace("  - {level: head_office,        measure: limit,", "  # {"),
    ],
)
def test_a_faulty_authority_file_is_refused_and_nothing_is_taken_as_free(fault: str) -> None:
    refusal = parse_authority(fault, "x.yaml")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "authority_faulty"


def test_every_number_of_the_authority_has_unit_date_and_source() -> None:
    limits = [limit for level in authority().levels for limit in level.limits.values()]
    assert len(limits) == 3 * len(Measure)
    assert all(limit.unit and limit.since and limit.source for limit in limits)
