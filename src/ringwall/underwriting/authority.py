"""Authority to underwrite, read from the catalogue: which level may accept which size of each measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse


class Measure(StrEnum):
    """What is compared with a level's authority."""

    REVENUE = "revenue"
    LIMIT = "limit"
    RECORDS_HELD = "records_held"
    PRICE_BELOW_TECHNICAL = "price_below_technical"
    PRICE_ABOVE_TECHNICAL = "price_above_technical"
    OPEN_CRITICAL = "open_critical"
    OPEN_KNOWN_EXPLOITED = "open_known_exploited"
    CONTRADICTIONS = "contradictions"
    OVER_CAPACITY = "over_capacity"


UNITS: Mapping[Measure, str] = {
    Measure.REVENUE: "fen",
    Measure.LIMIT: "fen",
    Measure.RECORDS_HELD: "count",
    Measure.PRICE_BELOW_TECHNICAL: "share",
    Measure.PRICE_ABOVE_TECHNICAL: "share",
    Measure.OPEN_CRITICAL: "count",
    Measure.OPEN_KNOWN_EXPLOITED: "count",
    Measure.CONTRADICTIONS: "count",
    Measure.OVER_CAPACITY: "count",
}


@dataclass(frozen=True, slots=True)
class AuthorityLimit:
    """The largest value of one measure that one level may accept, with its date and source."""

    at_most: Fraction
    unit: str
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Level:
    """One level of underwriting with its limits; every measure has one."""

    code: str
    name: Words
    limits: Mapping[Measure, AuthorityLimit]


@dataclass(frozen=True, slots=True)
class Authority:
    """The levels of one product in rising order."""

    product: str
    levels: tuple[Level, ...]

    def level(self, code: str) -> Level | None:
        return next((level for level in self.levels if level.code == code), None)


def parse_authority(text: str, where: str) -> Authority | Refusal:
    """The authority of a YAML file; a measure without its one number for some level is refused, not taken as free."""
    try:
        data = read_yaml(text)
        limits = {(row["level"], Measure(row["measure"])): _limit(row) for row in data["limits"]}
        levels = tuple(
            Level(
                row["level"],
                Words(row["name"]["zh"], row["name"]["en"]),
                {measure: limits[row["level"], measure] for measure in Measure},
            )
            for row in data["levels"]
        )
        authority = Authority(data["product"], levels)
    except (yaml.YAMLError, LookupError, TypeError, ValueError, ZeroDivisionError, AttributeError) as fault:
        return _faulty(where, f"无法读取：{fault}", f"cannot be read: {fault}")
    if not len(data["limits"]) == len(limits) == len(levels) * len(Measure):
        return _faulty(
            where, "有重复或多余的权限数字", "gives a number twice, or one for a level that it does not name"
        )
    return _rising(authority, where)


def _rising(authority: Authority, where: str) -> Authority | Refusal:
    for lower, upper in pairwise(authority.levels):
        for measure in Measure:
            if lower.limits[measure].at_most > upper.limits[measure].at_most:
                return _faulty(
                    where,
                    f"{measure} 在 {upper.code} 低于 {lower.code}",
                    f"gives {upper.code} less {measure} than {lower.code}",
                )
    return authority


def _limit(row: Mapping[str, str]) -> AuthorityLimit:
    if row["unit"] != UNITS[Measure(row["measure"])]:
        raise ValueError(f"{row['measure']}: {row['unit']}")
    return AuthorityLimit(Fraction(row["at_most"]), row["unit"], date.fromisoformat(row["since"]), row["source"])


def _faulty(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "authority_faulty",
        where,
        zh=f"核保权限文件{zh}；请更正后重新载入。",
        en=f"The authority file {en}; correct it and load it again.",
    )
