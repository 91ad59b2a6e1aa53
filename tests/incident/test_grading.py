"""Grades under several schemes side by side, and the hour clocks that follow from them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringwall
from ringwall.basics import Refusal
from ringwall.incident import (
    Grade,
    GradingScheme,
    OperatorKind,
    ReportingDuty,
    SourceStatus,
    final_report,
    grade,
    read_scheme,
    reported_in_time,
    reporting_duties,
)

SCHEMES = Path(ringwall.__file__).parent / "catalogue" / "schemes"
SCENARIOS = Path(__file__).parents[3] / "shared" / "scenarios" / "scenarios.json"
LEARNED_A = datetime.fromisoformat("2026-08-15T06:40:00+08:00")
LEARNED_C = datetime.fromisoformat("2026-06-19T15:10:00Z")


def scheme(code: str) -> GradingScheme:
    name = f"grading-{code.lower()}.yaml"
    read = read_scheme((SCHEMES / name).read_text("utf-8"), name)
    assert not isinstance(read, Refusal), read
    return read


CAC, MIIT = scheme("CAC-2025"), scheme("MIIT-2024")


def facts(persons: int, sensitive: int, loss_minor: int) -> dict[str, int | None]:
    return {"persons": persons, "sensitive_persons": sensitive, "direct_loss_minor": loss_minor}


def other_duties(*grades: Grade, learned_at: datetime = LEARNED_A) -> tuple[ReportingDuty, ...]:
    return reporting_duties(grades, OperatorKind.OTHER, learned_at)


@pytest.mark.parametrize(
    ("persons", "expected"),
    [(999_999, "一般"), (1_000_000, "较大"), (9_999_999, "较大"), (10_000_000, "重大"), (100_000_000, "特别重大")],
)
def test_the_number_itself_reaches_the_level(persons: int, expected: str) -> None:
    assert grade(CAC, facts(persons, 0, 0)).level.code == expected


@pytest.mark.parametrize(
    ("case", "given_facts", "cac", "miit"),
    [
        ("A", facts(2_400, 0, 112_400_000), "一般", "一般"),
        ("A11", facts(2_400, 0, 500_000_000), "较大", "一般"),
        ("A12", facts(2_400, 0, 499_999_999), "一般", "一般"),
        ("C", facts(1_130_000, 64_000, 67_550_000), "较大", "较大"),
        ("D", facts(0, 0, 52_345_678), "一般", "一般"),
        ("G", facts(0, 0, 47_700_055), "一般", "一般"),
    ],
)
def test_two_schemes_grade_the_same_facts_side_by_side(
    case: str, given_facts: dict[str, int | None], cac: str, miit: str
) -> None:
    assert (grade(CAC, given_facts).level.code, grade(MIIT, given_facts).level.code) == (cac, miit), case


def test_an_ordinary_incident_owes_no_report() -> None:
    known = facts(2_400, 0, 499_999_999)
    assert other_duties(grade(CAC, known), grade(MIIT, known)) == ()


def test_four_hours_run_from_discovery_to_the_provincial_office() -> None:
    known = facts(2_400, 0, 500_000_000)
    (duty,) = other_duties(grade(CAC, known), grade(MIIT, known))
    assert duty.due_at == datetime.fromisoformat("2026-08-15T10:40:00+08:00")
    assert duty.authority.zh == "省级网信部门"
    assert duty.authority.en == "provincial cyberspace office"
    assert (duty.rule, duty.scheme, duty.certain, duty.source.status) == ("R-30", "CAC-2025", True, SourceStatus.READ)


def test_a_holiday_night_does_not_move_the_hour_clock_and_the_very_instant_is_in_time() -> None:
    (duty,) = other_duties(grade(CAC, facts(1_130_000, 64_000, 67_550_000)), learned_at=LEARNED_C)
    assert duty.due_at == datetime.fromisoformat("2026-06-20T03:10:00+08:00")
    for reported, in_time in [
        ("2026-06-20T02:55:00+08:00", True),
        ("2026-06-19T19:10:00Z", True),
        ("2026-06-20T03:10:01+08:00", False),
    ]:
        assert reported_in_time(duty, datetime.fromisoformat(reported)) is in_time


@pytest.mark.parametrize(("operator", "hours"), [("cii", 1), ("central_organ", 2), ("other", 4)])
def test_each_kind_of_operator_has_its_own_hours(operator: str, hours: int) -> None:
    (duty,) = reporting_duties([grade(CAC, facts(1_000_000, 0, 0))], OperatorKind(operator), LEARNED_A)
    assert duty.due_at == LEARNED_A + timedelta(hours=hours)


def test_the_final_report_counts_days_and_does_not_roll() -> None:
    report = final_report(CAC, datetime.fromisoformat("2026-07-06T18:00:00+08:00"))
    assert report is not None
    assert report.due_before == datetime.fromisoformat("2026-08-06T00:00:00+08:00")
    assert report.source.status is SourceStatus.UNVERIFIED
    assert final_report(MIIT, LEARNED_A) is None


def test_a_grade_says_which_numbers_it_compared_and_how_firm_they_are() -> None:
    reached = grade(CAC, facts(1_130_000, 0, 67_550_000))
    assert [(c.threshold.fact, c.value, c.threshold.at_least, c.reached) for c in reached.because] == [
        ("persons", 1_130_000, 1_000_000, True),
        ("persons", 1_130_000, 10_000_000, False),
        ("direct_loss_minor", 67_550_000, 2_000_000_000, False),
    ]
    assert reached.status is SourceStatus.UNVERIFIED
    assert grade(CAC, facts(100_000_000, 0, 0)).status is SourceStatus.READ


def test_an_unknown_fact_leaves_the_grade_open_and_the_duty_uncertain() -> None:
    open_grade = grade(CAC, {"persons": None, "direct_loss_minor": 112_400_000})
    assert (open_grade.level.code, open_grade.may_reach.code, open_grade.final) == ("一般", "特别重大", False)
    assert open_grade.unknown_facts == ("persons",)
    (duty,) = other_duties(open_grade)
    assert not duty.certain
    assert grade(CAC, {"direct_loss_minor": 10**10}).final


@given(st.integers(0, 10**9), st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 10**12))
def test_more_never_lowers_a_grade(persons: int, loss: int, more_persons: int, more_loss: int) -> None:
    for each in (CAC, MIIT):
        low = grade(each, facts(persons, 0, loss))
        high = grade(each, facts(persons + more_persons, 0, loss + more_loss))
        assert low.level.rank <= high.level.rank


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("unit: hour,", ""),
        ("unit: hour,", "unit: day,"),
        ("status: read,", ""),
        ("status: read,", "status: rumoured,"),
        ("date: 2025-11-01,", ""),
        ("at_least: 100000000,", "at_least: many,"),
        ("rank: 1", "rank: 2"),
        ("levels:", "levels: ["),
    ],
)
def test_a_scheme_whose_number_lacks_unit_date_source_or_status_is_refused(old: str, new: str) -> None:
    text = (SCHEMES / "grading-cac-2025.yaml").read_text("utf-8")
    assert old in text
    read = read_scheme(text.replace(old, new, 1), "grading-cac-2025.yaml")
    assert isinstance(read, Refusal)
    assert (read.code, read.where) == ("scheme_faulty", "grading-cac-2025.yaml")


def scenarios() -> dict[str, dict[str, object]]:
    if not SCENARIOS.exists():
        pytest.skip(f"shared scenarios are not at {SCENARIOS}")
    return json.loads(SCENARIOS.read_text("utf-8"))  # type: ignore[no-any-return]


def test_our_schemes_hold_the_numbers_of_the_shared_scenarios() -> None:
    shared = scenarios()["schemes"]
    for ours in (CAC, MIIT):
        theirs = shared[ours.code]
        for level, wanted in zip(ours.levels, theirs["levels"], strict=True):  # type: ignore[index]
            numbers = {t.fact.replace("_minor", "_fen"): t.at_least for t in level.any_of}
            assert (level.code, level.rank) == (wanted["level"], wanted["rank"])
            assert numbers == {row["fact"]: row["ge"] for row in wanted["any"]}
    assert CAC.reporting is not None
    hours = {clock.operator: clock.hours for clock in CAC.reporting.clocks}
    assert hours == shared["CAC-2025"]["report_hours_by_operator"]  # type: ignore[index]


def test_every_grade_and_hour_clock_of_the_shared_scenarios_comes_out() -> None:
    compared = 0
    for scenario in scenarios()["scenarios"].values():
        grading = scenario["input"].get("grading")  # type: ignore[attr-defined]
        if not grading:
            continue
        known = {name.replace("_fen", "_minor"): value for name, value in grading["facts"].items()}
        for code, wanted in scenario["expected"]["grades"].items():  # type: ignore[index]
            graded = grade(scheme(code), known)
            learned = datetime.fromisoformat(grading["learned_at"])
            duties = reporting_duties([graded], OperatorKind(grading["operator"]), learned)
            assert graded.level.code == wanted["level"]
            assert [duty.due_at for duty in duties] == (
                [datetime.fromisoformat(wanted["due_at"])] if wanted["report_duty"] else []
            )
            compared += 1
    assert compared == 6
