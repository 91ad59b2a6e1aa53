"""Deductibles and limits of every form, on items, parts, events and periods, with the amounts worked by hand."""

from __future__ import annotations

import pytest
from small import at_least, at_most, compiled, fixed, item, of_loss, paid, part, settled, term

from ringwall.terms import (
    Deductible,
    DeductibleBounds,
    Limit,
    Measure,
    OfValue,
    Per,
    Reinstatements,
    Share,
)

A, B = part("INRE"), part("DIAS")
K = 100_000
"""A thousand yuan in fen."""


def deductible(measure: Measure, per: Per = Per.PART, *parts: str, **more: object) -> Deductible:
    return Deductible("keep", "1.1", parts or ("INRE",), per, measure, **more)  # type: ignore[arg-type]


def limit(measure: Measure, per: Per = Per.PART, *parts: str, name: str = "cap", **more: object) -> Limit:
    return Limit(name, "1.2", parts or ("INRE",), per, measure, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measure", "loss", "left"),
    [
        (fixed("amount"), 30_000, 10_000),
        (fixed("amount"), 20_000, 0),
        (of_loss("tenth"), 30_000, 27_000),
        (of_loss("tenth"), 5, 5),  # 0.5 goes to the even fen
        (of_loss("tenth"), 15, 13),  # 1.5 too
        (at_least(of_loss("tenth"), "amount"), 30_000, 10_000),
        (at_least(of_loss("tenth"), "amount"), 900_000, 810_000),
        (at_most(of_loss("tenth"), "amount"), 900_000, 880_000),
        (at_most(of_loss("tenth"), "amount"), 30_000, 27_000),
        (at_most(at_least(of_loss("tenth"), "floor"), "amount"), 10_000, 7_000),
        (OfValue(term("tenth"), "value_at_risk_minor"), 30_000, 30_000 - 12_345),
        (at_least(OfValue(term("tenth"), "insured_minor"), "amount"), 100_000, 70_000),
    ],
)
def test_a_deductible_is_what_its_measure_says(measure: Measure, loss: int, left: int) -> None:
    numbers = {"amount": 20_000, "tenth": 1_000, "floor": 3_000, "insured_minor": 300_000}
    terms = compiled([A], [deductible(measure)], numbers)
    assert settled(terms, item("INRE", loss), value_at_risk_minor=123_450).contract.low == left


@pytest.mark.parametrize(("loss", "left"), [(19_999, 0), (20_000, 0), (20_001, 20_001), (90_000, 90_000)])
def test_a_franchise_is_kept_whole_until_the_loss_exceeds_it(loss: int, left: int) -> None:
    terms = compiled([A], [deductible(fixed("amount"), franchise=True)], {"amount": 20_000})
    assert settled(terms, item("INRE", loss)).contract.low == left


def test_a_deductible_of_each_item_is_taken_item_by_item() -> None:
    terms = compiled([A], [deductible(fixed("amount"), Per.ITEM)], {"amount": 20_000})
    outcome = settled(terms, item("INRE", 30_000), item("INRE", 15_000), item("INRE", 20_001))
    assert outcome.contract.low == 10_000 + 0 + 1


def test_a_deductible_of_the_event_is_shared_by_its_parts_in_proportion() -> None:
    terms = compiled([A, B], [deductible(fixed("amount"), Per.EVENT, "INRE", "DIAS")], {"amount": 100})
    outcome = settled(terms, item("INRE", 100), item("DIAS", 200))
    assert paid(outcome) == {"INRE": 67, "DIAS": 133}  # R(200 × 100 / 300) = 67


def test_an_aggregate_deductible_is_used_up_over_the_period() -> None:
    terms = compiled([A], [deductible(fixed("amount"), Per.PERIOD, state="kept")], {"amount": 50_000})
    first = settled(terms, item("INRE", 30_000))
    second = settled(terms, item("INRE", 30_000), state=first.state_after)
    third = settled(terms, item("INRE", 30_000), state=second.state_after)
    assert [o.contract.low for o in (first, second, third)] == [0, 10_000, 30_000]
    assert [o.state_after["kept"] for o in (first, second, third)] == [30_000, 50_000, 50_000]


