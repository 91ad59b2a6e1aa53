"""What waits for whom on which day of the told year, most urgent first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shell.web.conftest import Portal

from ringwall.basics import Words
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.views.home import Home, Waiting, home
from ringwall.desk.views.home.waiting import most_urgent_first
from ringwall.desk.views.parts import Bar, BarState

THEN = datetime.fromisoformat("2026-03-05T23:59:59+08:00")
TASK = Waiting("fix", Words("整改", "fix"), Words("某公司", "a company"), "/", Words("看", "see"))


def at(portal: Portal, person: str, instant: str) -> Home:
    speaker, now = portal.speaker(person), datetime.fromisoformat(f"{instant}+08:00")
    return portal.house.front.ask(speaker, lambda office: home(office, speaker, now, KeptBases()))


def kinds(portal: Portal, person: str, instant: str) -> list[str]:
    return [task.kind for task in at(portal, person, instant).tasks]


@pytest.mark.parametrize(
    ("person", "instant", "first"),
    [
        ("shouan", "2025-12-11T09:00", "quote"),
        ("jiangkou", "2025-12-21T09:00", "confirm_explanations"),
        ("shouan", "2025-12-21T09:00", "quote_explanations"),
        ("tongzhou", "2025-12-21T09:00", "client_quote"),
        ("jiangkou", "2025-12-23T09:00", "pay_premium"),
        ("shouan", "2025-12-23T09:00", "quote_premium"),
        ("shouan", "2025-12-29T09:45", "bind"),
        ("shouan", "2026-03-02T10:30", "send_notice"),
        ("shouan", "2026-03-05T09:00", "follow_notice"),
        ("jiangkou", "2026-03-05T09:00", "fix_by_notice"),
        ("tongzhou", "2026-03-05T09:00", "client_notice"),
        ("shouan", "2026-03-12T12:00", "rerate"),
        ("shouan.claims", "2026-08-15T08:18", "consent_order"),
        ("fengtai", "2026-08-15T08:30", "order_consented"),
        ("fengtai", "2026-08-15T12:00", "order_accepted"),
        ("jiangkou", "2026-08-17T20:00", "accept_deliverable"),
        ("fengtai", "2026-08-18T10:00", "invoice_due"),
        ("shouan.claims", "2026-08-16T09:00", "await_documents"),
        ("shouan.claims", "2026-08-28T09:00", "clock_R-16"),
        ("jiangkou", "2026-09-10T09:00", "hand_in_documents"),
        ("shouan.claims", "2026-09-23T09:00", "clock_R-18"),
        ("shouan.claims", "2026-10-01T09:00", "clock_R-17"),
        ("zhongliu", "2026-10-20T09:00", "loss_fund_call"),
        ("jiangkou", "2026-11-20T09:00", "cover_ends"),
        ("supervision", "2026-11-02T09:00", "read_statistics"),
    ],
)
def test_the_story_puts_the_right_thing_on_each_desk(reading: Portal, person: str, instant: str, first: str) -> None:
    assert first in kinds(reading, person, instant)


def test_what_is_done_waits_no_more(reading: Portal) -> None:
    assert "quote" not in kinds(reading, "shouan", "2025-12-21T09:00")
    assert "confirm_explanations" not in kinds(reading, "jiangkou", "2025-12-23T09:00")
    assert "bind" not in kinds(reading, "shouan", "2025-12-30T09:00")
    assert "fix_by_notice" not in kinds(reading, "jiangkou", "2026-03-12T12:00")
    assert "rerate" not in kinds(reading, "shouan", "2026-03-12T16:00")
    assert set(kinds(reading, "fengtai", "2026-09-01T09:00")) == {"invoice_due"}
    assert not any(kind.startswith("clock") for kind in kinds(reading, "shouan.claims", "2026-10-09T09:00"))


def test_a_notice_runs_from_its_delivery_to_the_last_instant_of_its_term(reading: Portal) -> None:
    task = next(each for each in at(reading, "jiangkou", "2026-03-05T09:00").tasks if each.kind == "fix_by_notice")
    assert task.bar is not None
    assert task.bar.started_at == datetime.fromisoformat("2026-03-02T11:05:00+08:00")
    assert task.bar.due_at == datetime.fromisoformat("2026-03-12T23:59:59.999999+08:00")


def test_the_clock_of_the_decision_stands_still_while_documents_are_asked_for(reading: Portal) -> None:
    now = datetime.fromisoformat("2026-09-10T09:00+08:00")
    tasks = at(reading, "shouan.claims", "2026-09-10T09:00").tasks
    decision = next(each for each in tasks if each.kind == "clock_R-16")
    assert decision.bar is not None
    assert decision.bar.state(now) is BarState.STANDING


def test_a_follower_is_called_for_its_share_to_the_fen(reading: Portal) -> None:
    for person, part in (("zhongliu", 55545000), ("yuanqiao", 39675000)):
        call = next(t for t in at(reading, person, "2026-10-20T09:00").tasks if t.kind == "loss_fund_call")
        assert call.amount_minor == part


def test_the_lead_is_not_called_by_itself(reading: Portal) -> None:
    assert "loss_fund_call" not in kinds(reading, "shouan", "2026-10-20T09:00")


def test_fixes_are_offered_the_best_first_with_what_they_save(reading: Portal) -> None:
    tasks = [task for task in at(reading, "jiangkou", "2026-11-02T09:00").tasks if task.kind == "fix"]
    savings = [task.amount_minor or 0 for task in tasks]
    assert savings == sorted(savings)
    assert all(saving < 0 for saving in savings)


@pytest.mark.parametrize(
    "person", ["jiangkou", "shouan", "shouan.claims", "zhongliu", "tongzhou", "fengtai", "supervision"]
)
def test_before_anything_happened_nothing_waits_for_anybody(reading: Portal, person: str) -> None:
    view = at(reading, person, "2025-12-01T09:00")
    assert view.tasks == ()
    assert view.cases == ()


@given(st.lists(st.integers(-2000, 2000), max_size=8), st.lists(st.integers(-(10**9), 10**9), max_size=5))
def test_clocks_come_first_and_the_nearest_deadline_before_the_others(hours: list[int], amounts: list[int]) -> None:
    clocks = [replace(TASK, bar=Bar(THEN - timedelta(days=90), THEN + timedelta(hours=each))) for each in hours]
    others = [replace(TASK, amount_minor=each) for each in amounts]
    ordered = most_urgent_first([*others, *clocks], THEN)
    due = [task.bar.due_at for task in ordered if task.bar]
    assert [task.bar is None for task in ordered] == [False] * len(clocks) + [True] * len(others)
    assert due == sorted(due)
    sums = [abs(task.amount_minor or 0) for task in ordered if task.bar is None]
    assert sums == sorted(sums, reverse=True)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 20_000))
def test_a_bar_is_never_drawn_outside_its_track(start: int, length: int, now: int) -> None:
    begins = THEN + timedelta(minutes=start)
    bar = Bar(begins, begins + timedelta(minutes=length))
    assert 0 <= bar.percent_gone(THEN + timedelta(minutes=now)) <= 100


def test_done_at_the_due_instant_is_in_time_and_later_is_late() -> None:
    due = THEN + timedelta(days=1)
    assert Bar(THEN, due, due).state(due) is BarState.MET
    assert Bar(THEN, due, due + timedelta(seconds=1)).state(due + timedelta(days=1)) is BarState.LATE
    assert Bar(THEN, due).state(due) is BarState.RUNNING
    assert Bar(THEN, due).state(due + timedelta(seconds=1)) is BarState.OVERDUE
