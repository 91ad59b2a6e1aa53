"""What must fail: each planted fault meets its own refusal, at its own line, with the clause or word that it names."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from tests.product.small_products import files_of

from ringwall.catalogue import read_folder
from ringwall.product import Product, check_product, lint_product, parse_product
from ringwall.product.proof import cover_lints, money_lints, text_lints
from ringwall.product.proof.lints import LINTS

BAD = Path(__file__).parent / "bad"
NEXT_STEP = re.compile(
    r"\b(add|change|check|correct|define|give|have|lengthen|let|list|lower|make|move|narrow|part|put|raise|remove|reword|say|"
    r"shorten|simplify|split|state|take|use|word|write)\b|needed"
)
"""What a refusal asks for: an instruction, in English and in Chinese."""
NEXT_STEP_ZH = re.compile("请|可用|都要有|应为|须")
PRODUCT = read_folder("products", "enterprise-cyber", "2026-01")


def cases(name: str) -> list[Any]:
    loaded = yaml.load((BAD / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [pytest.param(case, id=case["name"]) for case in loaded]


def planted(case: dict[str, Any]) -> dict[str, str]:
    """The enterprise product, or the small product that the case names, with the fault in it."""
    whole = files_of(case["product"]) if "product" in case else dict(PRODUCT)
    name = case.get("file", "terms.yaml")
    text = whole[name]
    for change in (case, *([case["also"]] if "also" in case else [])):
        assert text.count(change["replace"]) >= 1, change["replace"]
        text = text.replace(change["replace"], change["by"], 1)
    return {**whole, name: text}


def place_of(case: dict[str, Any], files: dict[str, str]) -> str:
    """file:line of the text that the case names; the file alone where it names no line."""
    name = case.get("file_of_line", case.get("file", "terms.yaml"))
    if "at" not in case:
        return str(name)
    lines = files[name].splitlines()
    (line,) = [number for number, text in enumerate(lines, start=1) if case["at"] in text]
    return f"{name}:{line - int(case.get('line_before', 0))}"


def assert_named(case: dict[str, Any], refusals: Any, files: dict[str, str]) -> None:
    mine = [refusal for refusal in refusals if refusal.code == case["code"]]
    assert mine, [(refusal.code, refusal.where) for refusal in refusals]
    place = place_of(case, files)
    here = [r for r in mine if (r.where == place if "at" in case else r.where.startswith(place))]
    assert here, (place, [refusal.where for refusal in mine])
    assert any(case["says"] in refusal.message.en and refusal.message.zh for refusal in here), here
    assert all(NEXT_STEP.search(refusal.message.en) and NEXT_STEP_ZH.search(refusal.message.zh) for refusal in here), (
        here
    )
    assert not any("{" in refusal.message.en + refusal.message.zh for refusal in here), here


@pytest.mark.parametrize("case", cases("terms.yaml"))
def test_a_product_that_cannot_be_read_is_refused_at_its_line(case: dict[str, Any]) -> None:
    files = planted(case)
    found = parse_product(files)
    assert not isinstance(found, Product)
    assert_named(case, found, files)


@pytest.mark.parametrize("case", cases("newer_words.yaml"))
def test_a_mis_written_rule_is_refused_at_its_line(case: dict[str, Any]) -> None:
    files = planted(case)
    report = check_product(files)
    assert not report.good
    assert_named(case, report.refusals, files)


@pytest.mark.parametrize("case", [*cases("lints.yaml"), *cases("further_lints.yaml")])
def test_a_product_with_a_planted_fault_is_not_good(case: dict[str, Any]) -> None:
    files = planted(case)
    assert isinstance(parse_product(files), Product)
    report = check_product(files)
    assert not report.good
    assert_named(case, report.refusals, files)


def test_every_lint_is_planted_somewhere() -> None:
    """At least fifteen kinds, and a case for each code that a lint can give."""
    files = ("lints.yaml", "further_lints.yaml", "newer_words.yaml")
    planted_codes = {case.values[0]["code"] for name in files for case in cases(name)}
    given = {code for module in (cover_lints, money_lints, text_lints) for code in codes_in(module)}
    assert given <= planted_codes | {"product_range"}, given - planted_codes
    assert len(planted_codes) >= 15


def test_every_lint_finds_a_planted_fault() -> None:
    """Not only each code: each lint of the list speaks in some case, so that none could be lost unseen."""
    files = ("lints.yaml", "further_lints.yaml", "newer_words.yaml")
    found = [parse_product(planted(case.values[0])) for name in files for case in cases(name)]
    products = [product for product in found if isinstance(product, Product)]
    silent = [lint.__name__ for lint in LINTS if not any(True for product in products for _ in lint(product))]
    assert silent == ["ranges_that_hold_nothing"], "a range that holds nothing cannot be written; see below"
    assert len(LINTS) >= 15


def codes_in(module: ModuleType) -> set[str]:
    return set(re.findall(r'"(product_[a-z_]+)"', inspect.getsource(module)))


def test_a_range_that_holds_nothing_is_refused() -> None:
    found = parse_product(PRODUCT)
    assert isinstance(found, Product)
    wrong = replace(found.parameters["event_limit"], low=9, high=5)
    product = replace(found, parameters={**found.parameters, "event_limit": wrong})
    assert [r.code for r in lint_product(product)] == ["product_range"]


@pytest.mark.parametrize("missing", ["product.yaml", "terms.yaml", "wording.zh.md", "wording.en.md"])
def test_a_missing_file_is_named(missing: str) -> None:
    found = parse_product({name: text for name, text in PRODUCT.items() if name != missing})
    assert [(refusal.code, refusal.where) for refusal in found] == [("product_file", missing)]  # type: ignore[union-attr]


def test_one_run_shows_all_faults() -> None:
    files = dict(PRODUCT)
    files["terms.yaml"] = files["terms.yaml"].replace("deductible: {part: DIAS", "deductable: {part: DIAS")
    files["product.yaml"] = files["product.yaml"].replace("status: active", "status: alive")
    found = parse_product(files)
    assert not isinstance(found, Product)
    assert len({refusal.where.split(":")[0] for refusal in found}) == 2


def test_a_changed_example_is_reported_with_both_amounts() -> None:
    files = dict(PRODUCT)
    files["examples/ransomware.yaml"] = files["examples/ransomware.yaml"].replace(
        "contract: 145400000", "contract: 145400001"
    )
    report = check_product(files)
    (wrong,) = [example for example in report.examples if example.differences]
    assert wrong.differences == ("contract: expected 145400001 to 145400001, got 145400000 to 145400000",)
    assert wrong.place.startswith("examples/ransomware.yaml:")
    assert not report.good
