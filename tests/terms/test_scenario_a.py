"""Scenario A beyond its numbers (tests/scenarios walks those): interruption table, counterfactuals, trace, columns."""

from __future__ import annotations

from typing import Any

import pytest
from enterprise import choices_of, compiled, event_of, merged, void_of

from ringwall.product import Product
from ringwall.terms import CompiledTerms, Outcome, settle


def outcome_of(product: Product, given: dict[str, Any]) -> Outcome:
    policy = given["policy"]
    terms = compiled(product, **choices_of(policy))
    state = {"aggregate_used": policy["aggregate_used_before_fen"]}
    found = settle(terms, event_of(given), state, void=void_of(policy))
    assert isinstance(found, Outcome), found
    return found


@pytest.mark.parametrize("row", [f"T{n}" for n in range(1, 19)])
def test_a_row_of_the_interruption_table_pays_its_amount(
    product: Product, scenario_a: dict[str, Any], row: str
) -> None:
    table = scenario_a["input"]["bi_table"]
    given, line = scenario_a["input"], table["rows"][row]
    seconds = line.get("seconds", 216_000)
    npbi = {"bi_mode": line["mode"], "deductible_fen": line["deductible_fen"], "wait_hours": table["wait_hours"]}
    hours, rest = divmod(seconds, 3600)
    day, hour = divmod(22 + hours, 24)
    end = f"2026-08-{14 + day:02}T{hour:02}:{rest // 60:02}:{rest % 60:02}+08:00"
    change = {"policy": {"parts": {"NPBI": npbi}}, "items": {"A-I6": {"interruption": {"end": end}}}}
    outcome = outcome_of(product, merged({**given, "items": {"A-I6": given["items"]["A-I6"]}}, change))
    assert outcome.payable.low == line["expected_fen"]


def test_wrong_answers_are_not_given(product: Product, scenario_a: dict[str, Any]) -> None:
    outcome = outcome_of(product, scenario_a["input"])
    npbi = next(part.payable.low for part in outcome.parts if part.part == "NPBI")
    assert outcome.contract.low != 101_780_000, "no proportional cut without a clause"
    assert npbi not in (70_800_000, 100_800_000), "the higher of wait and deductible, neither both nor the wait alone"
    assert 500_000_000 - outcome.state_after["aggregate_used"] != 221_300_000, "statutory costs use no aggregate"


def test_covered_if_names_the_consent_that_was_missing(product: Product, scenario_a: dict[str, Any]) -> None:
    outcome = outcome_of(product, scenario_a["input"])
    changes = {item.name: item.covered_if for item in outcome.items}
    assert changes["A-I2"] == ("prior_consent=true", "1.2")
    assert changes["A-I5"] == ("prior_consent=true", "2.2")
    assert changes["A-I9"] == changes["A-I12"] == changes["A-I1"] == ()


def test_an_open_ruling_is_an_open_point_with_what_it_would_add(product: Product, scenario_a: dict[str, Any]) -> None:
    given = merged(scenario_a["input"], scenario_a["variants"]["A19"]["change"])
    (point,) = outcome_of(product, given).open_points
    assert (point.item, point.clause, point.fact) == ("A-I10", "5.1", "necessary_and_reasonable")
    assert point.adds_minor == 7_500_000


def test_the_trace_leads_from_the_payment_to_each_invoice(product: Product, scenario_a: dict[str, Any]) -> None:
    outcome = outcome_of(product, scenario_a["input"])
    walk, labels, clauses = [outcome.trace], set(), set()
    while walk:
        node = walk.pop()
        labels.add(node.label)
        clauses.add(node.clause)
        walk += node.inputs
    assert {item.name for item in outcome.items} <= labels
    assert {"1.3", "2.4", "3.2", "3.3", "3.4", "5.1", "6.1"} <= clauses
    assert outcome.trace.value == outcome.payable.low == 158_700_000


def test_the_columnar_reader_gives_the_same_integers(terms: CompiledTerms) -> None:
    import numpy as np

    from ringwall.terms import EventColumns, settle_columns

    row = {
        "INRE": 18_600_000,
        "DIAS": 33_000_000,
        "NPBI.seconds": 216_000,
        "NPBI.rate": 2_000_000,
        "NPBI.extra": 4_800_000,
        "NPBI.avoided": 7_000_000,
        "EXT": 6_000_000,
        "LIA": 0,
        "MIT": 7_500_000,
        "INV": 5_800_000,
    }
    columns = EventColumns(np.zeros(1, np.int64), {name: np.array([value], np.int64) for name, value in row.items()})
    found = settle_columns(terms, columns, {"aggregate_used": 400_000_000})
    assert {part: int(column[0]) for part, column in found.payable.items()} == {
        "INRE": 11_416_781,
        "DIAS": 19_257_222,
        "NPBI": 65_199_450,
        "EXT": 4_126_547,
        "LIA": 0,
        "MIT": 7_500_000,
        "INV": 5_800_000,
    }
    assert (int(found.contract[0]), int(found.statutory[0])) == (100_000_000, 13_300_000)
