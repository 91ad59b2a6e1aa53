"""A grading scheme as data: levels with thresholds, and who must be told within how many hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse
from ringwall.incident.sourced import Source, source_of


class OperatorKind(StrEnum):
    """Who runs the system; the shorter the clock, the more depends on it."""

    CII = "cii"
    CENTRAL_ORGAN = "central_organ"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A fact reaches a level at this number; the number itself counts (Civil Code 1259)."""

    fact: str
    at_least: int
    unit: str
    source: Source


@dataclass(frozen=True, slots=True)
class Level:
    """One grade: reached when any threshold is; the lowest has none and takes the rest."""

    code: str
    name: Words
    rank: int
    any_of: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class HourClock:
    """Whom one kind of operator tells, and within how many hours of learning."""

    operator: OperatorKind
    authority: Words
    hours: int
    source: Source


@dataclass(frozen=True, slots=True)
class DayTerm:
    """A number of calendar days, with its source."""

    days: int
    source: Source


@dataclass(frozen=True, slots=True)
class Reporting:
    """From which rank a scheme wants reports, under which rule, and each operator's clock."""

    rule: str
    law: Words
    from_rank: int
    starts: Words
    clocks: tuple[HourClock, ...]
    final_report: DayTerm | None


@dataclass(frozen=True, slots=True)
class GradingScheme:
    """One scheme with its levels from the highest rank down; `reporting` is None where no clock was read."""

    code: str
    title: Words
    in_force: date
    levels: tuple[Level, ...]
    reporting: Reporting | None


def read_scheme(text: str, where: str) -> GradingScheme | Refusal:
    """A scheme from its YAML text; a number without unit, date, source or status refuses the whole file."""
    try:
        data = read_yaml(text)
        scheme = GradingScheme(
            data["scheme"],
            _words(data["title"]),
            date.fromisoformat(data["in_force"]),
            _levels(data["levels"]),
            _reporting(data["reporting"]) if "reporting" in data else None,
        )
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        return _faulty(where, str(fault))
    ranks = [level.rank for level in scheme.levels]
    if len(set(ranks)) < len(ranks) or not ranks or scheme.levels[-1].any_of:
        return _faulty(where, "levels: ranks must differ and the lowest level must have no threshold")
    return scheme


def _levels(rows: Sequence[Mapping[str, Any]]) -> tuple[Level, ...]:
    levels = [
        Level(
            row["level"],
            _words(row["name"]),
            int(row["rank"]),
            tuple(Threshold(t["fact"], int(t["at_least"]), t["unit"], source_of(t)) for t in row["any_of"]),
        )
        for row in rows
    ]
    return tuple(sorted(levels, key=lambda level: -level.rank))


def _reporting(data: Mapping[str, Any]) -> Reporting:
    clocks = tuple(
        HourClock(
            OperatorKind(row["operator"]), _words(row["authority"]), _in_unit(row, "hours", "hour"), source_of(row)
        )
        for row in data["operators"]
    )
    final = data.get("final_report")
    term = DayTerm(_in_unit(final, "days", "calendar day"), source_of(final)) if final else None
    return Reporting(data["rule"], _words(data["law"]), int(data["from_rank"]), _words(data["starts"]), clocks, term)


def _in_unit(row: Mapping[str, str], key: str, unit: str) -> int:
    if row["unit"] != unit:
        raise ValueError(f"{key}: unit {row['unit']}, expected {unit}")
    return int(row[key])


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["zh"], row["en"])


def _faulty(where: str, fault: str) -> Refusal:
    return refuse(
        "scheme_faulty",
        where,
        zh=f"事件分级规则文件无法使用：{fault}；请更正该处后重新载入。",
        en=f"The grading scheme cannot be used: {fault}; correct it and load the file again.",
    )