def test_the_contract_language_example_of_a_deductible_with_a_most() -> None:
    """Deductibles of 30k on 150k, 30k and 20k with "30k max" pay 170k."""
    rules = [
        deductible(fixed("amount"), Per.ITEM),
        DeductibleBounds("most", "1.3", ("INRE",), at_most=term("most")),
    ]
    terms = compiled([A], rules, {"amount": 30 * K, "most": 30 * K})
    outcome = settled(terms, item("INRE", 150 * K), item("INRE", 30 * K), item("INRE", 20 * K))
    assert outcome.contract.low == 170 * K


def test_too_little_kept_is_made_up_to_the_least() -> None:
    rules = [
        Deductible("inre", "1.1", ("INRE",), Per.PART, fixed("amount")),
        DeductibleBounds("least", "1.3", ("INRE", "DIAS"), at_least=term("least")),
    ]
    terms = compiled([A, B], rules, {"amount": 10, "least": 50})
    outcome = settled(terms, item("INRE", 60), item("DIAS", 150))
    assert outcome.contract.low == 210 - 50
    assert paid(outcome) == {"INRE": 40, "DIAS": 120}  # 50 and 150 share 160


def test_what_all_deductibles_of_a_period_come_to_is_bounded() -> None:
    rules = [
        deductible(fixed("amount")),
        DeductibleBounds("most", "1.3", ("INRE",), at_most=term("most"), state="kept"),
    ]
    terms = compiled([A], rules, {"amount": 10, "most": 15})
    first = settled(terms, item("INRE", 100))
    second = settled(terms, item("INRE", 100), state=first.state_after)
    third = settled(terms, item("INRE", 100), state=second.state_after)
    assert [o.contract.low for o in (first, second, third)] == [90, 95, 100]


def test_the_contract_language_example_of_a_deductible_by_value_for_each_risk() -> None:
    """max(2 % of the insured value, 25k) for each risk."""
    rule = deductible(at_least(OfValue(term("two_percent"), "value_at_risk_minor"), "amount"), Per.ITEM)
    terms = compiled([A], [rule], {"two_percent": 200, "amount": 25 * K})
    risks = [(1_000 * K, 100 * K), (2_000 * K, 100 * K), (500 * K, 20 * K)]
    items = [item("INRE", loss, f"risk {value}", value_at_risk_minor=value) for value, loss in risks]
    assert settled(terms, *items).contract.low == (100 - 25 + 100 - 40 + 0) * K


def test_a_limit_of_each_item_and_a_limit_of_the_part() -> None:
    rules = [limit(fixed("each"), Per.ITEM, name="each_item"), limit(fixed("all"))]
    terms = compiled([A], rules, {"each": 50, "all": 90})
    assert settled(terms, item("INRE", 60), item("INRE", 30)).contract.low == 80
    assert settled(terms, item("INRE", 60), item("INRE", 70)).contract.low == 90


def test_a_tree_of_sublimits_cuts_from_the_leaves_to_the_root() -> None:
    codes = ["INRE", "DIAS", "EXT", "LIA"]
    rules = [
        limit(fixed("leaf"), Per.PART, "INRE", name="leaf"),
        limit(fixed("branch"), Per.EVENT, "INRE", "DIAS", name="branch"),
        limit(fixed("bough"), Per.EVENT, "INRE", "DIAS", "EXT", name="bough"),
        limit(fixed("root"), Per.EVENT, *codes, name="root"),
    ]
    numbers = {"leaf": 100, "branch": 150, "bough": 200, "root": 300}
    terms = compiled([part(code) for code in codes], rules, numbers)
    outcome = settled(terms, *(item(code, 120) for code in codes))
    # leaf 100; 100 + 120 → 150 as 68, 82; with 120 → 200 of 270 as 50, 61, 89; with 120 → 300 of 320
    assert paid(outcome) == {"INRE": 47, "DIAS": 57, "EXT": 84, "LIA": 112}
    assert outcome.contract.low == 300


def test_a_sublimit_outside_the_aggregate_does_not_use_it() -> None:
    rules = [
        limit(fixed("sub"), Per.PERIOD, "DIAS", name="sub", state="sub_used"),
        limit(fixed("all"), Per.PERIOD, "INRE", name="all", state="all_used"),
    ]
    terms = compiled([A, B], rules, {"sub": 50, "all": 100})
    first = settled(terms, item("INRE", 70), item("DIAS", 40))
    second = settled(terms, item("INRE", 70), item("DIAS", 40), state=first.state_after)
    assert paid(second) == {"INRE": 30, "DIAS": 10}
    assert second.state_after == {"sub_used": 50, "all_used": 100}


