"""Knowledge, submissions, explanations and subjectivities only grow, and each says when it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Refusal, Words, yuan
from ringwall.evidence import Answer
from ringwall.exposure import Organisation
from ringwall.underwriting import (
    Explanation,
    Knowledge,
    Subjectivity,
    Submission,
    confirm,
    confirmations,
    first_learned,
    knew,
    learn,
    meet,
    overdue,
    stands_in_the_way,
    void_clauses,
)

NOON = datetime(2025, 12, 22, 12, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def test_the_earliest_knowledge_counts_whenever_it_was_written_down() -> None:
    late = Knowledge("answer:Q20", NOON + HOUR, "underwriter", "report")
    early = Knowledge("answer:Q20", NOON, "underwriter", "inventory")
    assert first_learned((late, early), "answer:Q20") == early
    assert knew((late, early), "answer:Q20", NOON)
    assert not knew((late, early), "answer:Q20", NOON - HOUR)
    assert not knew((late, early), "finding:x", NOON)


@given(st.lists(st.builds(Knowledge, st.sampled_from("abc"), st.just(NOON), st.sampled_from("xy"), st.just("s"))))
def test_a_knowledge_log_only_grows_and_takes_nothing_twice(entries: list[Knowledge]) -> None:
    log: tuple[Knowledge, ...] = ()
    for entry in entries:
        grown = learn(log, entry)
        assert grown[: len(log)] == log
        log = grown
    assert len(log) == len(set(entries))


def test_a_submission_keeps_every_answer_and_gives_the_latest() -> None:
    name = Words("江口精密制造有限公司", "Jiangkou Precision Manufacturing Co., Ltd.")
    insured = Organisation(name, "", "C34", "310000", 300, 400, 24_000_000_000, Fraction(3, 10), 12_000)
    first = Answer("Q20", 3, "yes", "", "", "", NOON)
    second = replace(first, value="no", answered_at=NOON + HOUR)
    submission = Submission("S-1", insured, "tongzhou", "enterprise-cyber", "2026-01", (first,), NOON).answered(second)
    assert submission.answers == (first, second)
    assert submission.answer("Q20") == second
    assert submission.answer("Q1") is None
    entry = Knowledge("answer:Q20", NOON, "underwriter", "inventory")
    assert submission.learned(entry).learned(entry).knowledge == (entry,)


SHOWN = Explanation("A-3.3", "2026-01", NOON, "web page", "cd" * 32)


def test_a_clause_works_only_after_its_explanation_was_confirmed() -> None:
    confirmed = confirm(SHOWN, "Ms Lin, finance", NOON + HOUR)
    assert isinstance(confirmed, Explanation)
    result = confirmations(("A-3.2", "A-3.3"), (confirmed,), "2026-01", NOON + 2 * HOUR)
    assert result == {"A-3.2": False, "A-3.3": True}
    assert void_clauses(result) == ("A-3.2",)


def test_a_confirmation_after_conclusion_or_for_another_version_does_not_count() -> None:
    confirmed = confirm(SHOWN, "Ms Lin", NOON + HOUR)
    assert isinstance(confirmed, Explanation)
    assert confirmations(("A-3.3",), (confirmed,), "2026-01", NOON) == {"A-3.3": False}
    assert confirmations(("A-3.3",), (confirmed,), "2026-02", NOON + HOUR) == {"A-3.3": False}


def test_nobody_confirms_before_the_clause_was_shown() -> None:
    early, nobody = confirm(SHOWN, "Ms Lin", NOON - HOUR), confirm(SHOWN, " ", NOON)
    assert isinstance(early, Refusal)
    assert early.code == "confirmed_before_shown"
    assert isinstance(nobody, Refusal)
    assert nobody.code == "confirmed_by_nobody"


def test_a_condition_without_a_day_stands_in_the_way_of_binding_until_it_is_met() -> None:
    condition = Subjectivity("S1", Words("关闭远程桌面", "close remote desktop"))
    met = meet(condition, "scan 12", NOON)
    assert isinstance(met, Subjectivity)
    assert stands_in_the_way((condition,), NOON) == (condition,)
    assert stands_in_the_way((met,), NOON) == ()
    assert stands_in_the_way((met,), NOON - HOUR) == (met,)
    assert isinstance(meet(condition, "", NOON), Refusal)


def test_a_condition_with_a_day_is_overdue_only_after_that_day() -> None:
    condition = Subjectivity("S2", Words("完成演练", "hold a drill"), due_on=date(2026, 3, 31))
    assert stands_in_the_way((condition,), NOON) == ()
    assert overdue((condition,), datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI)) == ()
    assert overdue((condition,), datetime(2026, 4, 1, tzinfo=SHANGHAI)) == (condition,)


def test_an_amount_is_read_in_yuan_without_a_float() -> None:
    assert [yuan(x) for x in (0, 5, 56_351_300, -1_479_281)] == ["0.00", "0.05", "563,513.00", "-14,792.81"]
