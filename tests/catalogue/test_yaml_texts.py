"""YAML is read as text, by libyaml where it is there and by Python alone where it is not, with the same values."""

from __future__ import annotations

import pytest
import yaml

from ringwall.basics import read_yaml, text_loader
from ringwall.catalogue import read_folder

TEXT = """\
clause: 6.10
on: yes
country: NO
none: null
day: 2026-03-01
list: [0x1F, 1_000, .5, "é"]
long: >
  one
  two
again: &a {x: 1}
same: *a
"""


def test_nothing_becomes_a_number_a_day_or_a_truth() -> None:
    assert read_yaml(TEXT) == {
        "clause": "6.10",
        "on": "yes",
        "country": "NO",
        "none": "null",
        "day": "2026-03-01",
        "list": ["0x1F", "1_000", ".5", "é"],
        "long": "one two\n",
        "again": {"x": "1"},
        "same": {"x": "1"},
    }


@pytest.mark.parametrize("folder", [("models", "2026-01"), ("controls",), ("questions",)], ids="/".join)
def test_both_readers_read_the_same(folder: tuple[str, ...]) -> None:
    texts = [text for path, text in read_folder(*folder).items() if path.endswith(".yaml")]
    assert texts
    for text in (TEXT, *texts):
        assert read_yaml(text) == yaml.load(text, Loader=yaml.BaseLoader)


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "\tx: 1", "a: *nowhere", "{", "- a\nb: 1", "\x00"])
def test_what_is_no_yaml_is_one_kind_of_error_for_both(text: str) -> None:
    for loader in (text_loader(), yaml.BaseLoader):
        with pytest.raises(yaml.YAMLError):
            yaml.load(text, Loader=loader)
