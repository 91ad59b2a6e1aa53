"""The loop over item losses gives the integers of the exact and of the columnar reader, whatever the rules are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from enterprise import compiled
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tables import columns_of, random_table, settle_one_by_one

from ringwall.basics import Refusal, Rounding, Words
from ringwall.product import Product
from ringwall.terms import (
    Always,
    CompiledTerms,
    Deductible,
    DeductibleBounds,
    FactKind,
    FactSpec,
    Fixed,
    Given,
    Grant,
    HigherOf,
    InterruptionTerms,
    Limit,
    LowerOf,
    Measure,
    MoneyRule,
    OfLoss,
    OneOf,
    ParameterRead,
    PartTerms,
    Per,
    Reinstatements,
    Settlement,
    Share,
    ShareAdd,
    Step,
    Term,
    TermsDefinition,
    compile_terms,
    settle_columns,
)
from ringwall.terms.kernel import (
    LANES,
    ItemTable,
    KernelPlan,
    SettledItems,
    lanes_hold,
    numbers_of,
    opening_states,
    plan_kernel,
    room_for,
    settle_items,
    written,
)
from ringwall.terms.kernel.steps import MODES, NEAR

CODES = ("INRE", "DIAS", "LIA", "NPBI")
NUMBERS = ("a", "b", "c", "d", "rate", "share", "count", "premium")
WIDE = OneOf("wide", (True,))


def planned(terms: CompiledTerms, **more: object) -> KernelPlan:
    switches = tuple(s.name for s in terms.subjects if s.given in (Given.SWITCH, Given.FACT))
    found = plan_kernel(terms, given=switches, parts=True)
    assert isinstance(found, KernelPlan), found
    assert not more
    return found


def assert_three_agree(policies: list[CompiledTerms], seed: int, events: int, opening: dict[str, int]) -> None:
    terms, rng = policies[0], np.random.default_rng(seed)
    plan = planned(terms)
    table = random_table(plan, terms, rng, len(policies), events, top=8.0)
    found = settle_items(plan, written(plan), policies, table, opening_states(plan, len(policies), opening))
    right = np.array(settle_one_by_one(plan, policies, table, opening), np.int64)
    given_by_loop = np.column_stack([found.contract, found.statutory, found.parts])
    assert np.array_equal(given_by_loop, right)
    if len(policies) == 1:
        columns = settle_columns(terms, columns_of(plan, terms, table), opening)
        by_column = [columns.contract, columns.statutory, *(columns.payable[part] for part in plan.parts)]
        assert np.array_equal(np.column_stack(by_column), right)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), mode=st.sampled_from([1, 2, 3, 4]), opening=st.integers(0, 600_000_000))
def test_the_loop_agrees_on_the_enterprise_product(product: Product, seed: int, mode: int, opening: int) -> None:
    policies = [compiled(product, npbi_mode=mode, event_limit=limit) for limit in (50_000_000, 300_000_000)]
    assert_three_agree(policies, seed, 150, {"aggregate_used": opening})
    assert_three_agree(policies[:1], seed, 300, {"aggregate_used": opening})


def measures() -> st.SearchStrategy[Measure]:
    plain = st.one_of(
        st.sampled_from("abcd").map(lambda name: Fixed(Term("m", name))), st.just(OfLoss(Term("m", "rate")))
    )
    pair = st.tuples(plain, plain)
    return st.one_of(plain, pair.map(HigherOf), pair.map(LowerOf))


def some_parts() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True).map(tuple)


def rules() -> st.SearchStrategy[list[MoneyRule]]:
    when = st.sampled_from([Always(), WIDE])
    amounts = st.sampled_from("abcd").map(lambda name: Fixed(Term("m", name)))
    whole = st.sampled_from([Per.PART, Per.EVENT])
    per_item = st.builds(
        Deductible, st.just(""), st.just("r"), some_parts(), st.just(Per.ITEM), measures(), st.booleans()
    )
    item_limit = st.builds(Limit, st.just(""), st.just("r"), some_parts(), st.just(Per.ITEM), measures())
    kept = st.builds(Deductible, st.just(""), st.just("r"), some_parts(), whole, measures(), st.booleans(), when)
    period_kept = st.builds(
        Deductible, st.just(""), st.just("r"), some_parts(), st.just(Per.PERIOD), amounts, st.just(False), when
    )
    limit = st.builds(Limit, st.just(""), st.just("r"), some_parts(), whole, measures(), when)
    again = st.sampled_from(
        [
            None,
            Reinstatements(Term("m", "count")),
            Reinstatements(*(Term("m", n) for n in ("count", "share", "premium"))),
        ]
    )
    period_limit = st.builds(
        Limit, st.just(""), st.just("r"), some_parts(), st.just(Per.PERIOD), amounts, when, st.just(""), again
    )
    add = st.lists(st.just(ShareAdd("r", "share", WIDE)), max_size=1).map(tuple)
    share = st.builds(
        Share,
        name=st.just(""),
        clause=st.just("r"),
        parts=some_parts(),
        base=st.just(Term("m", "share")),
        adds=add,
        when=when,
        state=st.sampled_from(["", "running"]),
        rounding=st.sampled_from(Rounding),
    )
    late = st.one_of(kept, period_kept, limit, period_limit, share)
    return st.tuples(st.lists(st.one_of(per_item, item_limit), max_size=2), st.lists(late, min_size=1, max_size=5)).map(
        lambda both: [*both[0], *both[1]]
    )


def built(drawn: list[MoneyRule], numbers: dict[str, int], bounds: bool) -> CompiledTerms | Refusal:
    named = [replace(rule, name=f"step{n}") for n, rule in enumerate(drawn)]
    running = [rule for rule in named if isinstance(rule, Share) and rule.state]
    named = [
        replace(rule, state=f"{rule.name}_running") if rule in running else rule  # type: ignore[call-arg]
        for rule in named
    ]
    items = [rule for rule in named if getattr(rule, "per", None) is Per.ITEM]
    if bounds:
        parts = ("INRE", "DIAS")
        named.insert(len(items), DeductibleBounds("bounds", "r", parts, Term("m", "a"), Term("m", "c"), "kept"))
    hours = InterruptionTerms(Term("h", "wait"), Term("h", "mode"), Term("h", "days"), "h")
    definition = TermsDefinition(
        facts={"wide": FactSpec("wide", FactKind.YES_NO, Words("广", "wide"))},
        parts=tuple(
            PartTerms(code, Words(code, code), interruption=hours if code == "NPBI" else None) for code in CODES
        ),
        settlement=Settlement("order", (Step.VERDICT, *(rule.name for rule in named))),
        maximum_minor=10**9,
        grants=tuple(Grant("g", code, Always()) for code in CODES),
        rules=tuple(named),
    )
    read = {
        name: ParameterRead(name, value, "minor", "random", date(2026, 1, 1))
        for name, value in {**numbers, "wait": 12, "mode": 1, "days": 30}.items()
    }
    return compile_terms(definition, read)


AMOUNT = st.integers(0, 150_000_000)
DRAWN = st.fixed_dictionaries(
    dict.fromkeys("abcd", AMOUNT)
    | {"rate": st.integers(0, 10_000), "share": st.integers(0, 10_000)}
    | {"count": st.integers(0, 3), "premium": st.integers(0, 1_000_000)}
)


@settings(max_examples=60, deadline=None)
@given(drawn=rules(), numbers=DRAWN, seed=st.integers(0, 2**32 - 1), bounds=st.booleans())
def test_the_three_agree_whatever_the_rules_are(
    drawn: list[MoneyRule], numbers: dict[str, int], seed: int, bounds: bool
) -> None:
    terms = built(drawn, numbers, bounds)
    if isinstance(terms, Refusal):
        assert terms.code in ("terms_rule_late", "terms_overflow"), terms.message.en
        return
    for node in terms.nodes:
        assert 0 <= node.low <= node.high < 2**63
    assert_three_agree([terms], seed, 60, {})


def paid_both_ways(
    policies: list[CompiledTerms], table: ItemTable, opening: dict[str, int]
) -> tuple[SettledItems, SettledItems]:
    """One after another, and several at a time as if each opened its period."""
    plan = plan_kernel(policies[0], parts=True)
    assert isinstance(plan, KernelPlan), plan
    states = opening_states(plan, len(policies), opening)
    one_by_one = settle_items(plan, written(plan), policies, table, states)
    found, items = room_for(plan, len(table.period)), len(table.amount)
    lanes, costs = np.full(LANES * plan.lanes, 7), np.full((plan.costs, items + 1), 7)
    odd = written(plan, "fresh")(
        policies[0].definition.maximum_minor, lanes, costs, table.policy_start, numbers_of(plan, policies), states,
        table.item_start, table.kind, table.amount, table.seconds, found.contract, found.statutory, found.parts,
    )  # fmt: skip
    assert odd >= 0
    return one_by_one, found


def assert_several_pay_alike(policies: list[CompiledTerms], table: ItemTable, opening: dict[str, int]) -> None:
    """Each event has a period of its own: one after another they pay what they pay several at a time."""
    one_by_one, found = paid_both_ways(policies, table, opening)
    assert np.array_equal(found.contract, one_by_one.contract)
    assert np.array_equal(found.statutory, one_by_one.statutory)
    assert np.array_equal(found.parts, one_by_one.parts)


def assert_order_is_not_felt_below_the_ceiling(terms: CompiledTerms, seed: int, used: int, top: float) -> int:
    """Gives the periods of several events that stay below it, of tables of one period each."""
    plan, dice, below = planned(terms), np.random.default_rng(seed), 0
    assert plan.ceiling is not None
    ceiling = numbers_of(plan, [terms])[0, plan.ceiling]
    for _ in range(20):
        table = random_table(plan, terms, dice, 1, 3, top=top)
        one_by_one, found = paid_both_ways([terms], table, dict.fromkeys(plan.states, used))
        if found.contract.sum() <= ceiling - used:
            below += int((found.contract > 0).sum() > 1)
            for first, second in zip(columns_paid(one_by_one), columns_paid(found), strict=True):
                assert np.array_equal(first, second)
    return below


def columns_paid(paid: SettledItems) -> tuple[np.ndarray, ...]:
    return paid.contract, paid.statutory, paid.parts


@pytest.mark.parametrize("used", [0, 150_000_000])
def test_events_that_together_stay_below_the_ceiling_do_not_feel_their_order(product: Product, used: int) -> None:
    terms = compiled(product, event_limit=300_000_000, aggregate_limit=600_000_000)
    assert assert_order_is_not_felt_below_the_ceiling(terms, 3, used, 8.0) > 3


@settings(max_examples=60, deadline=None)
@given(drawn=rules(), numbers=DRAWN, seed=st.integers(0, 2**32 - 1))
def test_whatever_the_rules_are_no_order_is_felt_below_a_ceiling_that_the_plan_names(
    drawn: list[MoneyRule], numbers: dict[str, int], seed: int
) -> None:
    ends = Limit("", "r", CODES, Per.PERIOD, Fixed(Term("m", "d")))
    terms = built([*drawn, ends], numbers, False)
    assume(isinstance(terms, CompiledTerms) and lanes_hold([terms]))
    assert isinstance(terms, CompiledTerms)
    if planned(terms).ceiling is not None:
        assert_order_is_not_felt_below_the_ceiling(terms, seed, 0, 7.0)


def test_terms_that_feel_more_than_a_ceiling_name_none() -> None:
    numbers = {**dict.fromkeys("abcd", 5_000_000), "rate": 0, "share": 9_000, "count": 1, "premium": 1000}
    ends = Limit("", "r", CODES, Per.PERIOD, Fixed(Term("m", "d")))
    kept = Deductible("", "r", CODES, Per.PERIOD, Fixed(Term("m", "a")), False)
    again = replace(ends, reinstatements=Reinstatements(Term("m", "count"), Term("m", "share"), Term("m", "premium")))
    late = Share("", "r", CODES, Term("m", "share"))
    named = [built(rules_of, numbers, False) for rules_of in ([ends], [kept, ends], [again], [ends, late], [kept])]
    assert [isinstance(t, CompiledTerms) and planned(t).ceiling is not None for t in named] == [True, *4 * [False]]


@settings(max_examples=60, deadline=None)
@given(drawn=rules(), numbers=DRAWN, seed=st.integers(0, 2**32 - 1), alone=st.booleans())
def test_events_that_open_their_period_may_be_settled_several_at_a_time(
    drawn: list[MoneyRule], numbers: dict[str, int], seed: int, alone: bool
) -> None:
    terms = built(drawn, numbers, False)
    assume(isinstance(terms, CompiledTerms) and lanes_hold([terms]))
    assert isinstance(terms, CompiledTerms)
    plan, events = plan_kernel(terms), 2 * LANES + 9
    assert isinstance(plan, KernelPlan)
    table = random_table(plan, terms, np.random.default_rng(seed), 1, events, top=8.0)
    table = replace(table, period=np.arange(events))
    if alone:
        table = replace(table, item_start=np.minimum(np.arange(events + 1), len(table.amount)))
    assert_several_pay_alike([terms], table, {})


def test_several_at_a_time_each_policy_has_its_numbers_and_its_opening_state(product: Product) -> None:
    policies = [compiled(product, npbi_mode=2, event_limit=limit) for limit in (50_000_000, 300_000_000)]
    plan, dice = plan_kernel(policies[0]), np.random.default_rng(4)
    assert isinstance(plan, KernelPlan)
    table = random_table(plan, policies[0], dice, 2, 1, top=8.5)
    for used in (0, 40_000_000, 10**9):
        assert_several_pay_alike(policies, table, {"aggregate_used": used})


def test_an_amount_that_leaves_the_proof_is_seen_among_several(terms: CompiledTerms) -> None:
    plan = plan_kernel(terms, parts=True)
    assert isinstance(plan, KernelPlan)
    table = random_table(plan, terms, np.random.default_rng(1), 1, 20)
    wild = replace(table, amount=np.where(np.arange(len(table.amount)) == 3, terms.definition.maximum_minor + 1, 5))
    with pytest.raises(AssertionError):
        assert_several_pay_alike([terms], wild, {})


WIDE_AMOUNT = st.one_of(st.integers(0, 10**6), st.integers(0, 2**40), st.integers(0, 2**61))


@given(WIDE_AMOUNT, WIDE_AMOUNT, WIDE_AMOUNT, st.sampled_from(Rounding), st.booleans())
def test_a_quotient_in_floats_is_mended_to_the_exact_one(
    first: int, second: int, below: int, rounding: Rounding, tie: bool
) -> None:
    below = max(below, 2)
    if tie and first:
        below -= below % 2
        second = below // 2 + second % max(2**50 // first, 1) * below
    if first * second > 2**50 * below or max(first, second, below) > 2**61:
        return
    room: dict[str, Callable[..., int]] = {}
    exec(NEAR, {}, room)
    with np.errstate(over="ignore"):
        found = room["near"](*(np.int64(number) for number in (first, second, below)), MODES[rounding])
    assert found == rounded(Fraction(first * second, below), rounding)


def rounded(exact: Fraction, rounding: Rounding) -> int:
    """By the definition of each mode; Python rounds fractions half to even."""
    below = exact.numerator // exact.denominator
    match rounding:
        case Rounding.HALF_EVEN:
            return round(exact)
        case Rounding.FLOOR:
            return below
        case Rounding.HALF_UP:
            return below + (2 * (exact - below) >= 1)
        case Rounding.UP:
            return below + (exact > below)


def test_an_amount_outside_the_proof_is_our_own_mistake(terms: CompiledTerms) -> None:
    plan = planned(terms)
    table = random_table(plan, terms, np.random.default_rng(1), 1, 20)
    wild = replace(table, amount=np.where(np.arange(len(table.amount)) == 3, -1, table.amount))
    with pytest.raises(AssertionError, match="below nil"):
        settle_items(plan, written(plan), [terms], wild, opening_states(plan, 1))


def test_the_text_of_a_structure_holds_no_amount(product: Product) -> None:
    small, large = compiled(product), compiled(product, event_limit=5_000_000_000, inre_deductible=1)
    assert planned(small).text == planned(large).text
    assert planned(compiled(product, npbi_mode=1)).text != planned(small).text
