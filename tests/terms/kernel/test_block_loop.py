"""A block of losses of one policy gives the exact reader's integers, near ties and beyond 64-bit products alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringwall.basics import Refusal, Rounding, Words
from ringwall.terms import (
    Always,
    CompiledTerms,
    Deductible,
    Fixed,
    Grant,
    Limit,
    MoneyRule,
    ParameterRead,
    PartTerms,
    Per,
    Settlement,
    Share,
    Step,
    Term,
    TermsDefinition,
    compile_terms,
)
from ringwall.terms.kernel import BlockPlan, block_numbers, plan_block
from ringwall.terms.straight import load_program

CODES = ("INRE", "DIAS", "LIA")
NUMBERS = (*(f"{what}_{code}" for code in CODES for what in ("deductible", "limit")), "attachment", "layer", "share")
Loss = tuple[int, int, int]
AMOUNT = st.one_of(st.integers(0, 300), st.integers(0, 10**8), st.integers(0, 10**10))
POLICY = st.fixed_dictionaries(
    dict.fromkeys(NUMBERS[:-1], AMOUNT) | {"share": st.sampled_from([0, 1, 2_500, 3_333, 5_000, 10_000])}
)
LOSSES = st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=20)


def fixed(name: str) -> Fixed:
    return Fixed(Term("c", name))


def layer_rules(rounding: Rounding = Rounding.HALF_EVEN) -> tuple[MoneyRule, ...]:
    return (
        Deductible("attachment", "c", CODES, Per.EVENT, fixed("attachment")),
        Limit("layer", "c", CODES, Per.EVENT, fixed("layer")),
        Share("participation", "c", CODES, base=Term("c", "share"), rounding=rounding),
    )


def period_rules() -> tuple[MoneyRule, ...]:
    """The layer's amounts over a period: what is used of them lasts from event to event."""
    return (
        Deductible("attachment", "c", CODES, Per.PERIOD, fixed("attachment")),
        Limit("layer", "c", CODES, Per.PERIOD, fixed("layer")),
        Share("participation", "c", CODES, base=Term("c", "share")),
    )


def terms_of(
    numbers: Mapping[str, int], rules: Sequence[MoneyRule] = layer_rules(), maximum_minor: int = 10**10
) -> CompiledTerms:
    definition = TermsDefinition(
        facts={},
        parts=tuple(PartTerms(c, Words(c, c), Term("c", f"deductible_{c}"), Term("c", f"limit_{c}")) for c in CODES),
        settlement=Settlement("c", (Step.VERDICT, Step.RETENTION, Step.PART_LIMIT, *(rule.name for rule in rules))),
        maximum_minor=maximum_minor,
        grants=tuple(Grant("g", code, Always()) for code in CODES),
        rules=tuple(rules),
    )
    day = date(2026, 1, 1)
    read = {name: ParameterRead(name, value, "minor", "random", day) for name, value in numbers.items()}
    found = compile_terms(definition, read)
    assert isinstance(found, CompiledTerms), found
    return found


def ranges_of(policies: list[dict[str, int]]) -> dict[str, tuple[int, int]]:
    return {name: (min(p[name] for p in policies), max(p[name] for p in policies)) for name in NUMBERS}


def written(plan: BlockPlan) -> Callable[..., int]:
    room: dict[str, Any] = {}
    exec(compile(plan.text, "<block>", "exec"), room)
    found: Callable[..., int] = room["settle"]
    return found


def assert_block_is_exact(policies: list[dict[str, int]], losses: list[Loss], rounding: Rounding) -> str:
    """Every policy of the table on every loss; numpy's integers wrap as compiled ones do."""
    compiled = [terms_of(numbers, layer_rules(rounding)) for numbers in policies]
    plan = plan_block(compiled[0], ranges_of(policies))
    assert isinstance(plan, BlockPlan), plan
    columns = {name: np.array([p[name] for p in policies], np.int64) for name in NUMBERS}
    amounts, numbers, run = np.array(losses, np.int64).T.copy(), block_numbers(plan, columns), written(plan)
    for place, terms in enumerate(compiled):
        paid = np.zeros_like(amounts)
        with np.errstate(over="ignore"):
            odd = run(terms.definition.maximum_minor, len(losses), numbers, place, amounts, paid)
        assert odd >= 0
        program = load_program(terms.program)
        for row, loss in enumerate(losses):
            values = program(dict(zip(CODES, loss, strict=True)), {}, terms.numbers)
            assert paid[:, row].tolist() == [values[terms.payable[code]] for code in CODES]
    return plan.text


@settings(max_examples=80, deadline=None)
@given(st.lists(POLICY, min_size=1, max_size=3), LOSSES, st.sampled_from(Rounding))
def test_a_block_gives_the_integers_of_the_exact_reader(
    policies: list[dict[str, int]], losses: list[Loss], rounding: Rounding
) -> None:
    assert_block_is_exact(policies, losses, rounding)


def policy(**more: int) -> dict[str, int]:
    roomy = {name: 0 if name.startswith("deductible") else 2 * 10**9 for name in NUMBERS}
    return roomy | {"attachment": 0, "share": 5_000} | more


