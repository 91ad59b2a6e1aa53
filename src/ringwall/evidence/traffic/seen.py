"""All batches of one insured merged, and how a rule answers for hosts and days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from ringwall.basics import Words, local_day
from ringwall.evidence.traffic.limits import Thresholds
from ringwall.evidence.traffic.records import WHOLE_NETWORK, Counted, HourlyCount, Indicator


@dataclass(frozen=True, slots=True)
class Seen:
    """All batches merged, with what the rules need to know about the whole."""

    batches: tuple[Counted, ...]
    limits: Thresholds
    allowed_peers: frozenset[str]
    zone: ZoneInfo

    def hourly(self) -> Iterable[tuple[date, HourlyCount]]:
        return ((local_day(row.hour, self.zone), row) for batch in self.batches for row in batch.hourly)

    def days(self) -> set[date]:
        return {day for day, _ in self.hourly()}

    def days_with(self, event_type: str) -> set[date]:
        return {day for day, row in self.hourly() if row.event_type == event_type}


def answers(
    code: str,
    threshold: float,
    found: dict[tuple[str, date], tuple[float, bool, Words]],
    *,
    days: set[date],
    looked: set[date],
    words: tuple[Words, Words],
) -> list[Indicator]:
    """The hosts that say something; on other days zero where the sensor looked and unknown where it did not."""
    told = [
        Indicator(code, host, day, value, threshold, raised, because)
        for (host, day), (value, raised, because) in found.items()
    ]
    rest = days - {day for _, day in found}
    nothing, blind = words
    quiet = [Indicator(code, WHOLE_NETWORK, day, 0.0, threshold, False, nothing) for day in rest & looked]
    unknown = [Indicator(code, WHOLE_NETWORK, day, None, threshold, None, blind) for day in rest - looked]
    return told + quiet + unknown
