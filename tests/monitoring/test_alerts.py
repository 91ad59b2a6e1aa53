"""Alerts: the most urgent first, and a note holds for the raising that it was given to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Words
from ringwall.evidence import Severity
from ringwall.monitoring import (
    Acknowledgement,
    Alert,
    AlertKind,
    AlertState,
    deadline_severity,
    is_near,
    most_urgent_first,
    noted,
)

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WORD = Words("字", "word")


def alert(key: str = "k", severity: Severity = Severity.HIGH, raised: int = 1, due: int | None = None) -> Alert:
    due_at = None if due is None else NOW + due * DAY
    return Alert(key, AlertKind.TRAFFIC, severity, WORD, WORD, WORD, "/x", NOW - raised * DAY, due_at)


def note(of: Alert, organisation: str = "US", hours: int = 0) -> Acknowledgement:
    return Acknowledgement(of.key, of.raised_at, "somebody", organisation, NOW + timedelta(hours=hours))


def test_a_note_of_ours_takes_note_and_a_note_of_the_other_side_is_only_shown() -> None:
    one = alert()
    assert noted(one, [note(one)], "US").state is AlertState.NOTED
    theirs = noted(one, [note(one, "THEM")], "US")
    assert (theirs.state, len(theirs.notes)) == (AlertState.NEW, 1)


def test_an_alert_that_is_raised_again_is_new_again() -> None:
    before, again = alert(raised=9), alert(raised=1)
    assert noted(again, [note(before)], "US").state is AlertState.NEW
    assert noted(again, [note(before), note(again)], "US").state is AlertState.NOTED


def test_new_goes_before_noted_overdue_before_grave_and_grave_before_slight() -> None:
    late, grave, slight, seen = (
        alert("late", Severity.LOW, due=-1),
        alert("grave"),
        alert("s", Severity.LOW),
        alert("seen"),
    )
    listed = [noted(each, [note(seen)], "US") for each in (seen, slight, grave, late)]
    assert [each.alert.key for each in most_urgent_first(listed, NOW)] == ["late", "grave", "s", "seen"]


@given(st.permutations([alert(f"k{n}", Severity(n % 5 + 1), n, due=n - 3 if n % 2 else None) for n in range(9)]))
def test_the_order_does_not_hang_on_the_order_in_which_alerts_come(alerts: list[Alert]) -> None:
    def order(given: list[Alert]) -> list[str]:
        return [each.alert.key for each in most_urgent_first([noted(each, [], "US") for each in given], NOW)]

    assert order(alerts) == order(sorted(alerts, key=lambda each: each.key))


def test_a_deadline_is_in_the_list_from_seven_days_before_and_stays_when_it_has_passed() -> None:
    assert is_near(NOW + 7 * DAY, NOW, 7)
    assert not is_near(NOW + 7 * DAY + timedelta(seconds=1), NOW, 7)
    assert is_near(NOW - DAY, NOW, 7)


def test_at_the_due_instant_it_is_still_in_time() -> None:
    assert deadline_severity(NOW, NOW) is Severity.MEDIUM
    assert deadline_severity(NOW - timedelta(seconds=1), NOW) is Severity.HIGH
    assert not alert(due=0).is_overdue(NOW)
    assert alert(due=-1).is_overdue(NOW)
