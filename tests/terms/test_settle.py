"""One settlement: what is refused, what bounds it, and how several interruptions, bounds and open points add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from enterprise import compiled
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal, round_fraction
from ringwall.product import Product
from ringwall.terms import (
    CompiledTerms,
    EventColumns,
    Interruption,
    LossEvent,
    LossItem,
    Op,
    Outcome,
    TraceNode,
    Verdict,
    compile_terms,
    contract_maximum,
    maximum_payable,
    settle,
    settle_columns,
)

START = datetime.fromisoformat("2026-08-14T22:00:00+08:00")
FOUND = {"discovered_at": START}
CONSENT = {"kind": "containment", "prior_consent": True}


def event(*items: LossItem, **facts: Any) -> LossEvent:
    return LossEvent("E", {**FOUND, **facts}, items)


def outage(name: str = "outage", seconds: int = 216_000, rate: int = 2_000_000, **more: Any) -> LossItem:
    spell = Interruption(START, START + timedelta(seconds=seconds), rate, **more)
    return LossItem(name, "NPBI", None, {"kind": "interruption"}, spell)


def settled(terms: CompiledTerms, *items: LossItem, used: int = 0, **facts: Any) -> Outcome:
    found = settle(terms, event(*items, **facts), {"aggregate_used": used})
    assert isinstance(found, Outcome), found
    return found


def walk(node: TraceNode) -> Iterator[TraceNode]:
    yield node
    for below in node.inputs:
        yield from walk(below)


def test_each_interruption_bears_its_own_retention(terms: CompiledTerms) -> None:
    outcome = settled(terms, outage("a"), outage("b"))
    assert outcome.contract.low == 2 * 90_000_000


@given(seconds=st.integers(0, 9_000_000), rate=st.integers(0, 30_000_000), share=st.fractions(0, 1, max_denominator=9))
def test_an_interruption_is_rounded_once_after_its_retention(
    product: Product, seconds: int, rate: int, share: Fraction
) -> None:
    terms = compiled(product, npbi_limit=5_000_000_000, event_limit=5_000_000_000, aggregate_limit=10_000_000_000)
    lost = share or Fraction(1)
    counted = min(seconds, 90 * 86_400)
    gross = Fraction(counted * rate, 3600) * lost
    waited = Fraction(min(counted, 12 * 3600) * rate, 3600) * lost
    right = min(round_fraction(max(gross - max(waited, 30_000_000), Fraction(0))), 5_000_000_000)
    assert settled(terms, outage(seconds=seconds, rate=rate, share_lost=lost)).contract.low == right


def test_an_item_of_a_part_that_the_product_lacks_is_unmapped(terms: CompiledTerms) -> None:
    outcome = settled(terms, LossItem("fine", "REG", 100, {"kind": "containment"}))
    assert outcome.items[0].verdict is Verdict.UNMAPPED
    assert (outcome.factual_minor, outcome.payable.high) == (100, 0)


def test_a_missing_bound_leaves_the_amount_open_and_says_which_fact(terms: CompiledTerms) -> None:
    outcome = settled(terms, LossItem("machines", "NPBI", 500, {"kind": "extra_expense"}))
    (point,) = outcome.open_points
    assert (point.item, point.clause, point.fact, point.adds_minor) == ("machines", "3.4", "loss_avoided_minor", 500)
    assert outcome.items[0].verdict is Verdict.COVERED


def test_open_items_are_named_one_by_one_with_what_each_would_add(terms: CompiledTerms) -> None:
    items = [LossItem(n, "INRE", 1_500_000, {"kind": "containment"}) for n in ("a", "b")]
    outcome = settled(terms, *items)
    assert [(p.item, p.adds_minor) for p in outcome.open_points] == [("a", 0), ("b", 0)]
    assert (outcome.payable.low, outcome.payable.high) == (0, 1_000_000)


def test_the_parts_sum_to_the_total_on_either_side(product: Product) -> None:
    terms = compiled(product, event_limit=10_000_000)
    items = [
        LossItem("a", "INRE", 9_000_001, {"kind": "containment"}),
        LossItem("b", "DIAS", 12_000_007, {"kind": "data_restoration"}),
    ]
    outcome = settled(terms, *items)
    assert sum(part.payable.low for part in outcome.parts) == outcome.contract.low == 7_000_007
    assert sum(part.payable.high for part in outcome.parts) == outcome.contract.high == 10_000_000


def test_what_covered_if_promises_holds(terms: CompiledTerms) -> None:
    items = [
        LossItem("pr", "INRE", 9_000_000, {"kind": "public_relations", "prior_consent": False}),
        LossItem("late", "LIA", 90_000_000, {"kind": "liability_damages", "fixed_by": "award"}),
    ]
    made = {"act_at": START, "claim_made_at": START, "claim_notified_at": START + timedelta(days=300)}
    outcome = settled(terms, *items, **made)
    assert outcome.items[0].covered_if == ("prior_consent=true", "1.2")
    late = outcome.items[1].covered_if
    assert late[-1] == "7.3"
    name, _, value = late[0].partition("=")
    assert name == "claim_notified_at"
    assert settled(terms, items[1], **{**made, name: datetime.fromisoformat(value)}).items[0].verdict is Verdict.COVERED


def test_a_rule_that_changed_nothing_is_told_as_tried(terms: CompiledTerms) -> None:
    outcome = settled(terms, LossItem("a", "INRE", 5_000_000, CONSENT))
    steps = {node.label: node for node in walk(outcome.trace)}
    assert steps["INRE.retained"].tried == ()
    assert [read.name for read in steps["INRE.retained"].parameters] == ["inre_deductible"]
    assert steps["INRE.limited"].tried == ("6.1",)
    assert steps["a"].tried == ("0.1", "1.2")
    assert steps["DIAS.retained"].tried == ("2.4",)


def test_a_void_clause_reads_no_parameter_and_is_told_as_tried(terms: CompiledTerms) -> None:
    found = settle(terms, event(LossItem("a", "INRE", 5_000_000, CONSENT)), {}, void=frozenset({"1.3"}))
    assert isinstance(found, Outcome)
    step = next(node for node in walk(found.trace) if node.label == "INRE.retained")
    assert (step.value, step.parameters, step.tried) == (5_000_000, (), ("1.3",))


BAD: list[tuple[LossItem, str]] = [
    (LossItem("x", "DIAS", -1), "item_amount"),
    (LossItem("x", "DIAS", None), "item_amount"),
    (LossItem("x", "DIAS", 10**12), "amount_above_maximum"),
    (replace(outage("x"), part="DIAS"), "item_interruption"),
    (outage("x", seconds=-1), "item_interruption"),
    (outage("x", share_lost=Fraction(3, 2)), "item_interruption"),
    (outage("x", rate=10**12), "amount_above_maximum"),
    (outage("x", credits_minor=-1), "item_interruption"),
    (outage("x", saved_cost_minor_per_hour=-1), "item_interruption"),
    (LossItem("x", "INRE", 5, {"prior_consent": "perhaps"}), "fact_of_wrong_kind"),
    (LossItem("x", "INRE", 5, {"prior_consent": 1}), "fact_of_wrong_kind"),
    (LossItem("x", "INRE", 5, {"discovered_at": datetime(2026, 8, 14)}), "fact_of_wrong_kind"),  # noqa: DTZ001
    (LossItem("x", "INRE", 5, {"loss_avoided_minor": True}), "fact_of_wrong_kind"),
]


@pytest.mark.parametrize(("item", "code"), BAD)
def test_a_bad_item_is_refused_by_name(terms: CompiledTerms, item: LossItem, code: str) -> None:
    found = settle(terms, event(item), {})
    assert isinstance(found, Refusal)
    assert found.code == code
    assert found.where in ("x", "DIAS")
    assert found.message.zh
    assert found.message.en


def test_a_negative_state_and_an_idle_void_are_refused(terms: CompiledTerms) -> None:
    item = LossItem("a", "INRE", 5, CONSENT)
    negative = settle(terms, event(item), {"aggregate_used": -1})
    idle = settle(terms, event(item), {}, void=frozenset({"7.7"}))
    assert isinstance(negative, Refusal)
    assert isinstance(idle, Refusal)
    assert (negative.code, idle.code, idle.where) == ("state_negative", "void_clause", "7.7")


def test_the_whole_is_refused_where_the_items_of_a_part_exceed_the_declared_maximum(terms: CompiledTerms) -> None:
    items = [LossItem(name, "INV", 6 * 10**10, {"kind": "cause_finding"}) for name in ("a", "b")]
    found = settle(terms, event(*items), {})
    assert isinstance(found, Refusal)
    assert (found.code, found.where) == ("amount_above_maximum", "INV")


def test_no_node_of_the_graph_can_leave_64_bits(terms: CompiledTerms) -> None:
    assert all(0 <= node.low <= node.high < 2**63 for node in terms.nodes)
    assert contract_maximum(terms) == 300_000_000
    assert maximum_payable(terms) == 600_000_000 + terms.definition.maximum_minor


def test_the_largest_schedule_splits_its_products_and_stays_within_its_maximum(product: Product) -> None:
    largest = {n: p.high for n, p in product.parameters.items() if p.high is not None and "deductible" not in n}
    terms = compiled(product, **largest, npbi_mode=1)
    assert any(node.op is Op.CUT and node.split_bits for node in terms.nodes)
    most = terms.definition.maximum_minor
    full = {name: np.full(3, most, np.int64) for name in terms.columns} | {
        "NPBI.seconds": np.full(3, 6 * 10**8, np.int64)
    }
    found = settle_columns(terms, EventColumns(np.array([0, 0, 1], np.int64), full), {})
    assert found.contract.tolist() == [5_000_000_000, 5_000_000_000, 5_000_000_000]
    assert int((found.contract + found.statutory).max()) <= maximum_payable(terms)


def test_an_undefined_parameter_is_refused_where_the_terms_compile(terms: CompiledTerms) -> None:
    read = {name: value for name, value in terms.parameters.items() if name != "ext_limit"}
    found = compile_terms(terms.definition, read)
    assert isinstance(found, Refusal)
    assert found.code == "terms_undefined_parameter"
    assert "ext_limit" in found.message.en


def test_columns_outside_the_proof_are_our_own_mistake(terms: CompiledTerms) -> None:
    one = np.array([1, 0], np.int64)
    with pytest.raises(AssertionError, match="never decrease"):
        settle_columns(terms, EventColumns(one, {}), {})
    with pytest.raises(AssertionError, match="above"):
        settle_columns(terms, EventColumns(np.sort(one), {"INRE": np.array([0, 10**12], np.int64)}), {})
