"""A contract rescinded in time for a false answer pays nothing and says why; no other assessment changes anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from ringwall.basics import Calendar
from ringwall.claim import after_rescission, refused_items
from ringwall.terms import Between, Outcome, Verdict
from ringwall.underwriting import (
    Culpability,
    DisclosureAssessment,
    FalseAnswer,
    InsurerConduct,
    assess_disclosure,
)

ANSWER = FalseAnswer("Q20", 3, True, True, True, Culpability.GROSS_NEGLIGENCE, True)
IN_TIME = InsurerConduct(
    concluded_on=date(2025, 12, 29),
    knew_at=datetime.fromisoformat("2026-08-18T09:30:00+08:00"),
    rescission_notice_at=datetime.fromisoformat("2026-09-15T10:00:00+08:00"),
)
NOTHING = Between(0, 0)


def judged(answer: FalseAnswer = ANSWER, insurer: InsurerConduct = IN_TIME) -> DisclosureAssessment:
    found = assess_disclosure(answer, insurer, 8_480_000, Calendar())
    assert isinstance(found, DisclosureAssessment)
    return found


def test_after_a_rescission_nothing_is_within_cover_and_no_limit_is_used(outcome_a: Outcome) -> None:
    """Scenario A2: 243,400,000 lost, nothing owed, 380,000,000 of the aggregate left as before."""
    owed = after_rescission(outcome_a, judged())
    assert owed.factual_minor == outcome_a.factual_minor == 243_400_000
    assert (owed.within_cover, owed.contract, owed.statutory, owed.payable) == (NOTHING,) * 4
    assert owed.state_after == outcome_a.state_before
    assert {part.payable for part in owed.parts} == {NOTHING}


def test_every_item_goes_into_the_letter_and_what_was_refused_before_keeps_its_clause(outcome_a: Outcome) -> None:
    owed = after_rescission(outcome_a, judged())
    assert refused_items(owed) == tuple(item.name for item in owed.items)
    items = {item.name: (item.verdict, item.clause) for item in owed.items}
    assert items["A-I1"] == (Verdict.EXCLUDED, "R-02")
    assert items["A-I2"] == (Verdict.EXCLUDED, "A-1.2")
    assert items["A-I9"] == (Verdict.NOMINAL_ONLY, "A-4.2")


def test_an_open_point_closes_with_the_contract(outcome_a19: Outcome) -> None:
    owed = after_rescission(outcome_a19, judged())
    assert (owed.open_points, owed.payable) == ((), NOTHING)
    assert Verdict.UNKNOWN not in {item.verdict for item in owed.items}


def test_the_trace_tells_the_steps_of_the_assessment(outcome_a: Outcome) -> None:
    assessment = judged()
    trace = after_rescission(outcome_a, assessment).trace
    assert (trace.label, trace.value, trace.clause) == ("payable", 0, "R-02")
    assert [node.text for node in trace.inputs] == [step.finding for step in assessment.steps]


@pytest.mark.parametrize(
    "assessment",
    [
        judged(insurer=replace(IN_TIME, rescission_notice_at=datetime.fromisoformat("2026-09-18T10:00:00+08:00"))),
        judged(insurer=replace(IN_TIME, rescission_notice_at=None)),
        judged(answer=replace(ANSWER, serious_effect_on_event=False)),
        judged(answer=replace(ANSWER, asked_specifically=False)),
    ],
    ids=["too late", "no notice", "no serious effect", "a catch-all question"],
)
def test_where_the_event_is_still_paid_the_settlement_stands(
    outcome_a: Outcome, assessment: DisclosureAssessment
) -> None:
    assert assessment.event_paid
    assert after_rescission(outcome_a, assessment) is outcome_a
