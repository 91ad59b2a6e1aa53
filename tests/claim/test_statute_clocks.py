"""Every day clock of the shared scenarios, and the probes that tell the usual mistakes apart."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringwall
from ringwall.basics import Calendar, Refusal, Words
from ringwall.claim.statute_clocks import (
    ClockRule,
    HolidayTable,
    Pause,
    contract_term,
    in_time,
    read_clock_rules,
    read_holidays,
    rescission_clock,
    run_clock,
)
from ringwall.incident import Source, SourceStatus

SCHEMES = Path(ringwall.__file__).parent / "catalogue" / "schemes"
SCENARIOS = Path(__file__).parents[3] / "shared" / "scenarios" / "scenarios.json"


def load_rules() -> dict[str, ClockRule]:
    read = read_clock_rules((SCHEMES / "statute-clocks.yaml").read_text("utf-8"), "statute-clocks.yaml")
    assert not isinstance(read, Refusal), read
    return dict(read)


def load_table() -> HolidayTable:
    read = read_holidays((SCHEMES / "calendar-cn.yaml").read_text("utf-8"), "calendar-cn.yaml")
    assert not isinstance(read, Refusal), read
    return read


RULES, TABLE = load_rules(), load_table()
CN = TABLE.calendar()
HOUSE = Source("none", date(2026, 1, 1), SourceStatus.ASSUMED)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def pause(delivered: str, received: str) -> Pause:
    return Pause(instant(delivered), instant(received))


A_PAUSE = pause("2026-09-07T11:00:00+08:00", "2026-09-14T16:40:00+08:00")
A_RECEIVED = "2026-08-27T15:20:00+08:00"
SECOND = pause("2026-09-16T09:00:00+08:00", "2026-09-30T09:00:00+08:00")
K10_PAUSE = pause("2026-09-07T09:00:00+08:00", "2026-09-18T17:00:00+08:00")
PROBES = [
    ("K1", "R-16", "2026-08-31T10:00:00+08:00", (), "2026-09-30", "2026-09-30", "2026-09-30"),
    ("K2", "R-16", "2026-09-01T10:00:00+08:00", (), "2026-10-01", "2026-10-08", "2026-10-08"),
    ("K3", "R-16", "2026-08-31T23:30:00Z", (), "2026-10-01", "2026-10-08", "2026-10-08"),
    ("K4", "R-16", "2026-09-08T10:00:00+08:00", (), "2026-10-08", "2026-10-08", "2026-10-08"),
    ("K5", "R-16", "2026-09-10T10:00:00+08:00", (), "2026-10-10", "2026-10-10", "2026-10-10"),
    ("K6", "R-16", "2026-08-20T10:00:00+08:00", (), "2026-09-19", "2026-09-19", "2026-09-20"),
    ("K7", "R-18", "2026-09-22T18:00:00+08:00", (), "2026-09-25", "2026-09-28", "2026-09-28"),
    ("K8", "R-19", A_RECEIVED, (A_PAUSE,), "2026-10-26", "2026-10-26", "2026-10-26"),
    ("K9", "R-16", A_RECEIVED, (A_PAUSE, SECOND), "2026-10-03", "2026-10-08", "2026-10-08"),
    ("K10", "R-16", "2026-09-01T10:00:00+08:00", (K10_PAUSE,), "2026-10-12", "2026-10-12", "2026-10-12"),
]


@pytest.mark.parametrize(("name", "rule", "start", "pauses", "unrolled", "last", "if_weekends"), PROBES)
def test_a_probe_tells_the_usual_mistakes_apart(
    name: str, rule: str, start: str, pauses: tuple[Pause, ...], unrolled: str, last: str, if_weekends: str
) -> None:
    clock = run_clock(RULES[rule], instant(start), CN, pauses)
    assert (str(clock.unrolled_last_day), str(clock.last_day)) == (unrolled, last), name
    other = run_clock(RULES[rule], instant(start), TABLE.calendar(weekends_roll=True), pauses)
    assert str(other.last_day) == if_weekends, name


CLOCKS = [
    ("A decision", "R-16", A_RECEIVED, (A_PAUSE,), 7, "2026-10-03", "2026-10-08", "2026-09-22T17:00:00+08:00", True),
    ("A determinable", "R-19", A_RECEIVED, (A_PAUSE,), 0, "2026-10-26", "2026-10-26", None, None),
    ("A letter", "R-18", "2026-09-22T17:00+08:00", (), 0, "2026-09-25", "2026-09-28", "2026-09-28T09:15+08:00", True),
    ("A payment", "R-17", "2026-09-23T14:00+08:00", (), 0, "2026-10-03", "2026-10-08", "2026-10-08T16:00+08:00", True),
    ("A rescind", "R-02", "2026-08-18T09:30+08:00", (), 0, "2026-09-17", "2026-09-17", "2026-09-18T10:00+08:00", False),
    (
        "A10 rescind",
        "R-02",
        "2026-08-18T09:30+08:00",
        (),
        0,
        "2026-09-17",
        "2026-09-17",
        "2026-09-17T23:59:59+08:00",
        True,
    ),
    ("C decision", "R-16", "2026-11-09T10:00+08:00", (), 0, "2026-12-09", "2026-12-09", "2026-11-17T12:00+08:00", True),
    ("C determinable", "R-19", "2026-11-09T10:00+08:00", (), 0, "2027-01-08", "2027-01-08", None, None),
    ("C letter", "R-18", "2026-11-17T12:00+08:00", (), 0, "2026-11-20", "2026-11-20", "2026-11-20T17:30+08:00", True),
    ("C payment", "R-17", "2026-11-20T10:00+08:00", (), 0, "2026-11-30", "2026-11-30", "2026-11-30T11:00+08:00", True),
    ("D decision", "R-16", "2026-09-07T09:30+08:00", (), 0, "2026-10-07", "2026-10-08", "2026-09-28T10:00+08:00", True),
    ("D determinable", "R-19", "2026-09-07T09:30+08:00", (), 0, "2026-11-06", "2026-11-06", None, None),
    (
        "D payment",
        "R-17",
        "2026-09-28T15:00+08:00",
        (),
        0,
        "2026-10-08",
        "2026-10-08",
        "2026-10-08T23:59:59+08:00",
        True,
    ),
    (
        "F payment P3",
        "R-17",
        "2026-08-18T11:00+08:00",
        (),
        0,
        "2026-08-28",
        "2026-08-28",
        "2026-08-24T10:00+08:00",
        True,
    ),
    (
        "F payment P4",
        "R-17",
        "2026-09-15T11:00+08:00",
        (),
        0,
        "2026-09-25",
        "2026-09-28",
        "2026-09-21T10:00+08:00",
        True,
    ),
    ("G decision", "R-16", "2026-11-02T10:00+08:00", (), 0, "2026-12-02", "2026-12-02", "2026-12-01T10:00+08:00", True),
    ("G payment", "R-17", "2026-12-01T15:00+08:00", (), 0, "2026-12-11", "2026-12-11", "2026-12-10T10:00+08:00", True),
    (
        "G determinable",
        "R-19",
        "2026-11-02T10:00+08:00",
        (),
        0,
        "2027-01-01",
        "2027-01-04",
        "2026-12-10T10:00+08:00",
        True,
    ),
]


@pytest.mark.parametrize(("name", "rule", "start", "pauses", "pause_days", "unrolled", "last", "done", "good"), CLOCKS)
def test_a_clock_of_a_case_ends_on_the_day_that_the_law_gives(
    name: str,
    rule: str,
    start: str,
    pauses: tuple[Pause, ...],
    pause_days: int,
    unrolled: str,
    last: str,
    done: str | None,
    good: bool | None,
) -> None:
    clock = run_clock(RULES[rule], instant(start), CN, pauses)
    assert (clock.pause_days, str(clock.unrolled_last_day), str(clock.last_day)) == (pause_days, unrolled, last), name
    assert clock.due_before == instant(f"{last}T00:00:00+08:00") + timedelta(days=1)
    if done is not None:
        assert in_time(clock, instant(done)) is good, name


def test_the_first_instant_after_the_last_day_is_late() -> None:
    clock = run_clock(RULES["R-17"], instant("2026-09-28T15:00:00+08:00"), CN)
    assert in_time(clock, clock.due_before - timedelta(microseconds=1))
    assert not in_time(clock, clock.due_before)


def test_the_right_to_rescind_never_outlives_two_years() -> None:
    clock = rescission_clock(RULES["R-02"], instant("2027-12-10T10:00:00+08:00"), date(2025, 12, 29), CN)
    assert (str(clock.unrolled_last_day), str(clock.last_day)) == ("2028-01-09", "2027-12-29")
    assert not in_time(clock, instant("2027-12-30T00:00:00+08:00"))
    early = rescission_clock(RULES["R-02"], instant("2026-09-10T10:00:00+08:00"), date(2026, 6, 26), CN)
    assert str(early.last_day) == "2026-10-10"
    leap = rescission_clock(RULES["R-02"], instant("2026-02-20T10:00:00+08:00"), date(2024, 2, 29), CN)
    assert str(leap.last_day) == "2026-02-28"


@pytest.mark.parametrize(
    ("delivered", "last", "over"),
    [
        ("2026-04-13T10:00:00+08:00", "2026-06-12", True),
        ("2026-07-05T10:00:00+08:00", "2026-09-03", False),
        ("2026-07-04T23:59:59+08:00", "2026-09-02", True),
        ("2026-04-21T10:00:00+08:00", "2026-06-20", True),
    ],
)
def test_a_term_of_the_contract_does_not_roll(delivered: str, last: str, over: bool) -> None:
    rule = contract_term(60, clause="D-4.2", what=Words("整改期", "term to fix"), source=HOUSE)
    clock = run_clock(rule, instant(delivered), CN)
    assert str(clock.last_day) == last
    assert in_time(clock, instant("2026-09-03T01:20:00+08:00")) is not over


def test_a_clock_stands_still_while_documents_are_outstanding() -> None:
    open_pause = Pause(A_PAUSE.notice_delivered_at, None)
    clock = run_clock(RULES["R-16"], instant(A_RECEIVED), CN, (open_pause,))
    assert clock.stopped_since == A_PAUSE.notice_delivered_at
    assert in_time(clock, instant("2027-01-01T00:00:00+08:00"))
    assert run_clock(RULES["R-19"], instant(A_RECEIVED), CN, (open_pause,)).stopped_since is None


def test_a_notice_after_the_time_ran_out_stops_nothing() -> None:
    late = pause("2026-10-09T00:00:00+08:00", "2026-10-20T00:00:00+08:00")
    clock = run_clock(RULES["R-16"], instant("2026-09-01T10:00:00+08:00"), CN, (late,))
    assert (clock.pause_days, str(clock.last_day)) == (0, "2026-10-08")
    just = pause("2026-10-08T23:59:59+08:00", "2026-10-20T00:00:00+08:00")
    assert run_clock(RULES["R-16"], instant("2026-09-01T10:00:00+08:00"), CN, (just,)).pause_days == 12


def test_a_last_day_in_an_assumed_holiday_or_beyond_the_notice_is_marked_so() -> None:
    def firm(start: str) -> SourceStatus:
        return TABLE.status_of(run_clock(RULES["R-19"], instant(start), CN))

    assert firm("2026-08-27T15:20:00+08:00") is SourceStatus.READ
    assert firm("2026-11-02T10:00:00+08:00") is SourceStatus.ASSUMED
    assert firm("2027-03-01T10:00:00+08:00") is SourceStatus.ASSUMED


YEAR = instant("2026-01-01T00:00:00+08:00")
STARTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes))
DAYS_AFTER = st.integers(0, 40)


@given(STARTS, DAYS_AFTER, DAYS_AFTER)
def test_a_pause_moves_the_unrolled_end_by_its_length_and_rolling_never_brings_it_forward(
    start: datetime, ask_after: int, answer_after: int
) -> None:
    asked = start + timedelta(days=ask_after)
    stop = Pause(asked, asked + timedelta(days=answer_after))
    free, paused = (run_clock(RULES["R-16"], start, CN, each) for each in ((), (stop,)))
    effective = answer_after if asked < free.due_before else 0
    assert paused.unrolled_last_day == free.unrolled_last_day + timedelta(days=effective)
    assert paused.unrolled_last_day <= paused.last_day
    assert paused.last_day not in CN.holidays
    assert free.last_day <= paused.last_day


@given(STARTS)
def test_without_holidays_nothing_rolls(start: datetime) -> None:
    clock = run_clock(RULES["R-18"], start, Calendar())
    assert clock.unrolled_last_day == clock.last_day


def test_r15_has_no_number_and_every_rule_carries_its_source() -> None:
    assert {rule for rule, clock in RULES.items() if clock.days is None} == {"R-15"}
    assert set(RULES) == {"R-02", "R-15", "R-16", "R-17", "R-18", "R-19"}
    assert [rule for rule, clock in RULES.items() if clock.pauses] == ["R-16"]
    assert all(clock.source.text and clock.law.zh and clock.law.en for clock in RULES.values())


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("statute-clocks.yaml", "rule: R-16", "rule: R-17", "clock_rules_faulty"),
        ("statute-clocks.yaml", "days: 30", "days: thirty", "clock_rules_faulty"),
        ("statute-clocks.yaml", 'pauses: "yes"', "pauses: maybe", "clock_rules_faulty"),
        ("statute-clocks.yaml", "unit: calendar day", "unit: hour", "clock_rules_faulty"),
        ("statute-clocks.yaml", "    status: read\n", "", "clock_rules_faulty"),
        ("calendar-cn.yaml", "first: 2026-10-01", "first: 2026-10-08", "calendar_faulty"),
        ("calendar-cn.yaml", "last: 2026-10-07", "last: 2026-10-32", "calendar_faulty"),
        ("calendar-cn.yaml", "known_to: 2026-12-31\n", "", "calendar_faulty"),
    ],
)
def test_a_rule_file_with_a_fault_is_refused_whole(name: str, old: str, new: str, code: str) -> None:
    text = (SCHEMES / name).read_text("utf-8")
    assert old in text
    read = (read_clock_rules if "clocks" in name else read_holidays)(text.replace(old, new, 1), name)
    assert isinstance(read, Refusal)
    assert (read.code, read.where) == (code, name)


def scenarios() -> dict[str, Any]:
    if not SCENARIOS.exists():
        pytest.skip(f"shared scenarios are not at {SCENARIOS}")
    return dict(json.loads(SCENARIOS.read_text("utf-8")))


def shared_pauses(supplements: list[dict[str, str]]) -> tuple[Pause, ...]:
    return tuple(pause(row["notice_delivered_at"], row["documents_received_at"]) for row in supplements)


def shared_rule(clock: dict[str, Any]) -> ClockRule:
    if clock["rule"] == "contract_day":
        return contract_term(clock["days"], clause="-", what=Words("-", "-"), source=HOUSE)
    return RULES[clock["rule"]]


def test_every_clock_of_the_shared_scenarios_comes_out() -> None:
    compared = 0
    for name, scenario in scenarios()["scenarios"].items():
        pauses = shared_pauses(scenario["input"].get("claim", {}).get("supplements", []))
        for clock_name, given_clock in scenario["input"].get("clocks", {}).items():
            ran = run_clock(shared_rule(given_clock), instant(given_clock["from"]), CN, pauses)
            wanted = scenario["expected"]["clocks"][clock_name]
            assert str(ran.unrolled_last_day) == wanted["unrolled_last_day"], (name, clock_name)
            assert str(ran.last_day) == wanted["last_day"], (name, clock_name)
            assert ran.due_before == instant(wanted["due_before"])
            if "on_time" in wanted:
                assert in_time(ran, instant(given_clock["done_at"])) is wanted["on_time"]
            compared += 1
    assert compared == 19


def test_our_rules_and_holidays_are_those_of_the_shared_scenarios() -> None:
    shared = scenarios()
    for name, wanted in shared["clock_rules"].items():
        if wanted["kind"] == "day":
            assert (RULES[name].days, RULES[name].pauses) == (wanted["days"], wanted["pauses"])
    assert [(str(h.first), str(h.last)) for h in TABLE.holidays] == [
        (h["first"], h["last"]) for h in shared["calendar"]["legal_holidays"]
    ]
    assert {str(day) for day in TABLE.working_weekend_days} == set(shared["calendar"]["working_weekend_days"])


def test_both_readings_of_weekends_can_be_asked_of_one_table() -> None:
    rolling = replace(TABLE, weekends_roll=True)
    assert rolling.calendar() == TABLE.calendar(weekends_roll=True)
    assert rolling.calendar(weekends_roll=False) == CN
