"""What a book says at quote time: how much more it must bear for one risk, and how much it may bear at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

import yaml

from ringwall.basics import Refusal, read_yaml, refuse


class Bound(StrEnum):
    """What a capacity bounds: the event limits that hang on any one vendor, or a measure of the book.

    Gross before any share of others and any treaty, net after both.
    """

    VENDOR = "vendor"
    TVAR99 = "tvar99"
    OEP200 = "oep200"
    NET_TVAR99 = "net_tvar99"
    NET_OEP200 = "net_oep200"


@dataclass(frozen=True, slots=True)
class Capacity:
    """A stated capacity: at most so much, whole fen."""

    bound: Bound
    at_most_minor: int
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Added:
    """What one risk adds to one view of the book: average year, worst hundredth of years, event once in 200 years."""

    aal_minor: int
    tvar99_minor: int
    oep200_minor: int | None
    """None where the run has fewer than 200 years."""


@dataclass(frozen=True, slots=True)
class CapitalLoad:
    """What one risk adds to the book, before and after what others share in it and the treaties."""

    gross: Added
    net: Added


@dataclass(frozen=True, slots=True)
class CostOfCapital:
    """What the owners of capital ask for it a year, as a share."""

    rate: Fraction
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class BookCapital:
    """The capital that somebody must hold for one risk in a book, and its cost in relation to the expected loss.

    Gross: co-insurers and reinsurers hold what the insurer does not, and shares and treaties move capital, they do not
    spare it. What the risk adds to the book, gross and net, stands beside it.
    """

    run: str
    as_at: date
    mean_minor: int
    """what the risk loses in an average year of the book"""
    tail_minor: int
    """and in an average one of the book's worst hundredth: its part of the tail"""
    added: CapitalLoad
    losses: float
    """expected losses a year of the risk in minor units, with which the capital was held"""
    cost: CostOfCapital

    @property
    def capital_minor(self) -> int:
        """The risk's part of the worst hundredth of the years beyond its average, which the premium holds already."""
        return max(self.tail_minor - self.mean_minor, 0)

    @property
    def load(self) -> float:
        """Cost of capital as a share of expected loss: mending and other terms move it in proportion."""
        return float(self.capital_minor * self.cost.rate) / self.losses


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
        data = read_yaml(text)
        found = tuple(_capacity(row) for row in data["capacities"])
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        return _faulty(where, f"无法读取：{fault}", f"cannot be read: {fault}")
    if sorted(each.bound for each in found) != sorted(Bound):
        names = ", ".join(Bound)
        return _faulty(where, f"须为 {names} 各给出一个数", f"must give one number for each of {names}")
    return found


def read_cost_of_capital(text: str, where: str) -> CostOfCapital | Refusal:
    """One rate between nil and one, with its date and source."""
    try:
        row = read_yaml(text)["cost_of_capital"]
        found = CostOfCapital(Fraction(row["value"]), date.fromisoformat(row["date"]), row["source"])
        if row["unit"] != "share a year" or not 0 <= found.rate < 1:
            raise ValueError(f"{row['value']} {row['unit']}")
    except (yaml.YAMLError, LookupError, TypeError, ValueError, ZeroDivisionError, AttributeError) as fault:
        return _faulty(where, f"无法读取：{fault}", f"cannot be read: {fault}")
    return found


def _capacity(row: Mapping[str, str]) -> Capacity:
    if row["unit"] != "fen" or int(row["at_most"]) <= 0:
        raise ValueError(f"{row['bound']}: {row['at_most']} {row['unit']}")
    return Capacity(Bound(row["bound"]), int(row["at_most"]), date.fromisoformat(row["since"]), row["source"])


def _faulty(where: str, zh: str, en: str) -> Refusal:
    return refuse("capacity_faulty", where, zh=f"承保能力表 {where} {zh}；请更正。", en=f"{where} {en}; correct it.")
