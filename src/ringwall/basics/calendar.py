"""Day clocks of the law: the first day is not counted, a last day on a holiday rolls (Civil Code 201, 203)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ringwall.basics.dates import SHANGHAI, day_start


@dataclass(frozen=True, slots=True)
class Calendar:
    """Legal holidays as a dated table; a weekend day that is no holiday does not roll (an open reading of the law)."""

    holidays: frozenset[date] = frozenset()

    def roll(self, day: date) -> date:
        """The day itself, or the first day after the holiday in which it lies."""
        while day in self.holidays:
            day += timedelta(days=1)
        return day


def last_day(start_day: date, days: int, pause_days: int, calendar: Calendar, rolls: bool) -> tuple[date, date]:
    """The last day of a term before and after rolling: first the pause is added, then the end rolls once."""
    unrolled = start_day + timedelta(days=days + pause_days)
    return unrolled, calendar.roll(unrolled) if rolls else unrolled


def due_before(last: date, zone: ZoneInfo = SHANGHAI) -> datetime:
    """An act is in time before this instant: 00:00 after the last day."""
    return day_start(last + timedelta(days=1), zone)