@pytest.mark.parametrize("loss", [(1, 1, 1), (3, 0, 0), (1, 2, 4), (10**9 + 1, 7, 10**9 - 1)])
def test_a_tie_goes_to_the_even_neighbour(loss: tuple[int, int, int]) -> None:
    text = assert_block_is_exact([policy()], [loss], Rounding.HALF_EVEN)
    assert "ties" in text


def test_products_beyond_64_bits_leave_the_exact_rest() -> None:
    """9,999,999,967 times 9,999,999,943 is above 2**66."""
    wide = policy(layer=9_999_999_967, attachment=1, share=1) | {f"limit_{code}": 10**10 for code in CODES}
    losses = [(9_999_999_943, 9_999_999_929, 8_999_999_999), (10**10, 10**10, 10**10)]
    assert_block_is_exact([wide], losses, Rounding.HALF_EVEN)


def test_amounts_that_could_hide_a_tie_are_reckoned_exactly_at_once() -> None:
    small, large = policy(), policy(layer=10**11, limit_INRE=10**11, limit_DIAS=10**11, limit_LIA=10**11)
    for numbers, quick in ((small, True), (large, False)):
        plan = plan_block(terms_of(numbers, maximum_minor=10**11), ranges_of([numbers]))
        assert isinstance(plan, BlockPlan)
        assert ("ties" in plan.text) is quick


def test_the_text_holds_no_amount_of_a_policy() -> None:
    one, two = policy(attachment=17, share=123), policy(attachment=4_000, layer=77_777)
    plans = [plan_block(terms_of(numbers), ranges_of([numbers])) for numbers in (one, two)]
    assert all(isinstance(plan, BlockPlan) for plan in plans)
    assert len({plan.text for plan in plans if isinstance(plan, BlockPlan)}) == 1


def test_a_number_outside_the_proof_is_our_own_mistake() -> None:
    plan = plan_block(terms_of(policy()), ranges_of([policy()]))
    assert isinstance(plan, BlockPlan)
    columns = {name: np.array([value], np.int64) for name, value in policy(attachment=1).items()}
    with pytest.raises(AssertionError, match="attachment leaves its proved range"):
        block_numbers(plan, columns)


@pytest.mark.parametrize("amount", [-1, 10**10 + 1])
def test_an_amount_outside_the_proof_shows_in_the_sign(amount: int) -> None:
    plan = plan_block(terms_of(policy()), ranges_of([policy()]))
    assert isinstance(plan, BlockPlan)
    numbers = block_numbers(plan, {name: np.array([value], np.int64) for name, value in policy().items()})
    amounts = np.array([[1, amount], [2, 3], [4, 5]], np.int64)
    assert written(plan)(10**10, 2, numbers, 0, amounts, np.zeros_like(amounts)) < 0


@settings(max_examples=40, deadline=None)
@given(POLICY, LOSSES, st.integers(1, 4), st.integers(0, 10**8))
def test_period_states_carry_on_within_a_period_and_end_with_it(
    numbers: dict[str, int], losses: list[Loss], a_period: int, opening: int
) -> None:
    terms = terms_of(numbers, period_rules())
    plan = plan_block(terms, ranges_of([numbers]))
    assert isinstance(plan, BlockPlan), plan
    assert plan.states == ("attachment_used", "layer_used")
    row = block_numbers(plan, {name: np.array([value], np.int64) for name, value in numbers.items()})
    amounts, period = np.array(losses, np.int64).T.copy(), np.arange(len(losses), dtype=np.int64) // a_period
    paid, used = np.zeros_like(amounts), np.array([opening, 0], np.int64)
    with np.errstate(over="ignore"):
        written(plan)(10**10, len(losses), row, 0, period, used, amounts, paid)
    program, state = load_program(terms.program), {"attachment_used": opening, "layer_used": 0}
    for place, loss in enumerate(losses):
        if place and period[place] != period[place - 1]:
            state = dict.fromkeys(state, 0)
        values = program(dict(zip(CODES, loss, strict=True)), state, terms.numbers)
        assert paid[:, place].tolist() == [values[terms.payable[code]] for code in CODES]
        state = {rule.name: state[rule.name] + int(values[rule.drawn]) for rule in terms.states}  # type: ignore[arg-type]
    assert used.tolist() == list(state.values())


def test_terms_of_single_items_and_ranges_without_proof_are_refused() -> None:
    each = Deductible("each", "c", CODES, Per.ITEM, fixed("attachment"))
    definition = terms_of(policy()).definition
    by_item = replace(definition, settlement=Settlement("c", (Step.VERDICT, "each")), rules=(each,))
    terms = compile_terms(by_item, terms_of(policy()).parameters)
    assert isinstance(terms, CompiledTerms), terms
    refused = plan_block(terms, ranges_of([policy()]))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("kernel_block_terms", "INRE.item")
    wild = plan_block(terms_of(policy()), ranges_of([policy()]) | {"attachment": (0, 2**62)})
    assert isinstance(wild, Refusal)
    assert wild.code == "kernel_block_range"
