"""What a family of products files beside its loads: flat bands, the members of a master policy, judged parts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ringwall.basics import Refusal, refuse
from ringwall.exposure import Organisation
from ringwall.price.filed.numbers import origin
from ringwall.risk import Grade


@dataclass(frozen=True, slots=True)
class SizeBand:
    """Every organisation with a revenue up to `up_to_minor` is rated as one of these figures."""

    up_to_minor: int
    rated_revenue_minor: int
    rated_records: int
    date: date
    source: str


@dataclass(frozen=True, slots=True)
class MemberCount:
    """How many members a master policy may have; the count is the answer to `question`."""

    question: str
    low: int
    high: int
    date: date
    source: str


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """A part without events in the model: its expected loss a year at one limit, for the reference organisation.

    At another limit it is the loss × (limit / that limit) to the power of `exponent`; it grows with the risk's
    frequency as all other losses do.
    """

    part: str
    loss_minor: int
    limit_minor: int
    exponent: Fraction
    grade: Grade
    date: date
    source: str

    def at(self, limit_minor: int) -> float:
        return self.loss_minor * math.pow(limit_minor / self.limit_minor, float(self.exponent))


def banded(bands: Sequence[SizeBand], organisation: Organisation) -> Organisation | Refusal:
    """The organisation with the figures of its band; above the top band the product is not for it."""
    if not bands:
        return organisation
    revenue = organisation.revenue_minor
    band = next((each for each in bands if revenue <= each.up_to_minor), None)
    if band is None:
        top = bands[-1].up_to_minor
        return refuse(
            "revenue_above_bands",
            organisation.name.en,
            zh=f"营业收入 {revenue // 100:,} 元高于费率表最高档 {top // 100:,} 元；请改投企业网络安全保险。",
            en=f"The revenue of {revenue // 100:,} yuan is above the top band of {top // 100:,} yuan; "
            "apply for the enterprise product instead.",
        )
    return replace(organisation, revenue_minor=band.rated_revenue_minor, records_held=band.rated_records)


def members_of(members: MemberCount | None, said: Mapping[str, str]) -> int | Refusal:
    """How many members the price is for: one organisation, unless a master policy is rated; `said` has the answers."""
    if members is None:
        return 1
    answer = said.get(members.question, "").strip()
    if answer.isdecimal() and members.low <= int(answer) <= members.high:
        return int(answer)
    span = f"{members.low}–{members.high}"
    return refuse(
        "members_outside_filing",
        members.question,
        zh=f"成员数（询问事项 {members.question}）答复为“{answer or '—'}”，备案范围 {span}；请更正或分单投保。",
        en=f"The number of members ({members.question}) is given as “{answer or '—'}”, filed are {span}; "
        "correct the number, or divide the members over several policies.",
    )


def read_bands(rows: Sequence[Mapping[str, str]]) -> tuple[SizeBand, ...]:
    bands = tuple(
        SizeBand(int(row["up_to"]), int(row["rated_revenue"]), int(row["rated_records"]), *origin(row)[1:])
        for row in rows
    )
    if any(low.up_to_minor >= high.up_to_minor for low, high in pairwise(bands)):
        raise ValueError("size_bands: rising up_to")
    if any(band.rated_revenue_minor > band.up_to_minor for band in bands):
        raise ValueError("size_bands: rated_revenue <= up_to")
    return bands


def read_members(row: Mapping[str, str]) -> MemberCount:
    low, high = int(row["low"]), int(row["high"])
    if not 1 <= low <= high:
        raise ValueError("members: 1 <= low <= high")
    return MemberCount(row["question"], low, high, *origin(row)[1:])


def read_judged(rows: Mapping[str, Mapping[str, str]]) -> dict[str, JudgedPart]:
    return {part: _judged(part, row) for part, row in rows.items()}


def _judged(part: str, row: Mapping[str, str]) -> JudgedPart:
    loss, limit, exponent = int(row["loss"]), int(row["limit"]), Fraction(row["exponent"])
    if loss < 0 or limit <= 0 or not 0 <= exponent <= 1:
        raise ValueError(f"judged_parts.{part}")
    return JudgedPart(part, loss, limit, exponent, Grade(row["grade"]), *origin(row)[1:])
