"""Two languages whole: every text of the templates is translated, none is glued in, and formats are exact."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from ringwall.basics import Language, Words
from ringwall.shell.web.language import (
    CATALOGUES,
    change,
    day,
    day_stamp,
    duration,
    instant,
    money,
    number,
    percent,
    words,
)

CHINESE = re.compile(r"[\u3400-\u9fff\uff01-\uff5e\u3001\u3002]")
OPTIONS = {
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}
Id = str | tuple[str, ...]


def extracted() -> dict[Id, str]:
    """Every text that a template asks to be translated, and where."""
    found: dict[Id, str] = {}
    with as_file(files("ringwall.shell.web")) as web:
        for file, line, text, *_ in extract_from_dir(
            str(web / "templates"), [("**.html", "jinja2")], {"**.html": OPTIONS}
        ):
            found.setdefault(text if isinstance(text, str) else tuple(text), f"{file}:{line}")
    return found


def translated() -> list[tuple[str, Message]]:
    with as_file(files("ringwall.shell.web").joinpath(CATALOGUES)) as folder:
        return [(path.name, each) for path in sorted(folder.glob("*.po")) for each in _messages(path)]


def _messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="zh_CN") if message.id]


def id_of(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def test_every_text_has_its_chinese_and_every_chinese_has_its_text() -> None:
    asked, said = extracted(), {id_of(message) for _, message in translated()}
    assert len(asked) > 200
    assert not [f"{place} {text!r}" for text, place in asked.items() if text not in said], "not translated"
    assert not [text for text in said if text not in asked], "translated, and asked for nowhere"


def test_no_translation_is_empty_or_unsure_or_given_twice() -> None:
    seen: dict[Id, str] = {}
    for file, message in translated():
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        assert strings, f"{file}: {message.id}"
        assert all(text.strip() for text in strings), f"{file}: {message.id}"
        assert not message.fuzzy, f"{file}: {message.id}"
        assert id_of(message) not in seen, f"{message.id} stands in {seen.get(id_of(message))} and in {file}"
        seen[id_of(message)] = file


def test_a_translation_uses_exactly_the_values_of_its_text() -> None:
    names = re.compile(r"%\((\w+)\)[sd]")
    for file, message in translated():
        texts = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        wanted = {name for text in texts for name in names.findall(text)}
        assert all(set(names.findall(text)) == wanted for text in strings), f"{file}: {message.id}"


def test_no_chinese_is_glued_into_a_template_or_a_script() -> None:
    with as_file(files("ringwall.shell.web")) as web:
        templates = sorted((web / "templates").rglob("*.html"))
        found = [
            f"{path.name}:{place} {line.strip()}"
            for path in templates
            for place, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
            if CHINESE.search(line)
        ]
    assert templates
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("minor", "zh", "en", "large_zh", "large_en"),
    [
        (123456700, "¥ 1,234,567.00", "¥ 1,234,567.00", "¥ 123.46 万", "¥ 1,234.57k"),
        (-5, "−¥ 0.05", "−¥ 0.05", "−¥ 0.00 万", "−¥ 0.00k"),
        (0, "¥ 0.00", "¥ 0.00", "¥ 0.00 万", "¥ 0.00k"),
        (
            2**60,
            "¥ 11,529,215,046,068,469.76",
            "¥ 11,529,215,046,068,469.76",
            "¥ 1,152,921,504,606.85 万",
            "¥ 11,529,215,046,068.47k",
        ),
        (None, "—", "—", "—", "—"),
    ],
)
def test_amounts_are_exact_to_the_fen(minor: int | None, zh: str, en: str, large_zh: str, large_en: str) -> None:
    assert (money(minor, "zh"), money(minor, "en")) == (zh, en)
    assert (money(minor, "zh", "large"), money(minor, "en", "large")) == (large_zh, large_en)


def test_a_change_says_its_direction() -> None:
    assert [change(each, "en") for each in (5, -5, 0)] == ["+¥ 0.05", "−¥ 0.05", "¥ 0.00"]


def test_days_and_instants_are_those_of_shanghai() -> None:
    late = datetime(2026, 7, 31, 16, 30, tzinfo=UTC)
    assert (day(late, "zh"), day(late, "en")) == ("2026年8月1日", "1 Aug 2026")
    assert (instant(late, "zh"), instant(late, "en")) == ("2026年8月1日 00:30", "1 Aug 2026, 00:30")
    assert day_stamp(late) == "2026-08-01"
    assert day(date(2026, 8, 1), "en") == "1 Aug 2026"
    assert (day(None, "zh"), instant(None, "en")) == ("—", "—")


def test_numbers_shares_and_durations_are_written_as_each_language_does() -> None:
    assert number(Fraction(789, 500), "en", 3) == "1.578"
    assert number(1234567, "zh") == "1,234,567"
    assert percent(Fraction(7, 20), "en") == "35%"
    assert (duration(timedelta(hours=36), "zh"), duration(timedelta(days=-9), "en")) == ("36小时", "9 days")


@pytest.mark.parametrize(("language", "said"), [("zh", "保单"), ("en", "policy")])
def test_words_are_said_in_the_readers_language(language: Language, said: str) -> None:
    assert words(Words("保单", "policy"), language) == said
