"""Two languages whole: translated texts, amounts, dates and instants as each language writes them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal

from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

from ringwall.basics import SHANGHAI, Language, Words, round_ratio

LOCALES: Mapping[Language, str] = {"zh": "zh_CN", "en": "en_GB"}
LANGUAGE_NAMES: Mapping[Language, str] = {"zh": "中文", "en": "English"}
CATALOGUES = "locale/zh_CN/LC_MESSAGES"
FRAME = "portal.po"
NOTHING = "—"

AmountUnit = Literal["whole", "large"]
LARGE_UNITS: Mapping[Language, tuple[int, str]] = {"zh": (1_000_000, "¥ {} 万"), "en": (100_000, "¥ {}k")}
"""Fen in the large unit of each language, and how it is written."""


@cache
def translations(language: Language) -> Translations:
    """The portal's texts; English is the source, Chinese is complete (a test fails on an untranslated string)."""
    if language == "en":
        return Translations()
    texts = catalogues()
    found = _compiled(texts.pop(FRAME))
    for text in texts.values():
        found.merge(_compiled(text))
    return found


def catalogues() -> dict[str, bytes]:
    """The translated texts by file: the frame's own and one for each group of pages."""
    folder = files("ringwall.shell.web").joinpath(CATALOGUES)
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".po")}


def _compiled(text: bytes) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale="zh_CN"))
    compiled.seek(0)
    return Translations(compiled)


def money(minor: int | None, language: Language, unit: AmountUnit = "whole") -> str:
    """¥ 1,234,567.00 from whole fen without a float, or in the large unit with two places."""
    if minor is None:
        return NOTHING
    sign = "−" if minor < 0 else ""
    if unit == "large":
        fen, pattern = LARGE_UNITS[language]
        hundredths = round_ratio(abs(minor) * 100, fen)
        return sign + pattern.format(f"{hundredths // 100:,}.{hundredths % 100:02d}")
    whole, rest = divmod(abs(minor), 100)
    return f"{sign}¥ {whole:,}.{rest:02d}"


def change(minor: int | None, language: Language, unit: AmountUnit = "whole") -> str:
    """An amount as a difference: it always says in which direction."""
    return ("+" if minor and minor > 0 else "") + money(minor, language, unit)


def day(value: date | datetime | None, language: Language) -> str:
    """2026年8月1日, or 1 Aug 2026; an instant is shown by its day in Shanghai."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return format_date(value, "y年M月d日" if language == "zh" else "d MMM y", locale=LOCALES[language])


def short_day(value: date, language: Language) -> str:
    """A day within a drawing that says the year elsewhere: 8月1日, or 1 Aug."""
    return format_date(value, "M月d日" if language == "zh" else "d MMM", locale=LOCALES[language])


def instant(value: datetime | None, language: Language) -> str:
    """The day and the clock time in Shanghai."""
    if value is None:
        return NOTHING
    pattern = "y年M月d日 HH:mm" if language == "zh" else "d MMM y, HH:mm"
    return format_datetime(value.astimezone(SHANGHAI), pattern, locale=LOCALES[language])


def duration(value: timedelta, language: Language) -> str:
    """A length of time in its two-digit unit: 36 hours, 9 days."""
    return format_timedelta(abs(value), granularity="minute", threshold=2, locale=LOCALES[language])


def number(value: int | float | Fraction | None, language: Language, places: int = 0) -> str:
    """A count with its thousands apart, or a number with at most so many places."""
    if value is None:
        return NOTHING
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    return format_decimal(exact, f"#,##0.{'#' * places}" if places else "#,##0", locale=LOCALES[language])


def percent(value: Fraction | float | None, language: Language) -> str:
    if value is None:
        return NOTHING
    return format_percent(Decimal(str(float(value))), "#,##0.##%", locale=LOCALES[language])


def words(value: Words | str, language: Language) -> str:
    return value.in_language(language) if isinstance(value, Words) else value


def stamp(value: date | datetime) -> str:
    """What a machine reads in `<time datetime>`."""
    return value.isoformat()


def day_stamp(value: datetime) -> str:
    """The day of an instant in Shanghai, as a page's address takes it."""
    return value.astimezone(SHANGHAI).date().isoformat()


def figures(value: object) -> str:
    """What a drawing is given, as JSON; the template escapes it into the attribute."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def filters(language: Language, unit: AmountUnit) -> dict[str, Callable[..., str]]:
    """What every template may apply, bound to the language and the unit of the reader."""
    return {
        "money": lambda minor: money(minor, language, unit),
        "change": lambda minor: change(minor, language, unit),
        "day": lambda value: day(value, language),
        "short_day": lambda value: short_day(value, language),
        "instant": lambda value: instant(value, language),
        "duration": lambda value: duration(value, language),
        "number": lambda value, places=0: number(value, language, places),
        "percent": lambda value: percent(value, language),
        "words": lambda value: words(value, language),
        "stamp": stamp,
        "day_stamp": day_stamp,
        "figures": figures,
    }
