"""What a book says at quote time: how much more it must bear for one risk, and how much it may bear at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

import yaml

from ringwall.basics import Refusal, refuse


class Bound(StrEnum):
    """What a capacity bounds: the event limits that hang on any one vendor, or a gross measure of the book."""

    VENDOR = "vendor"
    TVAR99 = "tvar99"
    OEP200 = "oep200"


@dataclass(frozen=True, slots=True)
class Capacity:
    """A stated capacity: at most so much, whole fen."""

    bound: Bound
    at_most_minor: int
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class CapitalLoad:
    """What one risk adds to the book, gross: average year, mean of the worst hundredth, event once in 200 years."""

    aal_minor: int
    tvar99_minor: int
    oep200_minor: int | None
    """None where the run has fewer than 200 years."""


@dataclass(frozen=True, slots=True)
class CapacityUse:
    """A capacity with the book as it stands and with the risk in it; `key` names the vendor, empty for a measure."""

    capacity: Capacity
    key: str
    before_minor: int
    after_minor: int

    @property
    def exceeded(self) -> bool:
        return self.after_minor > self.capacity.at_most_minor

    @property
    def share(self) -> Fraction:
        """How much of the capacity is used with the risk in the book."""
        return Fraction(self.after_minor, self.capacity.at_most_minor)


def read_capacities(text: str, where: str) -> tuple[Capacity, ...] | Refusal:
    """One number for each bound; one that is missing is refused, not taken as boundless."""
    try:
        data = yaml.load(text, Loader=yaml.BaseLoader)
        found = tuple(_capacity(row) for row in data["capacities"])
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        return _faulty(where, f"无法读取：{fault}", f"cannot be read: {fault}")
    if sorted(each.bound for each in found) != sorted(Bound):
        names = ", ".join(Bound)
        return _faulty(where, f"须为 {names} 各给出一个数", f"must give one number for each of {names}")
    return found


def _capacity(row: Mapping[str, str]) -> Capacity:
    if row["unit"] != "fen" or int(row["at_most"]) <= 0:
        raise ValueError(f"{row['bound']}: {row['at_most']} {row['unit']}")
    return Capacity(Bound(row["bound"]), int(row["at_most"]), date.fromisoformat(row["since"]), row["source"])


def _faulty(where: str, zh: str, en: str) -> Refusal:
    return refuse("capacity_faulty", where, zh=f"承保能力表 {where} {zh}；请更正。", en=f"{where} {en}; correct it.")
