"""Disclosure, rules R-01 to R-05: the worked case of a false answer on endpoint detection, with all of its variants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Calendar, Refusal
from ringwall.underwriting import (
    Culpability,
    DisclosureAssessment,
    FalseAnswer,
    InsurerConduct,
    PremiumRefund,
    assess_disclosure,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


NATIONAL_DAY = frozenset(date(2026, 10, day) for day in range(1, 8))
HOLIDAYS = Calendar(NATIONAL_DAY | {date(2026, 9, day) for day in (25, 26, 27)})
ANSWER = FalseAnswer("Q20", 3, True, True, True, Culpability.GROSS_NEGLIGENCE, True)
LATE = InsurerConduct(
    concluded_on=date(2025, 12, 29),
    knew_at=at("2026-08-18T09:30:00+08:00"),
    premium_taken_at=(at("2025-12-29T10:00:00+08:00"),),
    rescission_notice_at=at("2026-09-18T10:00:00+08:00"),
)
IN_TIME = replace(LATE, rescission_notice_at=at("2026-09-15T10:00:00+08:00"))
PREMIUM = 8_480_000


def assess(answer: FalseAnswer = ANSWER, insurer: InsurerConduct = LATE) -> DisclosureAssessment:
    assessment = assess_disclosure(answer, insurer, PREMIUM, HOLIDAYS)
    assert isinstance(assessment, DisclosureAssessment)
    return assessment


CASES = {
    "A": (ANSWER, LATE, True, "2026-09-17", False, "R-02", True, None),
    "A2": (ANSWER, IN_TIME, True, "2026-09-17", True, "R-02", False, 8_480_000),
    "A3": (replace(ANSWER, serious_effect_on_event=False), IN_TIME, True, "2026-09-17", True, "R-02", True, None),
    "A4": (replace(ANSWER, culpability=Culpability.DELIBERATE), IN_TIME, True, "2026-09-17", True, "R-02", False, 0),
    "A5": (
        ANSWER,
        replace(LATE, rescission_notice_at=None, refusal_letter_at=at("2026-09-10T10:00:00+08:00")),
        True,
        "2026-09-17",
        False,
        "R-04",
        True,
        None,
    ),
    "A8": (replace(ANSWER, asked_specifically=False), IN_TIME, False, None, False, "R-01", True, None),
    "A9": (
        ANSWER,
        replace(IN_TIME, knew_at=at("2025-12-20T16:00:00+08:00")),
        False,
        None,
        False,
        "R-03",
        True,
        None,
    ),
    "A10": (
        ANSWER,
        replace(LATE, rescission_notice_at=at("2026-09-17T23:59:59+08:00")),
        True,
        "2026-09-17",
        True,
        "R-02",
        False,
        8_480_000,
    ),
    "A18": (
        ANSWER,
        replace(
            LATE,
            knew_at=at("2027-12-10T09:00:00+08:00"),
            rescission_notice_at=at("2027-12-30T00:00:00+08:00"),
        ),
        True,
        "2027-12-29",
        False,
        "R-02",
        True,
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_worked_case_and_its_variants_come_out_as_derived(case: str) -> None:
    answer, insurer, existed, last, rescinded, rule, paid, refund = CASES[case]
    got = assess(answer, insurer)
    assert (got.right_existed, got.rescinded, got.decided_by, got.event_paid) == (existed, rescinded, rule, paid)
    assert got.right_last_day == (date.fromisoformat(last) if last else None)
    assert got.premium_refund_minor == refund


def test_the_steps_of_the_worked_case_name_the_rules_in_order() -> None:
    assert [step.rule for step in assess().steps] == ["R-01", "R-02", "R-03", "R-02", "R-04", "R-05"]
    assert "2026-09-17" in assess().steps[1].finding.en
    assert "1 day(s) late" in assess().steps[3].finding.en


@pytest.mark.parametrize("case", CASES)
def test_where_the_event_is_paid_the_last_step_says_which_clauses_work(case: str) -> None:
    answer, insurer, *_ = CASES[case]
    got = assess(answer, insurer)
    assert (got.steps[-1].rule == "R-05") is got.event_paid


def test_without_a_serious_effect_the_refund_is_left_to_the_contract() -> None:
    got = assess(replace(ANSWER, serious_effect_on_event=False), IN_TIME)
    assert got.premium_refund is PremiumRefund.LEFT_TO_CONTRACT


def test_clauses_that_were_not_explained_are_named_as_void() -> None:
    got = assess_disclosure(ANSWER, LATE, PREMIUM, HOLIDAYS, void_clauses=("A-3.2", "A-3.3"))
    assert isinstance(got, DisclosureAssessment)
    assert "A-3.2, A-3.3" in got.steps[-1].finding.en


RENEWAL = InsurerConduct(
    concluded_on=date(2026, 6, 26),
    knew_at=at("2026-04-10T03:15:00+08:00"),
    rescission_notice_at=at("2026-09-15T10:00:00+08:00"),
)


def test_a_scan_result_received_before_the_renewal_bars_rescission() -> None:
    got = assess(replace(ANSWER, question="Q24", question_version=2), RENEWAL)
    assert (got.right_existed, got.decided_by, got.event_paid) == (False, "R-03", True)


def test_an_instalment_taken_after_knowing_bars_rescission() -> None:
    conduct = replace(
        RENEWAL,
        knew_at=at("2026-08-18T09:00:00+08:00"),
        premium_taken_at=(at("2026-06-26T09:00:00+08:00"), at("2026-08-25T09:00:00+08:00")),
    )
    assert assess(ANSWER, conduct).decided_by == "R-03"


def test_an_insurer_that_learned_after_the_event_rescinds_within_thirty_days() -> None:
    conduct = replace(
        RENEWAL, knew_at=at("2026-09-10T09:00:00+08:00"), rescission_notice_at=at("2026-09-20T10:00:00+08:00")
    )
    got = assess_disclosure(ANSWER, conduct, 10_600_000, HOLIDAYS)
    assert isinstance(got, DisclosureAssessment)
    assert got.right_last_day == date(2026, 10, 10)
    assert (got.rescinded, got.event_paid, got.premium_refund_minor) == (True, False, 10_600_000)


def test_a_last_day_within_a_holiday_rolls_to_the_day_after_it() -> None:
    conduct = replace(
        LATE, knew_at=at("2026-09-01T07:30:00+08:00"), rescission_notice_at=at("2026-10-08T23:00:00+08:00")
    )
    got = assess(ANSWER, conduct)
    assert (got.right_last_day, got.rescinded) == (date(2026, 10, 8), True)


def test_knowledge_after_two_years_gives_no_right() -> None:
    conduct = replace(LATE, knew_at=at("2027-12-30T00:00:00+08:00"), rescission_notice_at=None)
    got = assess(ANSWER, conduct)
    assert (got.right_existed, got.decided_by) == (False, "R-02")


def test_an_insurer_that_does_not_know_yet_has_no_running_right() -> None:
    got = assess(ANSWER, replace(LATE, knew_at=None, rescission_notice_at=None))
    assert (got.right_existed, got.rescinded, got.event_paid) == (False, False, True)


@pytest.mark.parametrize("culpability", [Culpability.NONE, Culpability.NEGLIGENCE])
def test_slight_fault_gives_no_right(culpability: Culpability) -> None:
    assert assess(replace(ANSWER, culpability=culpability), IN_TIME).decided_by == "R-02"
    assert not assess(replace(ANSWER, culpability=culpability), IN_TIME).right_existed


def test_a_notice_before_any_knowledge_is_refused() -> None:
    got = assess_disclosure(ANSWER, replace(LATE, knew_at=at("2026-09-19T00:00:00+08:00")), PREMIUM, HOLIDAYS)
    assert isinstance(got, Refusal)
    assert got.code == "notice_before_knowledge"


def test_a_leap_day_has_its_bar_on_the_last_day_of_february() -> None:
    conduct = InsurerConduct(date(2024, 2, 29), at("2026-02-20T10:00:00+08:00"), (), at("2026-03-01T00:00:00+08:00"))
    got = assess(ANSWER, conduct)
    assert (got.right_last_day, got.rescinded) == (date(2026, 2, 28), False)


@given(
    knew=st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(SHANGHAI)),  # noqa: DTZ001
    wait=st.timedeltas(timedelta(0), timedelta(days=60)),
    culpability=st.sampled_from(Culpability),
    flags=st.tuples(*[st.booleans()] * 4),
)
def test_the_event_goes_unpaid_only_after_a_rescission_in_time(
    knew: datetime, wait: timedelta, culpability: Culpability, flags: tuple[bool, bool, bool, bool]
) -> None:
    answer = FalseAnswer("Q", 1, flags[0], flags[1], flags[2], culpability, flags[3])
    got = assess(answer, replace(LATE, knew_at=knew, premium_taken_at=(), rescission_notice_at=knew + wait))
    assert got.event_paid or got.rescinded
    assert not got.rescinded or got.right_existed
    assert got.right_last_day is None or got.right_last_day <= date(2027, 12, 29)
    assert got.rescinded or got.premium_refund is PremiumRefund.NOTHING_TO_RETURN
