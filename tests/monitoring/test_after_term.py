"""What Law 51 offers once a term has passed with the weakness still there, and who may choose it when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ringwall.basics import Refusal, Words
from ringwall.monitoring import Look, NextStep, NextStepTaken, Notice, deliver, offered, take_step

DELIVERED = datetime.fromisoformat("2026-08-03T10:00:00+08:00")
TERM_DAYS = 14
"""The term ends at 18 August 00:00."""
Seen = list[tuple[float, bool | None]]


def day(number: float) -> datetime:
    return DELIVERED + timedelta(days=number)


def notice(*, delivered: bool = True) -> Notice:
    written = Notice("N-1", "P-1", "F-1", Words("整改", "fix"), Words("后果", "or else"), DELIVERED, TERM_DAYS)
    told = deliver(written, DELIVERED) if delivered else written
    assert isinstance(told, Notice)
    return told


def looks(seen: Seen) -> list[Look]:
    return [Look("F-1", day(number), sees) for number, sees in seen]


def chosen(step: NextStep, at: datetime) -> NextStepTaken:
    return NextStepTaken(step, "underwriter", at, "the insured does not answer")


@pytest.mark.parametrize(
    ("seen", "now", "is_offered"),
    [
        pytest.param([(5, True)], 10, False, id="the term still runs"),
        pytest.param([(5, True)], 20, False, id="nobody looked after the term"),
        pytest.param([(10, False)], 20, False, id="fixed in time"),
        pytest.param([(15, True)], 20, True, id="seen after the term"),
        pytest.param([(15, True), (18, None)], 20, True, id="seen after the term, then not reached"),
        pytest.param([(15, True), (18, False)], 20, False, id="fixed, though late"),
        pytest.param([(10, False), (16, True)], 20, True, id="fixed in time and back again"),
        pytest.param([(15, True)], 14.8, False, id="a look that is still to come"),
    ],
)
def test_a_step_is_offered_only_where_a_later_look_still_sees_the_weakness(
    seen: Seen, now: float, is_offered: bool
) -> None:
    assert offered(notice(), looks(seen), day(now)).steps == (tuple(NextStep) if is_offered else ())
    taken = take_step(notice(), looks(seen), chosen(NextStep.LEAVE, day(now)))
    assert isinstance(taken, Notice) is is_offered


@pytest.mark.parametrize(
    ("seen", "now", "next_in_words", "settled"),
    [
        pytest.param([(5, True)], 10, "Fix it", False, id="the term still runs"),
        pytest.param([(5, True)], 20, "Nobody has looked since its term passed", False, id="nobody looked since"),
        pytest.param([(15, None)], 20, "have it re-tested", False, id="the look did not reach the place"),
        pytest.param([(15, True)], 20, "the underwriter decides", False, id="seen after the term"),
        pytest.param([(15, True), (18, False)], 20, "Nothing more", True, id="fixed, though late"),
    ],
)
def test_what_is_to_be_done_next_follows_the_term_and_the_looks(
    seen: Seen, now: float, next_in_words: str, settled: bool
) -> None:
    offer = offered(notice(), looks(seen), day(now))
    assert next_in_words in offer.next.en
    assert offer.settled is settled


def test_a_suggestion_that_was_not_delivered_offers_nothing() -> None:
    refusal = take_step(notice(delivered=False), looks([(15, True)]), chosen(NextStep.END_CONTRACT, day(20)))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "next_step_not_offered"
    assert "not delivered" in refusal.message.en


def test_a_suggestion_on_a_withdrawn_finding_asks_for_nothing() -> None:
    offer = offered(notice(), looks([(15, True)]), day(20), {"F-1"})
    assert (offer.steps, offer.settled) == ((), True)
    refusal = take_step(notice(), looks([(15, True)]), chosen(NextStep.LEAVE, day(20)), {"F-1"})
    assert isinstance(refusal, Refusal)


def test_one_person_chooses_once() -> None:
    first = take_step(notice(), looks([(15, True)]), chosen(NextStep.RAISE_PREMIUM, day(20)))
    assert isinstance(first, Notice)
    assert first.taken == chosen(NextStep.RAISE_PREMIUM, day(20))
    again = take_step(first, looks([(15, True)]), chosen(NextStep.END_CONTRACT, day(21)))
    assert isinstance(again, Refusal)
    assert "underwriter has chosen raise_premium" in again.message.en


def test_a_refused_step_says_which_look_or_day_stands_against_it() -> None:
    fixed = take_step(notice(), looks([(15, True), (18, False)]), chosen(NextStep.RAISE_PREMIUM, day(20)))
    running = take_step(notice(), looks([(5, True)]), chosen(NextStep.RAISE_PREMIUM, day(10)))
    assert isinstance(fixed, Refusal)
    assert isinstance(running, Refusal)
    assert "a re-test confirmed the fix" in fixed.message.en
    assert "2026-08-18" in running.message.en
