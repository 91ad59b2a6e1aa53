"""A filed number and a filed range, each exact, with unit, date and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

COLUMNS = ("unit", "date", "source")


@dataclass(frozen=True, slots=True)
class FiledNumber:
    """One filed number, exact, with its origin."""

    name: str
    value: Fraction
    unit: str
    date: date
    source: str


@dataclass(frozen=True, slots=True)
class FiledRange:
    """A factor outside [low, high] is never used."""

    name: str
    low: Fraction
    high: Fraction
    unit: str
    date: date
    source: str

    def contains(self, factor: Fraction | float) -> bool:
        return self.low <= factor <= self.high


def read_number(name: str, row: Mapping[str, str]) -> FiledNumber:
    unit, day, source = origin(row)
    value = Fraction(row["value"])
    if value < 0:
        raise ValueError(f"{name} = {row['value']}")
    return FiledNumber(name, value, unit, day, source)


def read_range(name: str, row: Mapping[str, str]) -> FiledRange:
    unit, day, source = origin(row)
    low, high = Fraction(row["low"]), Fraction(row["high"])
    if not 0 < low <= 1 <= high:
        raise ValueError(f"{name}: 0 < low <= 1 <= high")
    return FiledRange(name, low, high, unit, day, source)


def origin(row: Mapping[str, str]) -> tuple[str, date, str]:
    """Unit, date and source of a row; none of them may be empty."""
    empty = [column for column in COLUMNS if not row[column]]
    if empty:
        raise ValueError(", ".join(empty))
    return row["unit"], date.fromisoformat(row["date"]), row["source"]
