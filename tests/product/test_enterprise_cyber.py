"""The enterprise product: whole, good, in two languages, and settled by its own schedule."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.product import (
    Product,
    Schedule,
    check_product,
    compile_schedule,
    explanations,
    folder_sha256,
    make_schedule,
    parse_product,
)
from ringwall.terms import CompiledTerms

FILES = read_folder("products", "enterprise-cyber", "2026-01")


@pytest.fixture(scope="module")
def product() -> Product:
    found = parse_product(FILES)
    assert isinstance(found, Product), found
    return found


def test_the_product_is_good_and_its_examples_reach_every_clause() -> None:
    report = check_product(FILES)
    assert report.refusals == ()
    assert [(example.place, example.differences) for example in report.examples if example.differences] == []
    assert len(report.examples) >= 25
    assert (report.coverage, report.silent) == (Fraction(1), ())
    assert report.good


def test_every_clause_speaks_both_languages(product: Product) -> None:
    assert len(product.clauses) == 26
    for clause in product.clauses:
        assert clause.text.zh != clause.text.en
        assert clause.heading.zh
        assert clause.heading.en
        assert clause.place.startswith("terms.yaml:")


def test_what_takes_something_away_must_be_explained(product: Product) -> None:
    numbers = [clause.number for clause in explanations(product)]
    assert numbers == ["1.2", "1.3", "2.2", "2.4", "3.2", "3.3", "4.3", "7.2", "7.3", "7.4", "7.5", "7.6"]


def test_every_number_has_unit_date_and_source(product: Product) -> None:
    for parameter in product.parameters.values():
        assert parameter.unit
        assert parameter.source
        assert parameter.since <= date(2026, 1, 1)


def test_the_defaults_are_those_of_scenario_a(product: Product) -> None:
    values = {name: p.value for name, p in product.parameters.items()}
    assert values["event_limit"] == 300_000_000
    assert values["aggregate_limit"] == 500_000_000
    assert (values["npbi_wait_hours"], values["npbi_deductible"], values["npbi_mode"]) == (12, 30_000_000, 3)
    assert (values["lia_deductible"], values["lia_limit"]) == (10_000_000, 200_000_000)
    assert values["period_start"] == 1_767_196_800


def test_a_filing_allows_days_in_its_period_only(product: Product) -> None:
    assert product.filing.allows(date(2025, 12, 20))
    assert product.filing.allows(date(2026, 12, 31))
    assert not product.filing.allows(date(2027, 1, 1))
    assert not product.filing.allows(date(2025, 11, 30))


def test_the_hash_changes_with_any_text_and_with_nothing_else(product: Product) -> None:
    assert product.sha256 == folder_sha256(dict(reversed(FILES.items())))
    changed = {**FILES, "wording.zh.md": FILES["wording.zh.md"] + " "}
    assert folder_sha256(changed) != product.sha256


def test_a_schedule_chooses_within_the_ranges_of_the_product(product: Product) -> None:
    schedule = make_schedule(product, {"npbi_mode": 4, "event_limit": 200_000_000})
    assert isinstance(schedule, Schedule)
    assert schedule.values["event_limit"] == 200_000_000
    assert schedule.values["aggregate_limit"] == 500_000_000
    assert schedule.chosen == {"npbi_mode", "event_limit"}
    terms = compile_schedule(product, schedule)
    assert isinstance(terms, CompiledTerms)
    assert terms.parameters["event_limit"].source == "schedule"
    assert terms.parameters["aggregate_limit"].source.startswith("parameters/limits.yaml:")


@pytest.mark.parametrize(
    ("choices", "code", "says"),
    [
        ({"event_limt": 1}, "schedule_unknown", "event_limt"),
        ({"event_limit": 9_999_999}, "schedule_range", "10000000"),
        ({"event_limit": 5_000_000_001}, "schedule_range", "5000000000"),
        ({"npbi_mode": 5}, "schedule_range", "higher_of"),
        ({"event_limit": True}, "schedule_number", "True"),
        ({"period_end": 1_767_196_800}, "schedule_order", "period_start"),
    ],
)
def test_a_choice_that_the_product_does_not_offer_is_refused(
    product: Product, choices: dict[str, int], code: str, says: str
) -> None:
    found = make_schedule(product, choices)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert found.where == next(iter(choices))
    assert says in found.message.en


def test_a_schedule_of_another_version_is_refused(product: Product) -> None:
    found = compile_schedule(product, Schedule(product.code, "2025-07", {}))
    assert isinstance(found, Refusal)
    assert found.code == "schedule_product"


def test_an_unknown_folder_has_no_texts() -> None:
    assert read_folder("products", "no-such-product", "2026-01") == {}


def test_changing_one_limit_in_a_copy_takes_no_python() -> None:
    files = {name: text.replace("value: 50000000\n", "value: 10000000\n") for name, text in FILES.items()}
    copy = parse_product(files)
    assert isinstance(copy, Product)
    report = check_product(files)
    broken = [example.differences for example in report.examples if example.differences]
    assert ("INRE payable: expected 16600000 to 16600000, got 10000000 to 10000000") in broken[0]
