"""How far a number from outside can be trusted: who read its text, and where a data file states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SourceStatus(StrEnum):
    """From the firmest to the weakest; what rests on several numbers is as firm as the weakest."""

    READ = "read"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    ASSUMED = "assumed"

    @staticmethod
    def weakest(marks: tuple[SourceStatus, ...]) -> SourceStatus:
        order = tuple(SourceStatus)
        return max(marks, key=order.index, default=SourceStatus.READ)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number stands: the text, the day from which it holds, and whether somebody read it."""

    text: str
    since: date
    status: SourceStatus


def source_of(row: Mapping[str, str]) -> Source:
    """The source of one data row; a row without date, source or status raises and its file is refused."""
    return Source(row["source"], date.fromisoformat(row["date"]), SourceStatus(row["status"]))
