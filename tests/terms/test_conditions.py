"""Conditions are three-valued: what nobody has established is unknown, and stays so until it cannot matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Words
from ringwall.terms import (
    All,
    Always,
    AnyOf,
    Compare,
    Condition,
    FactKind,
    FactSpec,
    FactValue,
    Not,
    OneOf,
    Order,
    ParameterRead,
    ParameterRef,
    Truth,
    facts_of,
    holds,
    parameters_of,
    resolved,
    witness,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
A, B = OneOf("a", (True,)), OneOf("b", (True,))
SPECS = {name: FactSpec(name, FactKind.YES_NO, Words(name, name)) for name in "abc"}
SPECS["at"] = FactSpec("at", FactKind.INSTANT, Words("时刻", "instant"))
SPECS["sum"] = FactSpec("sum", FactKind.AMOUNT, Words("金额", "amount"))


def conditions() -> st.SearchStrategy[Condition]:
    leaves = st.builds(OneOf, st.sampled_from("abc"), st.sampled_from([(True,), (False,), (True, False)]))
    return st.recursive(
        leaves | st.just(Always()),
        lambda inner: (
            st.builds(All, st.tuples(inner, inner)) | st.builds(AnyOf, st.tuples(inner, inner)) | st.builds(Not, inner)
        ),
        max_leaves=6,
    )


@pytest.mark.parametrize(
    ("facts", "both", "either"),
    [
        ({"a": True, "b": True}, Truth.TRUE, Truth.TRUE),
        ({"a": True, "b": False}, Truth.FALSE, Truth.TRUE),
        ({"a": True}, Truth.UNKNOWN, Truth.TRUE),
        ({"a": False}, Truth.FALSE, Truth.UNKNOWN),
        ({}, Truth.UNKNOWN, Truth.UNKNOWN),
    ],
)
def test_and_is_the_minimum_and_or_the_maximum(facts: dict[str, FactValue], both: Truth, either: Truth) -> None:
    assert holds(All((A, B)), facts) is both
    assert holds(AnyOf((A, B)), facts) is either
    assert holds(Not(All((A, B))), facts) is both.negated()


@given(condition=conditions(), known=st.dictionaries(st.sampled_from("abc"), st.booleans()))
def test_an_answer_that_is_known_stays_whatever_else_becomes_known(
    condition: Condition, known: dict[str, FactValue]
) -> None:
    answer = holds(condition, known)
    for rest in product([True, False], repeat=3):
        full = {**dict(zip("abc", rest, strict=True)), **known}
        if answer is not Truth.UNKNOWN:
            assert holds(condition, full) is answer
        assert holds(condition, full) is not Truth.UNKNOWN


@given(condition=conditions())
def test_a_witness_makes_the_condition_true_and_none_means_never(condition: Condition) -> None:
    found = witness(condition, SPECS, {})
    if found.truth is Truth.TRUE:
        assert holds(condition, found.case) is Truth.TRUE
    else:
        cases = (dict(zip("abc", row, strict=True)) for row in product([True, False], repeat=3))
        assert not any(holds(condition, facts) is Truth.TRUE for facts in cases)


@pytest.mark.parametrize(
    ("order", "right"), [(Order.GE, (0, 1, 1)), (Order.GT, (0, 0, 1)), (Order.LE, (1, 1, 0)), (Order.LT, (1, 0, 0))]
)
def test_an_instant_is_compared_exactly_whatever_its_zone(order: Order, right: tuple[int, ...]) -> None:
    for step, answer in zip((-1, 0, 1), right, strict=True):
        elsewhere = (NOON + timedelta(microseconds=step)).astimezone(timezone(timedelta(hours=8)))
        assert holds(Compare("at", order, NOON), {"at": elsewhere}) is Truth(2 * answer)


def test_never_satisfies_no_comparison_and_an_absent_fact_leaves_it_open() -> None:
    assert holds(Compare("at", Order.LT, NOON), {"at": "never"}) is Truth.FALSE
    assert holds(Compare("at", Order.GE, NOON), {"at": "never"}) is Truth.FALSE
    assert holds(Compare("at", Order.GE, NOON), {}) is Truth.UNKNOWN


def test_a_parameter_is_put_in_with_its_days() -> None:
    read = {
        "end": ParameterRead("end", int(NOON.timestamp()), "instant", "none"),
        "days": ParameterRead("days", 60, "day", "none"),
        "most": ParameterRead("most", 500, "minor", "none"),
    }
    late = Compare("at", Order.LT, ParameterRef("end", "days"))
    large = Compare("sum", Order.GT, ParameterRef("most"))
    both = All((Not(late), AnyOf((large,))))
    assert parameters_of(both) == ("end", "days", "most")
    assert facts_of(both) == ("at", "sum")
    filled = resolved(both, read, {"at"})
    last = NOON + timedelta(days=60)
    assert holds(filled, {"at": last, "sum": 501}) is Truth.TRUE
    assert holds(filled, {"at": last - timedelta(seconds=1), "sum": 501}) is Truth.FALSE
    assert holds(filled, {"at": last, "sum": 500}) is Truth.FALSE


def test_too_many_combinations_leave_a_condition_unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringwall.terms.drafting.search.MOST_STEPS", 5_000)
    specs = {f"f{n}": FactSpec(f"f{n}", FactKind.YES_NO, Words("事实", "fact")) for n in range(20)}
    known = tuple(AnyOf((OneOf(name, (True,)), OneOf(name, (False,)))) for name in specs)
    last = OneOf("f19", (True,))
    assert witness(All((*known, last, Not(last))), specs, {}).truth is Truth.UNKNOWN
