"""docs/vocabulary.md names every value that the rooms have, in both languages."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from enum import Enum
from typing import get_args

import pytest
from tests.docs.pages import DOCS, rows, sections
from tests.walls.test_imports import ROOMS

from ringwall.basics import Words
from ringwall.catalogue import read_folder
from ringwall.claim import read_clock_rules
from ringwall.desk.doors import GrantRole
from ringwall.desk.permissions import PERSON_ROLES
from ringwall.product import KNOWN_PARTS
from ringwall.service.conflict import ROLE_NAMES
from ringwall.service.order import STATE_NAMES
from ringwall.service.payable import PAYABLE_NAMES
from ringwall.service.rates import UNIT_NAMES
from ringwall.settlement import CHART, POSTING_NAMES, SEQUENCE_NAMES

PAGE = DOCS / "vocabulary.md"
ENUMERATIONS = {
    f"{room}.{name}": found
    for room in ROOMS
    if room != "desk"
    for name in importlib.import_module(f"ringwall.{room}").__all__
    if inspect.isclass(found := getattr(importlib.import_module(f"ringwall.{room}"), name)) and issubclass(found, Enum)
}
NAMED_IN_CODE: Mapping[str, Mapping[Enum, Words]] = {
    "settlement.Head": {head: words for head, (_, words) in CHART.items()},
    "settlement.PostingKind": dict(POSTING_NAMES),
    "settlement.SequenceKind": dict(SEQUENCE_NAMES),
    "service.OrderState": dict(STATE_NAMES),
    "service.Role": dict(ROLE_NAMES),
    "service.PayableState": dict(PAYABLE_NAMES),
    "service.PriceUnit": dict(UNIT_NAMES),
}


def entries(heading: str) -> dict[str, tuple[str, str]]:
    """The values of one enumeration as the page has them."""
    found = next((text for title, text in sections(PAGE).items() if title.split(" · ")[0] == heading), "")
    return {value.strip("`"): (zh, en) for value, zh, en in rows(found)}


@pytest.mark.parametrize("name", sorted(ENUMERATIONS))
def test_every_value_of_a_public_enumeration_stands_in_the_vocabulary_in_both_languages(name: str) -> None:
    written = entries(name)
    missing = {str(member.value) for member in ENUMERATIONS[name]} - set(written)
    assert not missing, f"add to {PAGE.name} under {name}: {', '.join(sorted(missing))}"
    assert all(zh and en for zh, en in written.values())


@pytest.mark.parametrize("name", sorted(NAMED_IN_CODE))
def test_where_the_code_names_its_values_the_vocabulary_has_the_same_words(name: str) -> None:
    written = entries(name)
    for member, words in NAMED_IN_CODE[name].items():
        assert written[str(member.value)] == (words.zh, words.en)


def test_the_codes_of_parts_clocks_and_roles_stand_in_the_vocabulary() -> None:
    rules = read_clock_rules(read_folder("schemes")["statute-clocks.yaml"], "statute-clocks.yaml")
    assert isinstance(rules, Mapping)
    written = {row[0].strip("`") for row in rows(sections(PAGE)["1.6 代码 / Codes"])}
    assert {*KNOWN_PARTS, *rules, *get_args(GrantRole), *PERSON_ROLES} <= written


def test_every_term_of_the_field_has_both_languages() -> None:
    for title, text in sections(PAGE).items():
        if title.startswith("1.") and not title.startswith("1.6"):
            for english, chinese, _ in rows(text):
                assert english, f"{title}: {chinese}"
                assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), f"{title}: {english}"
