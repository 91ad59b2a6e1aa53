"""Instants are UTC or carry an offset; days are calendar days of a zone; periods are half-open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Term:
    """A period [start, end): the end instant is outside."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        assert self.start.tzinfo and self.end.tzinfo, "instants carry a zone"

    def contains(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def days(self) -> int:
        return days_between(local_day(self.start), local_day(self.end))

    def days_left(self, instant: datetime) -> int:
        """Whole days from the day of the instant (counted) to the end (not counted), within the period."""
        day = max(local_day(instant), local_day(self.start))
        return max(days_between(day, local_day(self.end)), 0)


def local_day(instant: datetime, zone: ZoneInfo = SHANGHAI) -> date:
    """The calendar day of an instant in a zone."""
    return instant.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo = SHANGHAI) -> datetime:
    """The instant at which a calendar day begins."""
    return datetime.combine(day, time(0), zone)


def days_between(start: date, end: date) -> int:
    """Days from start (counted) to end (not counted)."""
    return (end - start).days


def elapsed_seconds(start: datetime, end: datetime) -> int:
    """Whole seconds between two instants, never a difference of wall-clock readings."""
    return round((end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(seconds=1))


def years_later(day: date, years: int) -> date:
    """The same day so many years later; where the month has no such day, its last day (Civil Code 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def year_of_cover(first_day: date, zone: ZoneInfo = SHANGHAI) -> Term:
    """Twelve months from the start of a day; 29 February runs to 1 March."""
    try:
        last = first_day.replace(year=first_day.year + 1)
    except ValueError:
        last = date(first_day.year + 1, 3, 1)
    return Term(day_start(first_day, zone), day_start(last, zone))
