"""YAML read as text, with the line of every entry; faults are collected as refusals, so that one run shows them all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import yaml

from ringwall.basics import Refusal, Words, refuse, text_loader

WHOLE = re.compile(r"^-?\d{1,18}$", re.ASCII)
YES = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a file with its place: text, a list or a mapping of further entries."""

    place: str
    value: str | tuple[Entry, ...] | Mapping[str, Entry]

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    @property
    def items(self) -> tuple[Entry, ...]:
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def fields(self) -> Mapping[str, Entry]:
        return self.value if isinstance(self.value, Mapping) else {}


class Reader:
    """Reads entries of one folder and keeps every refusal; a value that cannot be read comes back as a harmless one."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def refuse(self, code: str, place: str, zh: str, en: str) -> None:
        self.refusals.append(refuse(code, place, zh=zh, en=en))

    def load(self, path: str, text: str) -> Entry:
        try:
            node = yaml.compose(text, Loader=text_loader())
        except yaml.YAMLError as fault:
            mark = getattr(fault, "problem_mark", None)
            place = f"{path}:{mark.line + 1}" if mark else path
            self.refuse(
                "product_yaml",
                place,
                "此处不是合法的 YAML；请检查缩进、引号与冒号。",
                "This is not valid YAML; check indentation, quotes and colons here.",
            )
            return Entry(path, {})
        return self.entry(path, node) if node is not None else Entry(f"{path}:1", {})

    def entry(self, path: str, node: yaml.Node) -> Entry:
        place = f"{path}:{node.start_mark.line + 1}"
        if isinstance(node, yaml.SequenceNode):
            return Entry(place, tuple(self.entry(path, child) for child in node.value))
        if isinstance(node, yaml.MappingNode):
            fields: dict[str, Entry] = {}
            for key, child in node.value:
                if key.value in fields:
                    self.refuse(
                        "product_twice",
                        f"{path}:{key.start_mark.line + 1}",
                        f"「{key.value}」出现了两次；请删去一个。",
                        f"“{key.value}” stands here twice; remove one.",
                    )
                fields[key.value] = self.entry(path, child)
            return Entry(place, fields)
        return Entry(place, str(node.value))

    def need(self, entry: Entry, name: str) -> Entry:
        found = entry.fields.get(name)
        if found is None:
            self.refuse(
                "product_missing", entry.place, f"缺少「{name}」；请补上。", f"“{name}” is missing here; add it."
            )
            return Entry(entry.place, ())
        return found

    def known(self, entry: Entry, allowed: Sequence[str]) -> None:
        """Refuse fields that nobody reads: most are misspelt."""
        for name, field in entry.fields.items():
            if name not in allowed:
                self.refuse(
                    "product_unknown_word",
                    field.place,
                    f"不认识「{name}」；此处可用：{'、'.join(allowed)}。",
                    f"“{name}” is not known here; use one of: {', '.join(allowed)}.",
                )

    def one_of(self, entry: Entry, allowed: Sequence[str], zh: str, en: str) -> str:
        """The text where it is one of those allowed, else the first of them and a refusal."""
        if entry.text in allowed:
            return entry.text
        self.refuse(
            "product_unknown_word",
            entry.place,
            f"没有{zh}「{entry.text}」；可用：{'、'.join(allowed)}。",
            f"There is no {en} “{entry.text}”; use one of: {', '.join(allowed)}.",
        )
        return allowed[0]

    def words(self, entry: Entry) -> Words:
        zh, en = self.need(entry, "zh").text, self.need(entry, "en").text
        if not (zh and en):
            self.refuse(
                "product_language",
                entry.place,
                "缺少一种语言的文字；中英文都要有。",
                "The text of one language is missing; both Chinese and English are needed.",
            )
        return Words(zh, en)

    def whole(self, entry: Entry) -> int:
        if not WHOLE.match(entry.text):
            self.refuse(
                "product_number",
                entry.place,
                f"「{entry.text}」不是整数；金额请以分为单位书写，不写小数点和千分号。",
                f"“{entry.text}” is no whole number; write amounts in fen, without a point or separators.",
            )
            return 0
        return int(entry.text)

    def flag(self, entry: Entry) -> bool:
        if entry.text not in YES:
            self.refuse(
                "product_flag",
                entry.place,
                f"「{entry.text}」不是是或否；请写 yes 或 no。",
                f"“{entry.text}” is neither yes nor no; write one of them.",
            )
        return YES.get(entry.text, False)

    def day(self, entry: Entry) -> date:
        try:
            return date.fromisoformat(entry.text)
        except ValueError:
            self.refuse(
                "product_date",
                entry.place,
                f"「{entry.text}」不是日期；请写成 2026-01-31。",
                f"“{entry.text}” is no date; write it as 2026-01-31.",
            )
            return date(1970, 1, 1)

    def instant(self, entry: Entry) -> datetime:
        try:
            found: datetime | None = datetime.fromisoformat(entry.text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.refuse(
                "product_instant",
                entry.place,
                f"「{entry.text}」不是带时区偏移的时刻；请写成 2026-01-31T08:00:00+08:00。",
                f"“{entry.text}” is no instant with an offset; write it as 2026-01-31T08:00:00+08:00.",
            )
            return datetime(1970, 1, 1, tzinfo=UTC)
        return found

    def listed(self, entry: Entry) -> tuple[Entry, ...]:
        """The items of a list; one word standing where a list belongs is refused, not taken for an empty list."""
        if not isinstance(entry.value, tuple):
            self.refuse(
                "product_list",
                entry.place,
                f"此处应为列表，而不是「{entry.text}」；请写成方括号中以逗号分隔的各项。",
                f"This should be a list and not “{entry.text}”; write its items in brackets, parted by commas.",
            )
        return entry.items

    def texts(self, entry: Entry) -> tuple[str, ...]:
        return tuple(item.text for item in self.listed(entry))
