"""An increase of risk that nobody told of: each point is a person's, and only the last of them costs cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ringwall.basics import Refusal
from ringwall.claim import IncreaseAssessment, IncreaseRuling, after_increase, assess_increase, refused_items
from ringwall.terms import Between, LossItem, Outcome, PartOutcome, Verdict

CONCLUDED = datetime.fromisoformat("2025-12-29T14:00:00+08:00")
BEGAN = datetime.fromisoformat("2026-08-15T02:10:00+08:00")
DAY = timedelta(days=1)
ITEMS = tuple(LossItem(f"A-I{turn}", "INRE", 1) for turn in range(1, 13))
RULING = IncreaseRuling(
    what="remote desktop on the internet",
    since=BEGAN - 30 * DAY,
    findings=("F-1",),
    notable=True,
    told=False,
    insurer_bound=False,
    caused=("A-I3", "A-I4"),
    because="the intruder came in by it",
    by="claims handler",
    at=BEGAN + 20 * DAY,
)


def judged(ruling: IncreaseRuling = RULING) -> IncreaseAssessment:
    found = assess_increase(ruling, ITEMS, concluded_at=CONCLUDED, began_at=BEGAN)
    assert isinstance(found, IncreaseAssessment), found
    return found


@pytest.mark.parametrize(
    ("ruling", "decided_by", "says"),
    [
        pytest.param(replace(RULING, since=CONCLUDED), "R-06", "no increase within the term", id="known at conclusion"),
        pytest.param(replace(RULING, since=BEGAN), "R-06", "no increase within the term", id="only since the event"),
        pytest.param(replace(RULING, notable=False), "R-06", "not notable", id="not notable"),
        pytest.param(replace(RULING, told=True), "R-06", "did its duty", id="told"),
        pytest.param(replace(RULING, insurer_bound=True), "R-03", "knew of it and let it be", id="the insurer knew"),
        pytest.param(replace(RULING, caused=()), "R-06", "caused none of the loss", id="no causation"),
    ],
)
def test_any_one_point_against_the_insurer_leaves_the_loss_paid(
    ruling: IncreaseRuling, decided_by: str, says: str, outcome_a: Outcome
) -> None:
    assessment = judged(ruling)
    assert (assessment.unpaid, assessment.decided_by) == ((), decided_by)
    assert says in assessment.steps[-1].finding.en
    assert after_increase(outcome_a, None, assessment) is outcome_a


def test_with_every_point_for_the_insurer_the_loss_that_it_caused_goes_unpaid() -> None:
    assessment = judged()
    assert assessment.unpaid == ("A-I3", "A-I4")
    assert [step.rule for step in assessment.steps] == ["R-06", "R-06", "R-06", "R-03", "R-06"]


def test_the_items_that_are_left_are_paid_as_if_they_had_been_claimed_alone(outcome_a: Outcome) -> None:
    kept = tuple(item for item in outcome_a.items if item.name not in RULING.caused)
    parts = tuple(
        PartOutcome("DIAS", 3_500_000, Between(0, 0), Between(0, 0)) if part.part == "DIAS" else part
        for part in outcome_a.parts
    )
    rest = replace(outcome_a, items=kept, parts=parts, contract=Between(117_400_000, 117_400_000))
    owed = after_increase(outcome_a, rest, judged())
    assert owed.factual_minor == outcome_a.factual_minor
    assert owed.payable == rest.payable
    items = {item.name: item for item in owed.items}
    assert [item.name for item in owed.items] == [item.name for item in outcome_a.items]
    assert (items["A-I3"].verdict, items["A-I3"].clause) == (Verdict.EXCLUDED, "R-06")
    assert items["A-I5"].clause == "A-2.2", "what was refused for a reason of its own keeps that reason"
    assert {"A-I3", "A-I4"} <= set(refused_items(owed))
    assert owed.trace.value == rest.trace.value
    assert owed.trace.inputs[0] == rest.trace


def test_where_it_caused_everything_nothing_is_owed(outcome_a: Outcome) -> None:
    assessment = judged(replace(RULING, caused=tuple(item.name for item in ITEMS)))
    owed = after_increase(outcome_a, None, assessment)
    assert owed.payable == Between(0, 0)
    assert owed.state_after == outcome_a.state_before
    assert owed.factual_minor == outcome_a.factual_minor


@pytest.mark.parametrize(
    ("ruling", "code"),
    [
        pytest.param(replace(RULING, because=" "), "ruling_without_reason", id="no reason"),
        pytest.param(replace(RULING, caused=("A-I3", "X")), "loss_item_unknown", id="an item of another claim"),
    ],
)
def test_a_ruling_needs_its_reason_and_items_of_the_claim(ruling: IncreaseRuling, code: str) -> None:
    refusal = assess_increase(ruling, ITEMS, concluded_at=CONCLUDED, began_at=BEGAN)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
