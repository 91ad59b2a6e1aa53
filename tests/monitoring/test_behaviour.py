"""Suggestions on exploited weaknesses over time, and the deductible that hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.catalogue.shelf import endorsement_report

from ringwall.basics import Words
from ringwall.evidence import Finding, FindingStatus, MatchBasis, Severity
from ringwall.monitoring import SUGGESTIONS_IN_TIME, Look, Notice, Promptness, behaviour_at, deliver, write_notice
from ringwall.product import Schedule, compile_schedule, make_schedule
from ringwall.terms import CompiledTerms, LossEvent, LossItem, Outcome, settle

FIRST_DAY = datetime.fromisoformat("2026-08-03T10:00:00+08:00")
TERM_DAYS = 14
"""Delivered on 3 August, so that the term ends at 18 August 00:00."""


def day(number: float) -> datetime:
    """So many days after the delivery."""
    return FIRST_DAY + timedelta(days=number)


def weakness(uid: str, exploited: bool | None = True) -> Finding:
    title = Words("边界设备存在已被利用的漏洞", "An exploited weakness in the perimeter device")
    return Finding(
        uid,
        "kev-perimeter",
        "gateway.jiangkou.test",
        "tcp/443",
        Severity.CRITICAL,
        MatchBasis.OBSERVED_BEHAVIOUR,
        title,
        Words("升级。", "Upgrade."),
        ("RAN",),
        "",
        FIRST_DAY,
        FIRST_DAY,
        FindingStatus.OPEN,
        "ab" * 32,
        cve="CVE-2026-0001",
        known_exploited=exploited,
    )


def suggestion(uid: str, delivered: bool = True) -> Notice:
    written = write_notice(f"N-{uid}", "P-1", weakness(uid), sent_at=FIRST_DAY, term_days=TERM_DAYS)
    assert isinstance(written, Notice)
    if not delivered:
        return written
    told = deliver(written, FIRST_DAY)
    assert isinstance(told, Notice)
    return told


def looks(uid: str, *seen: tuple[float, bool | None]) -> list[Look]:
    return [Look(uid, day(number), sees) for number, sees in seen]


@pytest.mark.parametrize(
    ("seen", "event", "standing", "in_time"),
    [
        pytest.param([(10, False)], 30, Promptness.IN_TIME, True, id="gone on the tenth day"),
        pytest.param([(5, True), (14, False)], 30, Promptness.IN_TIME, True, id="gone on the last day"),
        pytest.param([(15, True), (20, False)], 30, Promptness.LATE, False, id="seen after the term, gone later"),
        pytest.param([(10, False), (20, True)], 30, Promptness.LATE, False, id="gone and back again"),
        pytest.param([(5, True)], 30, Promptness.NOT_SEEN, None, id="nobody looked after the term"),
        pytest.param([(20, False)], 30, Promptness.NOT_SEEN, None, id="first looked at after the term"),
        pytest.param([(20, None)], 30, Promptness.NOT_SEEN, None, id="the look did not reach the place"),
        pytest.param([(5, True)], 10, Promptness.RUNNING, False, id="the term still runs"),
        pytest.param([(10, False)], 9, Promptness.RUNNING, False, id="fixed only after the event"),
    ],
)
def test_one_suggestion_is_judged_by_its_delivery_and_by_the_looks_before_the_event(
    seen: list[tuple[float, bool | None]], event: float, standing: Promptness, in_time: bool | None
) -> None:
    found = behaviour_at([suggestion("a")], [weakness("a")], looks("a", *seen), day(event))
    assert [each.standing for each in found.suggestions] == [standing]
    assert found.in_time is in_time
    assert "N-a" in found.suggestions[0].because.en


def test_what_was_not_delivered_or_is_not_exploited_does_not_count() -> None:
    told = [suggestion("a", delivered=False), suggestion("b")]
    found = behaviour_at(told, [weakness("a"), weakness("b", exploited=None)], looks("b", (20, True)), day(30))
    assert (found.suggestions, found.in_time) == ((), False)


def test_one_that_is_late_outweighs_all_others() -> None:
    told = [suggestion(uid) for uid in "abc"]
    seen = [*looks("a", (3, False)), *looks("b", (20, True))]
    found = behaviour_at(told, [weakness(uid) for uid in "abc"], seen, day(30))
    assert [each.standing for each in found.suggestions] == [Promptness.IN_TIME, Promptness.LATE, Promptness.NOT_SEEN]
    assert found.in_time is False


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from([True, False, None])), max_size=4), st.integers(1, 60))
def test_the_order_in_which_looks_are_told_decides_nothing(seen: list[tuple[int, bool | None]], event: int) -> None:
    told, found = suggestion("a"), weakness("a")
    days = list(dict(seen).items())
    answers = {behaviour_at([told], [found], looks("a", *order), day(event)) for order in permutations(days)}
    assert len(answers) == 1


@given(st.integers(1, 13), st.integers(15, 60))
def test_what_is_learned_after_the_event_does_not_change_its_answer(fixed: int, event: int) -> None:
    told, found = suggestion("a"), weakness("a")
    before = behaviour_at([told], [found], looks("a", (fixed, False)), day(event))
    after = behaviour_at([told], [found], looks("a", (fixed, False), (event + 1, True)), day(event))
    assert before == after


def terms() -> CompiledTerms:
    product = endorsement_report("patched-in-time").product
    assert product is not None
    schedule = make_schedule(product, {})
    assert isinstance(schedule, Schedule)
    compiled = compile_schedule(product, schedule)
    assert isinstance(compiled, CompiledTerms)
    return compiled


def settled(seen: Sequence[Look], *, told: bool = True) -> Outcome:
    """Two items, 100,000 and 250,000 yuan, of an event on the thirtieth day."""
    behaviour = behaviour_at([suggestion("a")] if told else [], [weakness("a")], seen, day(30))
    facts: dict[str, object] = {"discovered_at": day(30), "war": False, "state_operation": False}
    if behaviour.in_time is not None:
        facts[SUGGESTIONS_IN_TIME] = behaviour.in_time
    items = (
        LossItem("containment", "INRE", 10_000_000, {"kind": "containment", "prior_consent": True}),
        LossItem("data", "DIAS", 25_000_000, {"kind": "data_restoration"}),
    )
    outcome = settle(terms(), LossEvent("attack", facts, items), {})  # type: ignore[arg-type]
    assert isinstance(outcome, Outcome)
    return outcome


def test_a_fix_in_time_lowers_the_deductibles_of_a_later_claim_to_the_fen() -> None:
    in_time, late = settled(looks("a", (10, False))), settled(looks("a", (20, True)))
    assert (in_time.payable.low, in_time.payable.high) == (32_500_000, 32_500_000)
    assert (late.payable.low, late.payable.high) == (28_000_000, 28_000_000)
    assert settled([], told=False).payable == late.payable


def test_a_suggestion_that_nobody_looked_at_leaves_both_amounts_open() -> None:
    outcome = settled([])
    assert (outcome.payable.low, outcome.payable.high) == (28_000_000, 32_500_000)
    assert {point.fact for point in outcome.open_points} == {SUGGESTIONS_IN_TIME}
    assert sum(point.adds_minor for point in outcome.open_points) == 4_500_000


def test_the_payment_differs_by_what_the_two_deductibles_differ() -> None:
    changed = replace(weakness("a"), known_exploited=False)
    found = behaviour_at([suggestion("a")], [changed], looks("a", (10, False)), day(30))
    assert found.in_time is False
    assert settled(looks("a", (10, False))).payable.low - settled(looks("a", (20, True))).payable.low == (
        2_000_000 - 500_000
    ) + (5_000_000 - 2_000_000)
