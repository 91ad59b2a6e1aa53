"""A policy's history on two time axes: from when a version holds (across) and since when it is known (upwards)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ringwall.basics import Term, day_start, local_day
from ringwall.desk.views.policy import VersionShown

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 108, 16, 34, 44
LEAST_SPAN = timedelta(days=30)
TICK_GAP = 26
"""Dates on the upright axis stand at least so far apart."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where one version answers; later ones are drawn over earlier ones."""

    version: VersionShown
    x: int
    y: int
    width: int
    height: int

    @property
    def label_y(self) -> int:
        """The lower left corner of a region is never drawn over: later versions hold and are known later."""
        return self.y + self.height - 10


@dataclass(frozen=True, slots=True)
class TwoTimes:
    """The drawing at its coordinates; `now` is the point at which today's question is answered."""

    regions: tuple[Region, ...]
    across: tuple[tuple[int, date], ...]
    upwards: tuple[tuple[int, date], ...]
    now: tuple[int, int] | None
    floor: int
    right: int


def two_times(period: Term, versions: Sequence[VersionShown], now: datetime) -> TwoTimes:
    """Effective time over the period of insurance, known time from the conclusion until now."""
    first_known = versions[0].known_at
    span = max(now - first_known, LEAST_SPAN)
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT

    def across(instant: datetime) -> int:
        share = (min(max(instant, period.start), period.end) - period.start) / (period.end - period.start)
        return LEFT + round(share * (right - LEFT))

    def upwards(instant: datetime) -> int:
        return floor - round((instant - first_known) / span * (floor - TOP))

    regions = tuple(
        Region(each, x := across(each.effective_at), TOP, right - x, upwards(each.known_at) - TOP) for each in versions
    )
    inside = period.start <= now < period.end
    return TwoTimes(
        regions,
        tuple((across(day_start(day)), day) for day in _quarters(period)),
        _apart([(upwards(each.known_at), local_day(each.known_at)) for each in versions], upwards(now), now),
        (across(now), upwards(now)) if inside else None,
        floor,
        right,
    )


def _quarters(period: Term) -> list[date]:
    """The first days of the quarters that lie in the period."""
    start, end = local_day(period.start), local_day(period.end)
    days = (date(year, month, 1) for year in range(start.year, end.year + 1) for month in (1, 4, 7, 10))
    return [day for day in days if start <= day <= end]


def _apart(ticks: list[tuple[int, date]], top: int, now: datetime) -> tuple[tuple[int, date], ...]:
    """The days on which something became known, and now, as far as they can be written without touching."""
    kept: list[tuple[int, date]] = []
    for y, day in [*ticks, (top, local_day(now))]:
        if not kept or kept[-1][0] - y >= TICK_GAP:
            kept.append((y, day))
    return tuple(kept)
