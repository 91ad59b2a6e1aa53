"""The trace as a claimant reads it, and an interruption by the hour: both say what the settlement has reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from ringwall.basics import Refusal
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.life.case import Case
from ringwall.desk.views.claim_page import by_hour
from ringwall.desk.views.claim_trace import TraceLine, find, readable_trace
from ringwall.product import Product, compile_schedule, make_schedule
from ringwall.terms import Interruption, LossItem, Outcome, settle
from ringwall.wiring.people import shipped_case


@pytest.fixture(scope="module")
def case() -> Case:
    return shipped_case()


@pytest.fixture(scope="module")
def product(catalogue: Catalogue, case: Case) -> Product:
    return catalogue.version(case.product, "2026-01")


def outcome_of(product: Product, case: Case, **choices: int) -> Outcome:
    schedule = make_schedule(product, {**case.choices, **choices})
    assert not isinstance(schedule, Refusal)
    terms = compile_schedule(product, schedule)
    assert not isinstance(terms, Refusal)
    outcome = settle(terms, case.event, {})
    assert not isinstance(outcome, Refusal)
    return outcome


def lines(line: TraceLine) -> Iterator[TraceLine]:
    yield line
    for each in line.below:
        yield from lines(each)


def test_every_invoice_of_the_event_stands_in_the_tree(product: Product, case: Case) -> None:
    outcome = outcome_of(product, case)
    tree = readable_trace(outcome.trace, product)
    said = " ".join(line.text.en for line in lines(tree))
    for item in case.event.items:
        assert item.what in said, item.name
    assert tree.value == outcome.payable.low


def test_a_limit_that_does_not_bind_is_named_in_short_and_one_that_binds_is_a_step(
    product: Product, case: Case
) -> None:
    loose = readable_trace(outcome_of(product, case).trace, product)
    assert not [line for line in lines(loose) if "event limit" in line.text.en]
    assert any("event limit" in each.text.en for line in lines(loose) for each in line.checked)
    tight = readable_trace(outcome_of(product, case, event_limit=100_000_000).trace, product)
    assert [line for line in lines(tight) if "event limit" in line.text.en]


def test_a_part_without_loss_is_left_out(product: Product, case: Case) -> None:
    tree = readable_trace(outcome_of(product, case).trace, product)
    assert not [line for line in lines(tree) if line.text.en.startswith("Third-party liability")]


def test_every_number_of_the_contract_has_its_name_and_place(product: Product, case: Case) -> None:
    tree = readable_trace(outcome_of(product, case).trace, product)
    read = [each for line in lines(tree) for each in line.parameters]
    assert read
    for each in read:
        assert each.name.zh != each.name.en
        assert each.source.zh.startswith(("保险单明细表", "产品参数"))


def test_the_hours_sum_to_the_loss_and_what_is_kept_to_the_retention(product: Product, case: Case) -> None:
    outcome = outcome_of(product, case)
    item = next(item for item in case.event.items if item.interruption)
    left = next(find(outcome.trace, "NPBI.left"))
    hours = by_hour(item, left.inputs[1].value, left.inputs[1].text).hours
    assert sum(hour.lost_minor for hour in hours) == left.inputs[0].value
    assert sum(hour.kept_minor for hour in hours) == left.inputs[1].value
    assert sum(hour.lost_minor - hour.kept_minor for hour in hours) == left.value


def test_the_last_hour_is_as_long_as_it_was_and_shares_lose_no_fen(case: Case) -> None:
    item = next(item for item in case.event.items if item.interruption)
    assert item.interruption is not None
    shorter = replace(
        item.interruption,
        end=item.interruption.start + timedelta(hours=2, minutes=20),
        lost_revenue_minor_per_hour=100_001,
        saved_cost_minor_per_hour=0,
        share_lost=Fraction(1, 3),
    )
    shown = by_hour(LossItem("x", "NPBI", None, interruption=shorter), 50_000, case.parties[0].name)
    assert len(shown.hours) == 3
    assert sum(hour.lost_minor for hour in shown.hours) == round(Fraction(7, 3) * Fraction(100_001, 3))
    assert sum(hour.kept_minor for hour in shown.hours) == 50_000


def test_an_hour_is_never_kept_for_more_than_it_cost(case: Case) -> None:
    start = case.at["started_at"]
    outage = Interruption(start, start + timedelta(hours=5), 700)
    shown = by_hour(LossItem("x", "NPBI", None, interruption=outage), 1_000_000, case.parties[0].name)
    assert all(0 <= hour.kept_minor <= hour.lost_minor for hour in shown.hours)
    assert sum(hour.kept_minor for hour in shown.hours) == 3_500
