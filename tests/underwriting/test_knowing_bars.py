"""What knowing a thing does to a right to rescind over it (R-02, R-03)."""

from __future__ import annotations

from datetime import date, datetime

from ringwall.basics import SHANGHAI, Calendar
from ringwall.underwriting import InsurerConduct, knowing_bars

CONCLUDED = date(2025, 12, 29)


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 10, tzinfo=SHANGHAI)


def test_what_was_known_at_conclusion_is_no_ground() -> None:
    bars = knowing_bars(InsurerConduct(CONCLUDED, at(12, 15, 2025)), Calendar())
    assert bars is not None
    assert (bars.rule, bars.barred, bars.last_day) == ("R-03", True, None)


def test_premium_taken_after_knowing_bars_as_well() -> None:
    bars = knowing_bars(InsurerConduct(CONCLUDED, at(3, 2), (at(4, 1),)), Calendar())
    assert bars is not None
    assert (bars.rule, bars.barred) == ("R-03", True)


def test_without_that_the_right_ends_thirty_days_after_knowing() -> None:
    bars = knowing_bars(InsurerConduct(CONCLUDED, at(3, 2), (at(1, 5),)), Calendar())
    assert bars is not None
    assert (bars.rule, bars.barred, bars.last_day) == ("R-02", False, date(2026, 4, 1))


def test_two_years_after_conclusion_end_it_in_any_case() -> None:
    bars = knowing_bars(InsurerConduct(CONCLUDED, at(12, 20, 2027)), Calendar())
    assert bars is not None
    assert bars.last_day == date(2027, 12, 29)


def test_what_is_not_known_bars_nothing() -> None:
    assert knowing_bars(InsurerConduct(CONCLUDED, None), Calendar()) is None
