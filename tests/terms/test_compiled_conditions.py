"""Compiled conditions mean what `holds` says, on any condition and any facts: unknown, "never" and of odd kinds too."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from enterprise import compiled
from hypothesis import given
from hypothesis import strategies as st

from ringwall.product import Product
from ringwall.terms import (
    All,
    Always,
    AnyOf,
    Compare,
    CompiledTerms,
    Condition,
    FactValue,
    LossEvent,
    LossItem,
    Not,
    OneOf,
    Order,
    Outcome,
    TraceNode,
    holds,
    settle,
)
from ringwall.terms.cover import TRUTHS, compile_conditions, in_one_zone

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
INSTANTS = [NOON + timedelta(microseconds=step) for step in (-1, 0, 1)]
ELSEWHERE = [instant.astimezone(timezone(timedelta(hours=8))) for instant in INSTANTS]
WORDS: list[FactValue] = [True, False, "never", "wind", "(other)", 0, 1, 2, *INSTANTS]
NAMES = st.sampled_from(["yes", "word", "sum", "at"])


def conditions() -> st.SearchStrategy[Condition]:
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple)
    bounds = st.sampled_from([0, 1, 2, *INSTANTS])
    leaves = st.builds(OneOf, NAMES, words) | st.builds(Compare, NAMES, st.sampled_from(Order), bounds)
    return st.recursive(
        leaves | st.just(Always()),
        lambda inner: (
            st.builds(All, st.lists(inner, max_size=3).map(tuple))
            | st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple))
            | st.builds(Not, inner)
        ),
        max_leaves=12,
    )


FACTS = st.dictionaries(NAMES, st.sampled_from([*WORDS, *ELSEWHERE]))


@given(asked=st.lists(conditions(), max_size=4), facts=FACTS)
def test_compiled_conditions_answer_as_the_reference_does(asked: list[Condition], facts: dict[str, FactValue]) -> None:
    tell = compile_conditions(asked)
    right = [holds(condition, facts) for condition in asked]
    assert [TRUTHS[answer] for answer in tell(facts.get)] == right
    assert [TRUTHS[answer] for answer in tell(in_one_zone(facts).get)] == right


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_an_instant_at_the_end_of_the_calendar_is_left_where_it_is(instant: str) -> None:
    facts = {"at": datetime.fromisoformat(instant)}
    assert in_one_zone(facts) == facts


def test_what_a_reader_keeps_is_no_part_of_the_terms(product: Product, terms: CompiledTerms) -> None:
    event = LossEvent("E", {"discovered_at": NOON}, (LossItem("a", "DIAS", 900_000, {"kind": "data_restoration"}),))
    first = settle(terms, event, {})
    assert isinstance(first, Outcome)
    sent = pickle.loads(pickle.dumps(terms))
    assert sent == terms
    assert settle(sent, event, {}) == first == settle(compiled(product), event, {})


def test_terms_of_one_structure_share_their_text_but_not_their_numbers(product: Product) -> None:
    item = LossItem("a", "DIAS", 90_000_000, {"kind": "data_restoration"})
    event = LossEvent("E", {"discovered_at": NOON}, (item,))
    for limit in (10_000_000, 20_000_000):
        found = settle(compiled(product, dias_limit=limit), event, {})
        assert isinstance(found, Outcome)
        assert found.contract.low == limit
        (read,) = next(node for node in walk(found.trace) if node.label == "DIAS.limited").parameters
        assert read.value == limit


def walk(node: TraceNode) -> Iterator[TraceNode]:
    yield node
    for below in node.inputs:
        yield from walk(below)
