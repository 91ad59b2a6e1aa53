"""Held, broken or unknown: looks before answers, evidence before words, and nothing from silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.evidence.conftest import AT, said, seen

from ringwall.evidence import (
    Control,
    ControlStanding,
    Finding,
    FindingStatus,
    Rules,
    Standing,
    contradictions,
    find,
    judge_controls,
)
from ringwall.exposure import Asset, AssetKind

HELD, BROKEN, UNKNOWN = Standing.HELD, Standing.BROKEN, Standing.UNKNOWN
ERP, GATEWAY = (Asset(f"{name}.jiangkou.test", AssetKind.HOST) for name in ("erp", "plant-gw"))
DOMAIN = Asset("jiangkou.test", AssetKind.DOMAIN)
ASSETS = (DOMAIN, ERP, GATEWAY)
DAY = timedelta(days=1)
SWEPT = (seen("ports", "closed", "erp.jiangkou.test:3389"), seen("ports", "closed", "plant-gw.jiangkou.test:3389"))
RDP_OPEN = seen("rdp", "nla_required", "plant-gw.jiangkou.test:3389")


def standing(standings: tuple[ControlStanding, ...], control: str) -> ControlStanding:
    return next(each for each in standings if each.control == control)


@pytest.mark.parametrize(
    ("control", "answer", "expected"),
    [
        ("edr", said("Q20", "1"), HELD),
        ("edr", said("Q20", "400/400"), HELD),
        ("edr", said("Q20", "280/400"), BROKEN),
        ("edr", said("Q20", "0.7"), BROKEN),
        ("edr", said("Q20", "most of them"), UNKNOWN),
        ("edr", said("Q20", "1", evidence=""), UNKNOWN),
        ("edr", said("Q20", "7/10", evidence=""), BROKEN),
        ("edr", said("Q20", " "), UNKNOWN),
        ("edr", said("Q20", "1", at=AT - 366 * DAY), UNKNOWN),
        ("edr", said("Q20", "1", at=AT + DAY), UNKNOWN),
        ("mfa_remote", said("Q17", "yes"), HELD),
        ("mfa_remote", said("Q17", "no"), BROKEN),
        ("mfa_remote", said("Q18", "yes"), UNKNOWN),
        ("offline_backup", said("Q22", "immutable"), HELD),
        ("offline_backup", said("Q22", "online_only"), BROKEN),
        ("restore_test", said("Q23", "within_6_months", at=AT - 183 * DAY), HELD),
        ("restore_test", said("Q23", "within_6_months", at=AT - 184 * DAY), UNKNOWN),
        ("remote_access_closed", said("Q27", "no"), HELD),
        ("remote_access_closed", said("Q27", "yes"), BROKEN),
    ],
)
def test_without_a_look_the_evidenced_answer_counts(
    control: str, answer: object, expected: Standing, controls: tuple[Control, ...]
) -> None:
    assert standing(judge_controls((answer,), (), (), AT, controls), control).standing is expected


def test_nothing_said_and_nothing_seen_is_unknown_everywhere(controls: tuple[Control, ...]) -> None:
    judged = judge_controls((), (), (), AT, controls, ASSETS)
    assert [each.control for each in judged] == [control.id for control in controls]
    assert {(each.standing, each.source, each.seen_at) for each in judged} == {(UNKNOWN, "", None)}


def test_a_blank_takes_an_older_answer_back(controls: tuple[Control, ...]) -> None:
    answers = (said("Q17", "yes", at=AT - DAY), said("Q17", ""))
    assert standing(judge_controls(answers, (), (), AT, controls), "mfa_remote").standing is UNKNOWN


def test_the_newest_answer_counts(controls: tuple[Control, ...]) -> None:
    answers = (said("Q17", "no"), said("Q17", "yes", at=AT - DAY))
    assert standing(judge_controls(answers, (), (), AT, controls), "mfa_remote").standing is BROKEN


def findings(rules: Rules, *observations: object) -> tuple[Finding, ...]:
    return find("I-1", observations, AT, rules)  # type: ignore[arg-type]


def test_a_look_that_sees_a_weakness_beats_an_evidenced_answer(rules: Rules, controls: tuple[Control, ...]) -> None:
    judged = judge_controls((said("Q27", "no"),), findings(rules, RDP_OPEN), (*SWEPT, RDP_OPEN), AT, controls, ASSETS)
    remote = standing(judged, "remote_access_closed")
    assert (remote.standing, remote.source, remote.seen_at) == (BROKEN, "look:svc.rdp.open", AT)
    assert "plant-gw.jiangkou.test:3389" in remote.because.zh


def test_a_look_that_reached_every_host_holds_a_control_without_any_answer(controls: tuple[Control, ...]) -> None:
    judged = judge_controls((), (), SWEPT, AT, controls, ASSETS)
    assert standing(judged, "remote_access_closed").standing is HELD
    assert standing(judged, "email_authentication").standing is UNKNOWN, "the domain was not looked at"


def test_a_look_that_missed_a_host_holds_nothing(controls: tuple[Control, ...]) -> None:
    assert standing(judge_controls((), (), SWEPT[:1], AT, controls, ASSETS), "remote_access_closed").standing is UNKNOWN


def test_a_look_at_nobody_knows_what_holds_nothing(controls: tuple[Control, ...]) -> None:
    assert standing(judge_controls((), (), SWEPT, AT, controls), "remote_access_closed").standing is UNKNOWN


@pytest.mark.parametrize(("days", "expected"), [(90, HELD), (91, UNKNOWN)])
def test_a_look_counts_for_ninety_days(days: int, expected: Standing, controls: tuple[Control, ...]) -> None:
    judged = judge_controls((), (), SWEPT, AT + days * DAY, controls, ASSETS)
    assert standing(judged, "remote_access_closed").standing is expected


def test_a_stale_weakness_falls_back_to_the_answer(rules: Rules, controls: tuple[Control, ...]) -> None:
    later = AT + 91 * DAY
    judged = judge_controls((said("Q27", "no", at=later),), findings(rules, RDP_OPEN), (), later, controls, ASSETS)
    assert standing(judged, "remote_access_closed").source.startswith("answer:")


def test_a_resolved_finding_breaks_nothing(rules: Rules, controls: tuple[Control, ...]) -> None:

    gone = tuple(replace(f, status=FindingStatus.RESOLVED) for f in findings(rules, RDP_OPEN))
    assert standing(judge_controls((), gone, SWEPT, AT, controls, ASSETS), "remote_access_closed").standing is HELD


def test_an_answer_and_a_look_that_disagree_are_shown_to_both_sides(
    rules: Rules, controls: tuple[Control, ...]
) -> None:
    seen_open = seen("redis", "open", "erp.jiangkou.test:6379")
    answers = (said("Q27", "no"), said("Q30", "yes", evidence=""), said("Q29", "no"))
    found = contradictions(answers, findings(rules, RDP_OPEN, seen_open), AT, controls)
    assert [(each.control, each.answer) for each in found] == [
        ("remote_access_closed", "Q27 v1: no"),
        ("stores_authenticated", "Q30 v1: yes"),
    ]
    assert "2025-12-15" in found[0].message.zh
    assert "plant-gw.jiangkou.test:3389" in found[0].message.en


def test_an_honest_no_contradicts_nothing(rules: Rules, controls: tuple[Control, ...]) -> None:
    assert contradictions((said("Q27", "yes"),), findings(rules, RDP_OPEN), AT, controls) == ()
    assert contradictions((), findings(rules, RDP_OPEN), AT, controls) == ()
