"""What follows from counted traffic: each indicator raised, quiet and unknown, and batches that merge."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.evidence import (
    NO_INSIDE_HOST,
    THRESHOLDS,
    WHOLE_NETWORK,
    Calls,
    CertificateCount,
    HourlyCount,
    Indicator,
    Interesting,
    Kind,
    NameSpread,
    TrafficBatch,
    distinct_batches,
    indicators,
)
from ringwall.evidence.traffic.beacon import beacon_score, steadiness
from ringwall.evidence.traffic.indicators import RULES
from ringwall.evidence.traffic.tunnel import merge_spreads
from ringwall.evidence.traffic.volume import robust_z

DAY = date(2026, 2, 28)
MIDNIGHT = datetime(2026, 2, 27, 16, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)
CODES = {
    "expired_certificates",
    "cleartext_logins",
    "severe_alerts",
    "dns_tunnel",
    "outbound_volume",
    "beacons",
}


def a_batch(name: str = "eve.json", **parts: object) -> TrafficBatch:
    bare = TrafficBatch(name, 1, name * 4, 1, 0, NOON, NOON, hourly=(an_hour("flow"),), interesting=())
    return replace(bare, **parts)  # type: ignore[arg-type]


def an_hour(event_type: str, *, host: str = "h-1", day: int = 0, out: int = 0, severe: int = 0) -> HourlyCount:
    return HourlyCount(host, NOON + timedelta(days=day), event_type, 1, out, 0, severe)


def a_login(protocol: str, events: int = 1) -> Interesting:
    return Interesting(Kind.CLEARTEXT_LOGIN, "h-1", "h-2", 21, DAY, NOON, NOON, events, None, protocol)


def a_spread(names: int, label: float, entropy: float, marks: tuple[int, ...] = (), host: str = "h-1") -> NameSpread:
    return NameSpread(host, DAY, "example.test", names, label, entropy, marks)


def calls_at(minutes: list[float], *, peer: str = "203.0.113.66", port: int = 443, host: str = "h-1") -> Calls:
    starts = tuple(round(MIDNIGHT.timestamp() + 60 * minute) for minute in minutes)
    return Calls(host, peer, port, DAY, starts, (500,) * len(starts))


def the(code: str, *batches: TrafficBatch, host: str = "h-1", day: date = DAY) -> Indicator:
    (found,) = (i for i in indicators(batches) if (i.code, i.host, i.day) == (code, host, day))
    return found


def test_every_code_answers_for_a_day_on_which_anything_was_seen() -> None:
    assert {indicator.code for indicator in indicators([a_batch()])} == CODES
    assert len(RULES) == len(CODES)


def test_without_batches_there_is_nothing_to_say() -> None:
    assert indicators([]) == ()


def test_unknown_has_no_value_and_is_not_raised_and_is_not_quiet() -> None:
    for indicator in indicators([a_batch()]):
        assert (indicator.value is None) == (indicator.raised is None)
        assert indicator.because.zh
        assert indicator.because.en


def test_the_same_file_sent_twice_counts_once() -> None:
    batch = a_batch(interesting=(a_login("ftp", 3),))
    assert indicators([batch, batch]) == indicators([batch])
    assert distinct_batches([batch, a_batch("other.json"), batch]) == (batch, a_batch("other.json"))


@pytest.mark.parametrize(
    ("shown", "expired", "raised"), [(100, 0, False), (100, 4, False), (100, 5, True), (1, 1, True)]
)
def test_the_share_of_expired_certificates_decides(shown: int, expired: int, raised: bool) -> None:
    found = the("expired_certificates", a_batch(certificates=(CertificateCount("h-1", DAY, shown, expired),)))
    assert (found.value, found.raised) == (expired / shown, raised)


def test_without_a_certificate_seen_expiry_is_unknown() -> None:
    assert the("expired_certificates", a_batch(), host=WHOLE_NETWORK).raised is None


def test_one_login_in_the_clear_is_enough_and_the_protocols_are_named() -> None:
    found = the("cleartext_logins", a_batch(interesting=(a_login("telnet"), a_login("ftp", 2))))
    assert (found.value, found.raised) == (3, True)
    assert "ftp, telnet" in found.because.en


@pytest.mark.parametrize(("event_type", "raised"), [("flow", False), ("dns", None)])
def test_no_login_in_the_clear_is_a_fact_only_where_flows_were_seen(event_type: str, raised: bool | None) -> None:
    batch = a_batch(hourly=(an_hour(event_type),))
    assert the("cleartext_logins", batch, host=WHOLE_NETWORK).raised is raised


def test_a_severe_alert_is_raised_for_its_host() -> None:
    assert the("severe_alerts", a_batch(hourly=(an_hour("alert", severe=2),))).value == 2


def test_a_sensor_that_never_alerts_may_have_no_rules() -> None:
    silent, mild = a_batch(), a_batch(hourly=(an_hour("alert"),))
    assert the("severe_alerts", silent, host=WHOLE_NETWORK).raised is None
    assert the("severe_alerts", mild, host=WHOLE_NETWORK).raised is False


@pytest.mark.parametrize(
    ("names", "label", "entropy", "raised"),
    [(150, 25, 3.5, True), (149, 25, 3.5, False), (150, 24.9, 3.5, None), (150, 25, 3.4, None), (5000, 8, 2.9, None)],
)
def test_a_tunnel_needs_many_long_and_random_names(
    names: int, label: float, entropy: float, raised: bool | None
) -> None:
    batch = a_batch(names=(a_spread(names, label, entropy),), hourly=(an_hour("dns"),))
    found = [i for i in indicators([batch]) if i.code == "dns_tunnel" and i.host == "h-1"]
    assert [i.raised for i in found] == ([] if raised is None else [raised])


def test_without_a_question_for_a_name_a_tunnel_is_unknown() -> None:
    assert the("dns_tunnel", a_batch(), host=WHOLE_NETWORK).raised is None


def test_the_same_long_name_asked_for_in_every_file_is_one_name() -> None:
    polled = [a_batch(f"{minute}.json", names=(a_spread(1, 32, 4.2, (7,)),)) for minute in range(300)]
    assert the("dns_tunnel", *polled).value == 1


def test_a_tunnel_cut_into_many_files_is_still_seen() -> None:
    cut = [a_batch(f"{minute}.json", names=(a_spread(1, 32, 4.2, (minute,)),)) for minute in range(160)]
    assert the("dns_tunnel", *cut).raised


@given(st.lists(st.lists(st.integers(0, 400), min_size=1, unique=True), min_size=1, max_size=6))
def test_merged_names_are_counted_exactly_up_to_the_marks_kept(files: list[list[int]]) -> None:
    spreads = [a_spread(len(names), 30, 4, tuple(sorted(names)[:256])) for names in files]
    (merged,) = merge_spreads(spreads)
    true = len({name for names in files for name in names})
    assert merged.names == true if true <= 256 else merged.names >= 256


def history(days: int, out: int, last: int) -> TrafficBatch:
    earlier = tuple(an_hour("flow", day=-number, out=out + number * 1000) for number in range(1, days + 1))
    return a_batch(hourly=(*earlier, an_hour("flow", out=last)))


@pytest.mark.parametrize(
    ("days", "last", "raised"),
    [
        (7, 3_000_000_000, True),
        (7, 1_999_999_999, False),  # far above its own days, but below two billion bytes
        (6, 3_000_000_000, None),  # much, but too little history to call it strange
    ],
)
def test_volume_is_judged_against_the_hosts_own_days(days: int, last: int, raised: bool | None) -> None:
    assert the("outbound_volume", history(days, 10_000_000, last)).raised is raised


def test_a_host_that_always_sends_much_is_not_raised() -> None:
    assert the("outbound_volume", history(20, 3_000_000_000, 3_100_000_000)).raised is False


def test_with_little_sent_and_no_history_volume_is_unknown_for_the_network() -> None:
    assert the("outbound_volume", history(2, 10, 10), host=WHOLE_NETWORK).raised is None


def test_traffic_of_no_inside_host_has_no_volume_history() -> None:
    hours = tuple(an_hour("flow", host=NO_INSIDE_HOST, day=-number) for number in range(9))
    assert the("outbound_volume", a_batch(hourly=hours), host=WHOLE_NETWORK).raised is None


def test_the_least_scale_keeps_an_even_history_from_alarming() -> None:
    assert robust_z(10.2, [10.0] * 9, 0.1) == pytest.approx(2)
    assert robust_z(10.0, [9.0, 10.0, 11.0], 0.1) == 0


@pytest.mark.parametrize(
    ("values", "expected"), [([60, 60, 60, 60], 1.0), ([0, 0, 0], 0.5), ([10, 20, 30, 40, 50], 0.8333)]
)
def test_steadiness_is_the_mean_of_symmetry_and_closeness(values: list[int], expected: float) -> None:
    assert steadiness(values) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("jitter", [0.0, 0.1, 0.3])
def test_a_beacon_through_the_day_is_raised_in_spite_of_jitter(jitter: float) -> None:
    rng = random.Random(5)
    minutes = [20 * number + 20 * jitter * (rng.random() - 0.5) for number in range(72)]
    assert the("beacons", a_batch(calls=(calls_at(minutes),))).raised


def test_browsing_is_no_beacon() -> None:
    rng = random.Random(5)
    minutes = sorted(540 + rng.expovariate(0.02) for _ in range(60))
    assert the("beacons", a_batch(calls=(calls_at(minutes),))).raised is False


def test_a_beacon_of_office_hours_stays_below_the_threshold_as_measured() -> None:
    score = the("beacons", a_batch(calls=(calls_at([540 + 10 * number for number in range(48)]),))).value
    assert score is not None
    assert 0.6 < score < THRESHOLDS.beacon_score.value


def test_a_beacon_cut_into_many_files_is_still_seen() -> None:
    cut = [a_batch(f"{number}.json", calls=(calls_at([20 * number]),)) for number in range(72)]
    assert the("beacons", *cut).raised


def test_clocks_allowed_addresses_and_common_services_are_no_beacons() -> None:
    steady = [20.0 * number for number in range(72)]
    clock = a_batch(calls=(calls_at(steady, port=123),))
    common = a_batch(calls=tuple(calls_at(steady, host=f"h-{number}") for number in range(6)))
    for batch in (clock, common):
        assert the("beacons", batch, host=WHOLE_NETWORK).raised is False
    allowed = indicators([a_batch(calls=(calls_at(steady),))], allowed_peers=frozenset({"203.0.113.66"}))
    assert not any(i.raised for i in allowed if i.code == "beacons")


def test_three_calls_are_too_few_for_a_beacon() -> None:
    assert the("beacons", a_batch(calls=(calls_at([0, 60, 120]),)), host=WHOLE_NETWORK).raised is False


@given(st.lists(st.integers(0, 86_399), min_size=4, max_size=60), st.integers(0, 10**6))
def test_a_beacon_score_lies_between_nought_and_one(starts: list[int], size: int) -> None:
    assert 0 <= beacon_score(sorted(starts), [size] * len(starts)) <= 1


@given(st.permutations(range(5)))
def test_the_order_of_files_does_not_matter(order: list[int]) -> None:
    batches = [
        a_batch(
            f"{number}.json",
            calls=(calls_at([20 * number + 3 * part for part in range(5)]),),
            names=(a_spread(2, 30, 4, (number, number + 1)),),
            interesting=(a_login("ftp", number + 1),),
        )
        for number in range(5)
    ]
    assert indicators([batches[place] for place in order]) == indicators(batches)


def test_a_day_is_a_day_in_shanghai() -> None:
    late = HourlyCount("h-1", datetime(2026, 2, 27, 15, tzinfo=UTC), "alert", 1, 0, 0, 1)
    early = late._replace(hour=datetime(2026, 2, 27, 16, tzinfo=UTC))
    days = [i.day for i in indicators([a_batch(hourly=(late, early))]) if i.code == "severe_alerts"]
    assert days == [date(2026, 2, 27), date(2026, 2, 28)]
