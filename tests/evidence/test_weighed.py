"""Each control from every side: the judgement is that of the price, and traffic is heard without judging."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.evidence.conftest import AT, said, seen
from tests.evidence.test_standing import ASSETS, DAY, RDP_OPEN, SWEPT

from ringwall.basics import Words, day_start, local_day
from ringwall.evidence import (
    Answer,
    Control,
    Indicator,
    JudgedBy,
    Observation,
    Rules,
    Standing,
    Weighed,
    find,
    judge_controls,
    weigh_controls,
)


def beacon(days_ago: int, raised: bool | None = True) -> Indicator:
    because = Words("48 次连接", "48 connections")
    return Indicator("beacons", "h1", local_day(AT - days_ago * DAY), 0.98, 0.8, raised, because)


def weighed(
    control: str,
    controls: tuple[Control, ...],
    rules: Rules,
    answers: tuple[Answer, ...] = (),
    observations: tuple[Observation, ...] = (),
    indicators: tuple[Indicator, ...] = (),
    later: timedelta = timedelta(0),
) -> Weighed:
    at = AT + later
    findings = find("X", observations, at, rules)
    judged = judge_controls(answers, findings, observations, at, controls, ASSETS)
    all_sides = weigh_controls(answers, findings, observations, at, controls, ASSETS, indicators)
    assert tuple(each.judged for each in all_sides) == judged, "the page shows the judgement that the price reads"
    return next(each for each in all_sides if each.control == control)


@pytest.mark.parametrize(
    ("answers", "observations", "later", "rule", "standing"),
    [
        ((), (), 0, JudgedBy.NOTHING_COUNTS, Standing.UNKNOWN),
        ((said("Q27", "no"),), (), 0, JudgedBy.ANSWER_HOLDS, Standing.HELD),
        ((said("Q27", "no", evidence=""),), (), 0, JudgedBy.ANSWER_UNPROVED, Standing.UNKNOWN),
        ((said("Q27", "perhaps"),), (), 0, JudgedBy.ANSWER_UNCLEAR, Standing.UNKNOWN),
        ((said("Q27", "yes"),), (), 0, JudgedBy.ANSWER_BREAKS, Standing.BROKEN),
        ((said("Q27", "yes"),), SWEPT, 0, JudgedBy.LOOK_HOLDS, Standing.HELD),
        ((said("Q27", "no"),), (RDP_OPEN,), 0, JudgedBy.LOOK_BREAKS, Standing.BROKEN),
        ((said("Q27", "no"),), (RDP_OPEN,), 91, JudgedBy.ANSWER_HOLDS, Standing.HELD),
        ((said("Q27", "no"),), (), 366, JudgedBy.NOTHING_COUNTS, Standing.UNKNOWN),
    ],
)
def test_the_rule_that_judged_is_named(
    controls: tuple[Control, ...],
    rules: Rules,
    answers: tuple[Answer, ...],
    observations: tuple[Observation, ...],
    later: int,
    rule: JudgedBy,
    standing: Standing,
) -> None:
    found = weighed("remote_access_closed", controls, rules, answers, observations, later=later * DAY)
    assert (found.rule, found.judged.standing) == (rule, standing)
    assert (found.next_step is None) is (standing is Standing.HELD)


def test_a_stale_look_is_shown_with_the_day_on_which_it_stopped_counting(
    controls: tuple[Control, ...], rules: Rules
) -> None:
    found = weighed("remote_access_closed", controls, rules, (said("Q27", "no"),), (RDP_OPEN,), later=91 * DAY)
    assert found.look is not None
    assert found.look.says is Standing.BROKEN
    assert found.look.fresh_until == AT + 90 * DAY
    assert not found.look.counts(AT + 91 * DAY)
    assert found.fresh_until() == AT + 365 * DAY, "the judgement rests on the answer, and counts as long as that"


def test_a_contradiction_names_both_sides(controls: tuple[Control, ...], rules: Rules) -> None:
    found = weighed("remote_access_closed", controls, rules, (said("Q27", "no"),), (RDP_OPEN,))
    assert found.contradiction is not None
    assert found.answer is not None
    assert (found.answer.says, found.judged.standing) == (Standing.HELD, Standing.BROKEN)


def test_fresh_traffic_against_an_answer_casts_a_doubt_and_judges_nothing(
    controls: tuple[Control, ...], rules: Rules
) -> None:
    found = weighed("edr", controls, rules, (said("Q20", "1"),), indicators=(beacon(3),))
    assert found.doubt is not None
    assert found.traffic is not None
    assert (found.judged.standing, found.traffic.says) == (Standing.HELD, Standing.BROKEN)


@pytest.mark.parametrize(
    "heard", [(beacon(31),), (beacon(3, None),), (beacon(3, False),), ()], ids=["stale", "unknown", "quiet", "unheard"]
)
def test_what_the_sensor_did_not_raise_of_late_casts_no_doubt(
    controls: tuple[Control, ...], rules: Rules, heard: tuple[Indicator, ...]
) -> None:
    assert weighed("edr", controls, rules, (said("Q20", "1"),), indicators=heard).doubt is None


def test_one_quiet_host_does_not_hide_another_that_was_raised(controls: tuple[Control, ...], rules: Rules) -> None:
    found = weighed("edr", controls, rules, (said("Q20", "1"),), indicators=(beacon(3), beacon(1, False)))
    assert found.traffic is not None
    assert found.traffic.says is Standing.BROKEN
    assert found.traffic.seen_at == day_start(local_day(AT - 3 * DAY))


def test_an_indicator_of_a_day_that_is_still_to_come_is_not_heard(controls: tuple[Control, ...], rules: Rules) -> None:
    assert weighed("edr", controls, rules, (said("Q20", "1"),), indicators=(beacon(-2),)).traffic is None


def test_a_place_that_nobody_looked_at_has_no_look(controls: tuple[Control, ...], rules: Rules) -> None:
    one_of_two = (seen("ports", "closed", "erp.jiangkou.test:3389"),)
    assert weighed("remote_access_closed", controls, rules, (), one_of_two).look is None
