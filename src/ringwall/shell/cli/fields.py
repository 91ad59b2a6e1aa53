"""One mapping of a file with its place: values are asked for by name, and a wrong one is refused by place and name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from ringwall.basics import Words
from ringwall.shell.cli.refused import Refused, no

E = TypeVar("E", bound=Enum)
WHOLE = re.compile(r"-?[0-9]{1,18}")
SHARE = re.compile(r"[0-9]{1,9}(/[0-9]{1,9}|\.[0-9]{1,9})?")
FLAGS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Fields:
    """`where` is the file and the way to this mapping; `known` are all the names that may stand in it."""

    where: str
    values: Mapping[str, Any]

    @staticmethod
    def of(where: str, raw: Any, known: Sequence[str] | None) -> Fields:
        """The mapping, if it is one and has none but the known names; None allows any name."""
        if not isinstance(raw, Mapping):
            raise _wrong(where, str(raw)[:40], "一组名称和值", "names with values")
        for name in raw:
            if known is not None and name not in known:
                raise no(
                    "field_unknown",
                    where,
                    zh=f"不认识「{name}」；此处可用：{'、'.join(known)}。",
                    en=f"“{name}” is not known here; use one of: {', '.join(known)}.",
                )
        return Fields(where, raw)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, otherwise: str | None = None) -> str:
        value = self.values.get(name)
        if value is None and otherwise is not None:
            return otherwise
        if not isinstance(value, str) or (not value.strip() and otherwise is None):
            raise self.missing(name) if value in (None, "") else self.wrong(name, "一段文字", "a text")
        return value.strip()

    def missing(self, name: str) -> Refused:
        return no(
            "field_missing",
            self.where,
            zh=f"缺少「{name}」；请补上（可对照 docs/samples）。",
            en=f"“{name}” is missing; add it (compare docs/samples).",
        )

    def wrong(self, name: str, zh: str, en: str) -> Refused:
        return _wrong(f"{self.where}: {name}", str(self.values.get(name))[:60], zh, en)

    def whole(self, name: str, otherwise: str | None = None, *, least: int | None = 0) -> int:
        """A whole number; amounts are fen. Below nil only where the caller says so."""
        text = self.text(name, otherwise)
        if not WHOLE.fullmatch(text):
            raise self.wrong(
                name, "整数（金额以分计，不写小数点和千分号）", "a whole number (amounts in fen, no point)"
            )
        number = int(text)
        if least is not None and number < least:
            raise self.wrong(name, f"不小于 {least} 的整数", f"a whole number of at least {least}")
        return number

    def share(self, name: str, otherwise: str | None = None) -> Fraction:
        text = self.text(name, otherwise)
        try:
            share = Fraction(text) if SHARE.fullmatch(text) else Fraction(2)
        except ZeroDivisionError:
            share = Fraction(2)
        if share > 1:
            raise self.wrong(name, "0 到 1 之间的分数或小数", "a fraction or decimal from 0 to 1")
        return share

    def instant(self, name: str, otherwise: datetime | None = None) -> datetime:
        if otherwise is not None and not self.has(name):
            return otherwise
        return instant(f"{self.where}: {name}", self.text(name))

    def choice(self, name: str, kinds: type[E], otherwise: str | None = None) -> E:
        text = self.text(name, otherwise)
        words = [str(kind.value) for kind in kinds]
        if text not in words:
            raise self.wrong(name, f"其中之一：{'、'.join(words)}", f"one of {', '.join(words)}")
        return kinds(text)

    def flag(self, name: str, otherwise: str | None = None) -> bool:
        text = self.text(name, otherwise)
        if text not in FLAGS:
            raise self.wrong(name, "yes 或 no", "yes or no")
        return FLAGS[text]

    def words(self, name: str) -> Words:
        raw = self.values.get(name)
        if isinstance(raw, str) and raw.strip():
            return Words(raw, raw)
        both = self.below(name, ("zh", "en"))
        return Words(both.text("zh"), both.text("en"))

    def below(self, name: str, known: Sequence[str] | None) -> Fields:
        if name not in self.values:
            raise self.missing(name)
        return Fields.of(f"{self.where}: {name}", self.values[name], known)

    def rows(self, name: str, known: Sequence[str] | None) -> tuple[Fields, ...]:
        """A list of mappings; a list that does not stand here is empty."""
        return tuple(Fields.of(where, row, known) for where, row in self._items(name))

    def texts(self, name: str) -> tuple[str, ...]:
        for where, each in self._items(name):
            if not isinstance(each, str) or not each.strip():
                raise _wrong(where, str(each)[:40], "一段文字", "a text")
        return tuple(str(each).strip() for _, each in self._items(name))

    def pairs(self, name: str) -> dict[str, str]:
        """Names with plain texts; a mapping that does not stand here is empty."""
        raw = self.values.get(name)
        if raw is None:
            return {}
        if not isinstance(raw, Mapping) or not all(isinstance(each, str) for each in raw.values()):
            raise self.wrong(name, "一组名称和值", "names with values")
        return {str(key): str(each) for key, each in raw.items()}

    def _items(self, name: str) -> Iterator[tuple[str, Any]]:
        raw = self.values.get(name)
        if raw is None:
            return
        if not isinstance(raw, list):
            raise self.wrong(name, "一个列表", "a list")
        for place, each in enumerate(raw, start=1):
            yield f"{self.where}: {name}[{place}]", each


def instant(where: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None and found.utcoffset() is not None:
            return found
    except ValueError:
        pass
    raise _wrong(
        where,
        text,
        "带时区偏移的时刻，例如 2026-08-14T22:00:00+08:00",
        "an instant with an offset, such as 2026-08-14T22:00:00+08:00",
    )


def day(where: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(where, text, "日期，例如 2026-01-31", "a day, such as 2026-01-31") from None


def _wrong(where: str, value: str, zh: str, en: str) -> Refused:
    return no(
        "field_wrong",
        where,
        zh=f"「{value}」应为{zh}；请更正。",
        en=f"“{value}” should be {en}; correct it.",
    )
