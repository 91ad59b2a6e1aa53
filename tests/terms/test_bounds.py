"""What nobody is paid more than, and what never matters: no event breaks a bound, and events are built to meet it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from tests.catalogue.shelf import names
from tests.catalogue.shelf import product as shipped
from tests.terms.explaining.wordings import NOON, Case, cases

from ringwall.basics import Refusal
from ringwall.product import Product, compile_schedule, make_schedule
from ringwall.terms import (
    All,
    CompiledTerms,
    FactValue,
    Interruption,
    LossEvent,
    LossItem,
    Not,
    Outcome,
    PartTerms,
    Truth,
    admitted,
    bounds,
    facts_of,
    settle,
    witness,
)

LONG = timedelta(days=400)


def compiled(product: Product, **choices: int) -> CompiledTerms:
    schedule = make_schedule(product, choices)
    assert not isinstance(schedule, Refusal)
    found = compile_schedule(product, schedule)
    assert isinstance(found, CompiledTerms)
    return found


def paid(terms: CompiledTerms, *items: LossItem) -> Outcome:
    share = terms.definition.conditional
    facts: dict[str, FactValue] = dict.fromkeys(facts_of(share.when), False) if share else {}
    found = settle(terms, LossEvent("largest", facts, items), {})
    assert isinstance(found, Outcome), found
    return found


def facts_that_pay(terms: CompiledTerms, part: PartTerms) -> dict[str, FactValue]:
    """Facts under which an item of the part is let in and no further share works, amounts as large as may be."""
    definition = terms.definition
    share = definition.conditional
    wanted = admitted(definition, part.part)
    wanted = All((wanted, Not(share.when))) if share and part.part in share.parts else wanted
    found = witness(wanted, definition.facts, terms.parameters)
    assert found.truth is Truth.TRUE, part.part
    open_to = {bound.up_to: definition.maximum_minor for bound in definition.bounds if bound.part == part.part}
    closed = {name: False for name, spec in definition.facts.items() if spec.kind == "yes_no"}
    return {**closed, **found.case, **open_to}


def largest_item(terms: CompiledTerms, part: PartTerms) -> LossItem:
    facts, most = facts_that_pay(terms, part), terms.definition.maximum_minor
    if part.interruption:
        spell = Interruption(NOON, NOON + LONG, most)
        return LossItem(part.part, part.part, None, {**facts, "kind": "interruption"}, spell)
    return LossItem(part.part, part.part, most, facts)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_no_random_event_is_paid_more_than_the_bounds(case: Case) -> None:
    most = bounds(case.terms)
    found = settle(case.terms, case.event, {})
    assert isinstance(found, Outcome)
    assert found.payable.high <= most.payable_minor
    for row in found.parts:
        assert row.payable.high <= most.parts.get(row.part, 0)


@pytest.mark.parametrize("name", names())
def test_every_bound_of_a_shipped_product_is_met_by_an_event_that_is_built_for_it(name: str) -> None:
    terms = compiled(shipped(name))
    most, parts = bounds(terms), terms.definition.parts
    items = [largest_item(terms, part) for part in parts]
    for part, item in zip(parts, items, strict=True):
        assert paid(terms, item).payable.low == most.parts[part.part], part.part
    everything = paid(terms, *items)
    assert everything.contract.low == most.contract_minor
    assert everything.statutory.low == most.statutory_minor


@pytest.mark.parametrize("name", names())
def test_a_worked_example_stays_within_the_bounds_of_its_own_schedule(name: str) -> None:
    one = shipped(name)
    for example in one.examples:
        terms = compiled(one, **example.schedule)
        found = settle(terms, example.event, example.state)
        if isinstance(found, Outcome):
            most = bounds(terms)
            assert found.payable.high <= most.payable_minor
            assert all(row.payable.high <= most.parts.get(row.part, 0) for row in found.parts)


@pytest.mark.parametrize("name", names())
def test_a_shipped_product_has_no_dead_term_and_no_clause_that_nobody_reaches(name: str) -> None:
    found = bounds(compiled(shipped(name)))
    assert (found.idle, found.same, found.unreachable) == ((), (), ())


def test_a_limit_above_all_that_the_parts_can_come_to_is_idle() -> None:
    one = shipped("enterprise-cyber/2026-07")
    found = bounds(compiled(one, event_limit=4_000_000_000, aggregate_limit=9_000_000_000))
    assert found.idle == ("6.1",)
    assert found.contract_minor == sum(found.parts[p.part] for p in compiled(one).definition.parts if not p.statutory)


def test_a_deductible_of_nil_takes_nothing_and_is_named() -> None:
    found = bounds(compiled(shipped("enterprise-cyber/2026-07"), inre_deductible=0))
    assert found.idle == ("1.3",)
