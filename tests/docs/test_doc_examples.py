"""What the pages calculate is what the code calculates, and what they say of the law stands where they say it."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction

import pytest
from tests.docs.pages import DOCS, ROOT, rows, sections

from ringwall.basics import SHANGHAI, day_start, local_day
from ringwall.catalogue import read_folder
from ringwall.product import LINTS, Product, parse_product
from ringwall.product.reading.clauses import EFFECTS
from ringwall.product.schedule import FIELDS, UNITS
from ringwall.settlement import (
    PanelAgreement,
    PanelEvent,
    PanelPosting,
    PostingKind,
    SequenceKind,
    open_sequence,
    post_to_panel,
    reverse_posting,
)

SHARES = (("lead", Fraction(40, 100)), ("first", Fraction(35, 100)), ("second", Fraction(25, 100)))
AGREEMENT = PanelAgreement("P-1", SHARES, "lead", 10**12)
AT = day_start(local_day(datetime(2026, 1, 1, tzinfo=SHANGHAI)))
SETTLEMENT = DOCS / "settlement.md"
RULES = DOCS / "rules.md"
LANGUAGE = DOCS / "product-language.md"


def tables_of_postings() -> list[list[tuple[str, ...]]]:
    text = SETTLEMENT.read_text(encoding="utf-8")
    found = [rows(block) for block in re.split(r"\n\n", text) if block.startswith("| posting |")]
    assert len(found) == 2
    return found


@pytest.mark.parametrize("table", tables_of_postings(), ids=["running totals", "reversal"])
def test_the_worked_splits_are_what_the_panel_books(table: list[tuple[str, ...]]) -> None:
    sequence, log = open_sequence(AGREEMENT, SequenceKind.PREMIUM), list[PanelPosting]()
    for name, amount, total, *parts in table:
        if reversed_one := re.search(r"reverses (\d+)", name):
            done = reverse_posting(sequence, log, int(reversed_one[1]), AT, "correction")
        else:
            done = post_to_panel(AGREEMENT, sequence, PanelEvent(PostingKind.PREMIUM, int(amount), AT))
        assert isinstance(done, tuple), done
        sequence, posting = done
        log.append(posting)
        assert posting.running_total_minor == int(total), name
        assert [part for _, part in posting.parts] == [int(part) for part in parts], name


def test_every_rule_that_the_source_names_is_listed_as_held_where_it_stands() -> None:
    held = {row[0]: row[4] for row in rows(sections(RULES, "## ")["1 Held in code / 已执行"])}
    named = {
        rule
        for path in (ROOT / "src" / "ringwall").rglob("*")
        if path.suffix in (".py", ".yaml") and "static" not in path.parts
        for rule in re.findall(r"\bR-[0-3]\d\b", path.read_text(encoding="utf-8"))
    }
    assert named <= set(held), "rules that the source names and the page does not"
    assert all(re.findall(r"`[\w/.-]+\.(?:py|yaml)`", where) for where in held.values())


def test_every_rule_from_one_to_thirty_stands_on_the_page_of_rules() -> None:
    told = set(re.findall(r"^\| (R-\d\d)", RULES.read_text(encoding="utf-8"), re.MULTILINE))
    assert told == {f"R-{number:02d}" for number in range(1, 31)}


def test_every_effect_unit_and_field_of_the_product_language_is_explained() -> None:
    text = LANGUAGE.read_text(encoding="utf-8")
    effects = {row[0].strip("`") for row in rows(sections(LANGUAGE)["Clauses"])}
    assert set(EFFECTS) <= effects
    for word in (*UNITS, *FIELDS):
        assert f"`{word}" in text or f"  {word}:" in text, word


def test_every_lint_of_a_product_is_named() -> None:
    text = next(text for title, text in sections(LANGUAGE, "## ").items() if title.startswith("6 "))
    named = [name for _, lints in rows(text) for name in re.findall(r"`(\w+)`", lints)]
    assert sorted(named) == sorted(lint.__name__ for lint in LINTS)


def test_the_order_of_settlement_that_the_page_names_is_that_of_the_product() -> None:
    product = parse_product(read_folder("products", "enterprise-cyber", "2026-01"))
    assert isinstance(product, Product)
    assert [step.value for step in product.definition.settlement.order] == [
        "verdict",
        "retention",
        "part_limit",
        "event_limit",
        "aggregate",
    ]
    said = " ".join(SETTLEMENT.read_text(encoding="utf-8").split())
    assert "verdict, retention, limit of the part, event limit, aggregate" in said
