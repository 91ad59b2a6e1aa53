"""What would have changed the answer: each listed change does, none is too large, trying everything finds no more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from tests.catalogue.shelf import names
from tests.catalogue.shelf import product as shipped
from tests.terms.explaining.wordings import RAW, Case, cases

from ringwall.basics import Refusal
from ringwall.product import compile_schedule, make_schedule
from ringwall.terms import (
    Aim,
    Change,
    CompiledTerms,
    Counterfactuals,
    LossEvent,
    Outcome,
    Verdict,
    applied,
    counterfactuals,
    settle,
)
from ringwall.terms.explaining.changes import Possibilities

LETS_IN = {Verdict.COVERED, Verdict.LIMITED, Verdict.CONDITIONAL}
RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(terms: CompiledTerms, event: LossEvent) -> Outcome:
    found = settle(terms, event, {})
    assert isinstance(found, Outcome), found
    return found


def asked(case: Case, aim: Aim, most_changes: int = 2) -> Counterfactuals:
    found = counterfactuals(case.terms, case.event, {}, aim=aim, most_changes=most_changes, most_settlements=100_000)
    assert isinstance(found, Counterfactuals), found
    assert found.complete == most_changes
    return found


def subsets(changes: tuple[Change, ...]) -> Iterator[tuple[Change, ...]]:
    return (some for size in range(1, len(changes)) for some in combinations(changes, size))


def admits(case: Case, item: str, changes: tuple[Change, ...]) -> Verdict | None:
    found = outcome(case.terms, applied(case.event, changes))
    verdict = next(row.verdict for row in found.items if row.name == item)
    return verdict if verdict in LETS_IN else None


def adds(case: Case, changes: tuple[Change, ...]) -> int:
    then, now = outcome(case.terms, applied(case.event, changes)), outcome(case.terms, case.event)
    return then.payable.low - now.payable.low


def everything(case: Case) -> Iterator[tuple[Change, ...]]:
    """All single and pair changes to any value at all, at every place where a fact of the wording can stand."""
    possible = Possibilities(case.terms, case.event, frozenset())
    places = []
    for (item, fact), told in possible.changes.items():
        now = told[0].before if told else None
        places.append([Change(item, fact, now, value, told[0].words) for value in RAW[fact] if told and value != now])
    for size in (1, 2):
        for some in combinations(places, size):
            yield from product(*some)


@RANDOM
@given(case=cases())
def test_each_listed_change_lets_the_item_in_and_none_of_its_parts_does(case: Case) -> None:
    for found in asked(case, Aim.ADMITTED, 3).found:
        assert admits(case, found.item, found.changes) is found.verdict
        assert found.adds_minor == adds(case, found.changes)
        assert not any(admits(case, found.item, some) for some in subsets(found.changes))


@RANDOM
@given(case=cases())
def test_each_listed_change_moves_the_payment_and_none_of_its_parts_does(case: Case) -> None:
    for found in asked(case, Aim.PAYMENT).found:
        assert found.adds_minor == adds(case, found.changes) != 0
        assert not any(adds(case, some) for some in subsets(found.changes))


@RANDOM
@given(case=cases())
def test_trying_every_single_and_pair_of_changes_finds_nothing_more(case: Case) -> None:
    every = list(everything(case))
    for row in outcome(case.terms, case.event).items:
        if row.verdict in LETS_IN:
            continue
        right = {
            (frozenset(c.place for c in changes), verdict)
            for changes in every
            if (verdict := admits(case, row.name, changes))
            and not any(admits(case, row.name, some) for some in subsets(changes))
        }
        told = asked(case, Aim.ADMITTED).of_item(row.name)
        assert {(frozenset(c.place for c in f.changes), f.verdict) for f in told} == right
    right_amounts = {
        (frozenset(c.place for c in changes), effect)
        for changes in every
        if (effect := adds(case, changes)) and not any(adds(case, some) for some in subsets(changes))
    }
    told = asked(case, Aim.PAYMENT).found
    assert {(frozenset(c.place for c in f.changes), f.adds_minor) for f in told} == right_amounts


@RANDOM
@given(case=cases())
def test_what_an_item_is_never_changes_and_smaller_sets_stand_first(case: Case) -> None:
    for aim in Aim:
        found = asked(case, aim).found
        assert not any(change.fact == "kind" for each in found for change in each.changes)
        assert [len(f.changes) for f in found] == sorted(len(f.changes) for f in found)
        assert all(each.words.zh and each.words.en for each in found)


def test_a_search_that_runs_out_of_work_says_up_to_where_it_is_complete() -> None:
    terms, event = example("enterprise-cyber/2026-07", 0)
    found = counterfactuals(terms, event, {}, aim=Aim.PAYMENT, most_settlements=3)
    assert isinstance(found, Counterfactuals)
    assert found.complete == 0


def example(name: str, place: int) -> tuple[CompiledTerms, LossEvent]:
    one = shipped(name)
    chosen = one.examples[place]
    schedule = make_schedule(one, chosen.schedule)
    assert not isinstance(schedule, Refusal)
    terms = compile_schedule(one, schedule)
    assert isinstance(terms, CompiledTerms)
    return terms, chosen.event


@pytest.mark.parametrize("name", names())
def test_every_single_change_that_a_settlement_names_is_found(name: str) -> None:
    """`covered_if` of an item is the same answer for single changes, told by another reader."""
    one = shipped(name)
    for place, chosen in enumerate(one.examples):
        terms, event = example(name, place)
        now = settle(terms, event, chosen.state, void=chosen.void)
        if isinstance(now, Refusal):
            continue
        found = counterfactuals(terms, event, chosen.state, void=chosen.void, most_changes=1)
        assert isinstance(found, Counterfactuals)
        for row in now.items:
            named = {text.partition("=")[0] for text in row.covered_if if "=" in text}
            single = {each.changes[0].fact for each in found.of_item(row.name)}
            assert named <= single, (chosen.name.en, row.name)