def test_a_sublimit_inside_the_aggregate_uses_both() -> None:
    rules = [
        limit(fixed("sub"), Per.PERIOD, "DIAS", name="sub", state="sub_used"),
        limit(fixed("all"), Per.PERIOD, "INRE", "DIAS", name="all", state="all_used"),
    ]
    terms = compiled([A, B], rules, {"sub": 50, "all": 100})
    first = settled(terms, item("DIAS", 45))
    second = settled(terms, item("INRE", 70), item("DIAS", 45), state=first.state_after)
    assert second.state_after == {"sub_used": 50, "all_used": 100}
    assert second.contract.low == 55
    assert paid(second) == {"INRE": 51, "DIAS": 4}  # R(55 × 70 / 75) = 51


def test_the_plain_aggregate_and_event_limit_leave_out_named_parts() -> None:
    settlement = {
        "event_limit": term("event", "order"),
        "aggregate": term("all", "order"),
        "outside_event_limit": frozenset({"LIA"}),
        "outside_aggregate": frozenset({"DIAS"}),
    }
    parts = [A, B, part("LIA")]
    order = ["event_limit", "aggregate"]
    terms = compiled(parts, [], {"event": 100, "all": 120}, order=order, settlement=settlement)
    outcome = settled(terms, item("INRE", 100), item("DIAS", 100), item("LIA", 100), state={"aggregate_used": 0})
    assert paid(outcome) == {"INRE": 40, "DIAS": 50, "LIA": 80}
    assert outcome.contract.low == 170
    assert outcome.state_after == {"aggregate_used": 120}


def test_the_contract_language_example_of_an_aggregate_limit_at_a_half() -> None:
    """An aggregate of 10M at 50 %: 8M pays 4M and leaves 2M."""
    rules = [
        Limit("all", "1.2", ("INRE",), Per.PERIOD, fixed("all"), state="used"),
        Share("ours", "1.3", ("INRE",), term("half")),
    ]
    terms = compiled([A], rules, {"all": 10_000_000, "half": 5_000})
    outcome = settled(terms, item("INRE", 8_000_000))
    assert outcome.contract.low == 4_000_000
    assert 10_000_000 - outcome.state_after["used"] == 2_000_000


@pytest.mark.parametrize(("loss", "pays"), [(50 * K, 24 * K), (10 * K, 0), (20_000 * K, 80 * K)])
def test_the_contract_language_example_of_a_layer_with_a_share(loss: int, pays: int) -> None:
    """80 % of 100k xs 20k on 50k, 10k and 20M."""
    rules = [deductible(fixed("attachment")), limit(fixed("layer")), Share("ours", "1.3", ("INRE",), term("fifth"))]
    terms = compiled([A], rules, {"attachment": 20 * K, "layer": 100 * K, "fifth": 2_000})
    assert settled(terms, item("INRE", loss)).contract.low == pays


def test_a_reinstated_limit_pays_each_time_up_to_itself_and_charges_for_what_it_restores() -> None:
    again = Reinstatements(term("once"), term("charge"), term("premium"))
    rule = limit(fixed("layer"), Per.PERIOD, state="layer_used", reinstatements=again)
    terms = compiled([A], [rule], {"layer": 1_000, "once": 1, "charge": 10_000, "premium": 300})
    losses, state, seen = [600, 1_500, 900], {"layer_used": 0}, []
    for loss in losses:
        outcome = settled(terms, item("INRE", loss), state=state)
        state = dict(outcome.state_after)
        seen.append((outcome.contract.low, outcome.charges["cap"]))
    # 600 is reinstated for 180; of the next 1,000 only 400 can be, for 120; then 400 of capacity are left, for nothing
    assert seen == [(600, 180), (1_000, 120), (400, 0)]


def test_free_reinstatements_charge_nothing_and_restore_the_limit_for_each_incident() -> None:
    rule = limit(fixed("layer"), Per.PERIOD, state="layer_used", reinstatements=Reinstatements(term("often")))
    terms = compiled([A], [rule], {"layer": 1_000, "often": 2})
    state, seen = {"layer_used": 0}, []
    for _ in range(4):
        outcome = settled(terms, item("INRE", 5_000), state=state)
        state = dict(outcome.state_after)
        seen.append(outcome.contract.low)
    assert seen == [1_000, 1_000, 1_000, 0]
    assert outcome.charges == {}
