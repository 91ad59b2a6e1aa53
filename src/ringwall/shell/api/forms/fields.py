"""What a request may contain: whole fen, exact fractions, instants with an offset, texts that can be stored."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Annotated

from fastapi import Path, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from ringwall.basics import Words
from ringwall.shell.api.forms.mirror import ratio

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$"
NUMBER = r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,119}$"
WORD = r"^[A-Za-z0-9_][A-Za-z0-9._:-]{0,79}$"
SHA256 = r"^[0-9a-f]{64}$"
LARGEST_MINOR = 10**15
RATIO = re.compile(r"[0-9]{1,12}/[0-9]{1,12}")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Body(BaseModel):
    """A request body: what it does not know it does not take."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError("instant")
    found = datetime.fromisoformat(value.upper())
    if not EARLIEST <= found < LATEST:
        raise ValueError("instant")
    return found


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError("day")
    found = date.fromisoformat(value)
    if not EARLIEST.date() <= found < LATEST.date():
        raise ValueError("day")
    return found


def _fraction(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str) or not RATIO.fullmatch(value) or int(value.partition("/")[2]) == 0:
        raise ValueError("fraction")
    return Fraction(value)


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("text")
    return value


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "带时区偏移的时刻，1990 至 2099 年 · an instant with its offset, of 1990 to 2099",
            "examples": ["2025-12-29T09:30:00+08:00"],
        }
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "description": "日历日，1990 至 2099 年 · a calendar day of 1990 to 2099",
            "examples": ["2026-10-31"],
        }
    ),
]
Ratio = Annotated[
    Fraction,
    BeforeValidator(_fraction),
    PlainSerializer(ratio, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9]{1,12}/0*[1-9][0-9]{0,11}$",
            "description": "精确分数 分子/分母 · an exact fraction n/d",
            "examples": ["7/20"],
        }
    ),
]
Minor = Annotated[
    int, Field(strict=True, ge=0, le=LARGEST_MINOR, description="整数分 · whole fen", examples=[300_000_000])
]
Count = Annotated[int, Field(strict=True, ge=0, le=10**12, examples=[300])]
Units = Annotated[int, Field(strict=True, ge=1, le=10_000, examples=[1])]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4_000, pattern=PRINTABLE),
    AfterValidator(_text),
    Field(examples=["我们同意保险人从外部检查此处所列资产。We allow the insurer to look at the assets named here."]),
]
ShortText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE),
    AfterValidator(_text),
    Field(examples=["江口精密制造"]),
]
Word = Annotated[str, StringConstraints(pattern=WORD), Field(examples=["shouan"])]
NumberText = Annotated[str, StringConstraints(pattern=NUMBER), Field(examples=["SHOUAN-P-000001"])]
MaybeWord = Annotated[str, StringConstraints(pattern=rf"^({WORD[1:-1]})?$")]
MaybeDigest = Annotated[str, StringConstraints(pattern=rf"^({SHA256[1:-1]})?$")]
MaybeText = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]
Number = Annotated[str, Path(pattern=NUMBER, description="单据编号 · the number under which it stands")]
Sha256 = Annotated[str, Path(pattern=SHA256, description="内容的 SHA-256 · the SHA-256 of the content")]
Limit = Annotated[int, Query(ge=1, le=500, description="最多行数 · rows at most")]
After = Annotated[
    str, Query(max_length=120, pattern=r"^[A-Za-z0-9._:@-]*$", description="从此编号之后 · numbers after this one")
]


class BothLanguages(Body):
    """One text in Chinese and English."""

    zh: ShortText
    en: ShortText = Field(examples=["Jiangkou Precision Manufacturing"])

    def words(self) -> Words:
        return Words(self.zh, self.en)


class Period(Body):
    """A period [start, end): the end instant is outside."""

    start: Instant = Field(examples=["2026-01-01T00:00:00+08:00"])
    end: Instant = Field(examples=["2027-01-01T00:00:00+08:00"])

    def is_backward(self) -> bool:
        return self.end - self.start < timedelta(days=1)
