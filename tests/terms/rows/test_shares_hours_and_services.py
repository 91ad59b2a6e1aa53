"""Shares, averaging, hours, fixed payments, services in kind and what hangs on facts, worked by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from small import START, compiled, fixed, hours, item, outage, paid, part, settled, term

from ringwall.basics import Rounding
from ringwall.terms import (
    All,
    Averaging,
    Deductible,
    Interruption,
    Limit,
    LossEvent,
    LossItem,
    Not,
    OneOf,
    ParametricTerms,
    Per,
    Share,
    ShareAdd,
    SlidingShare,
    Verdict,
)

A, B = part("INRE"), part("DIAS")
WIDE = OneOf("widespread", (True,))
BI = part("NPBI", interruption=hours())


@pytest.mark.parametrize(("mode", "pays"), [(Rounding.FLOOR, 3_333_333), (Rounding.UP, 3_333_334)])
def test_the_contract_language_example_of_a_third_rounds_as_the_product_says(mode: Rounding, pays: int) -> None:
    """One third of 100,000.00 is 33,333.33 by floor."""
    rule = Share("ours", "1.1", ("INRE",), term("two"), whole=term("three"), rounding=mode)
    terms = compiled([A], [rule], {"two": 2, "three": 3})
    assert settled(terms, item("INRE", 10_000_000)).contract.low == pays


@pytest.mark.parametrize(("loss", "pays"), [(5, 2), (15, 8), (25, 12)])
def test_a_half_goes_to_the_even_fen(loss: int, pays: int) -> None:
    terms = compiled([A], [Share("ours", "1.1", ("INRE",), term("half"))], {"half": 5_000})
    assert settled(terms, item("INRE", loss)).contract.low == pays


def test_a_share_is_rounded_on_the_running_sum_of_the_parts() -> None:
    terms = compiled([A, B], [Share("ours", "1.1", ("INRE", "DIAS"), term("half"))], {"half": 5_000})
    assert paid(settled(terms, item("INRE", 5), item("DIAS", 5))) == {"INRE": 2, "DIAS": 3}


def conditional() -> Share:
    add = ShareAdd("1.2", "ten_more", OneOf("unfixed", (True,)))
    return Share("ours", "1.1", ("INRE",), term("tenth"), (add,))


def test_a_conditional_retention_adds_ten_points_only_while_its_facts_hold() -> None:
    terms = compiled([A], [conditional()], {"tenth": 1_000, "ten_more": 1_000})
    assert settled(terms, item("INRE", 1_000), unfixed=True).contract.low == 800
    assert settled(terms, item("INRE", 1_000), unfixed=False).contract.low == 900
    open_one = settled(terms, item("INRE", 1_000))
    assert (open_one.contract.low, open_one.contract.high) == (800, 900)
    (point,) = open_one.open_points
    assert (point.item, point.clause, point.fact, point.adds_minor) == ("E", "1.2", "unfixed", 100)


@pytest.mark.parametrize(
    ("days", "pays"), [(0, 1_000), (90, 1_000), (91, 950), (180, 950), (181, 900), (365, 900), (366, 750), (9_999, 750)]
)
def test_a_sliding_share_grows_with_the_days_unpatched(days: int, pays: int) -> None:
    steps = tuple((term(f"from{n}"), term(f"share{n}")) for n in range(3))
    sliding = SlidingShare("1.2", "days_unpatched", steps)
    numbers = {"from0": 91, "share0": 500, "from1": 181, "share1": 1_000, "from2": 366, "share2": 2_500}
    terms = compiled([A], [Share("ours", "1.1", ("INRE",), sliding=sliding)], numbers)
    assert settled(terms, item("INRE", 1_000), days_unpatched=days).contract.low == pays
    open_one = settled(terms, item("INRE", 1_000))
    assert (open_one.contract.low, open_one.contract.high) == (750, 1_000)


@pytest.mark.parametrize(("value", "pays"), [(0, 900), (1_000, 900), (1_001, 899), (2_000, 450), (3_000, 300)])
def test_under_insurance_pays_as_sum_insured_to_value(value: int, pays: int) -> None:
    rule = Averaging("average", "1.1", ("INRE",), term("insured"), "value_at_risk_minor")
    terms = compiled([A], [rule], {"insured": 1_000}, takes_away=frozenset({"1.1"}))
    assert settled(terms, item("INRE", 900), value_at_risk_minor=value).contract.low == pays
    void = settled(terms, item("INRE", 900), void=frozenset({"1.1"}), value_at_risk_minor=value)
    assert void.contract.low == 900
    open_one = settled(terms, item("INRE", 900))
    assert open_one.contract.high == 900
    assert open_one.open_points[0].fact == "value_at_risk_minor"


@pytest.mark.parametrize(
    ("mode", "pays"), [(1, 10 * 3600), (2, 22 * 3600 - 40_000), (3, 22 * 3600 - 43_200), (4, 10 * 3600 - 40_000)]
)
def test_the_four_retention_modes_of_an_interruption(mode: int, pays: int) -> None:
    terms = compiled([part("NPBI", interruption=hours(), deductible=term("D"))], [], {"mode": mode, "D": 40_000})
    assert settled(terms, outage("NPBI", 22 * 3600, 3600)).contract.low == max(pays, 0)


@pytest.mark.parametrize(("seconds", "pays"), [(43_199, 0), (43_200, 0), (43_201, 43_201), (86_400, 86_400)])
def test_a_waiting_period_used_as_trigger_pays_from_the_first_minute(seconds: int, pays: int) -> None:
    terms = compiled([part("NPBI", interruption=hours(trigger=True))], [], {})
    outcome = settled(terms, outage("NPBI", seconds, 3_600))
    assert outcome.contract.low == pays
    assert outcome.within_cover.low == pays
    right = (Verdict.COVERED, "g.NPBI") if pays else (Verdict.EXCLUDED, "c.wait")
    assert (outcome.items[0].verdict, outcome.items[0].clause) == right


def test_a_trigger_keeps_the_money_retention() -> None:
    bi = part("NPBI", interruption=hours(trigger=True), deductible=term("D"))
    terms = compiled([bi], [], {"mode": 4, "D": 1_000})
    assert settled(terms, outage("NPBI", 43_201, 3_600)).contract.low == 42_201


def test_hours_are_elapsed_time_where_the_clocks_change() -> None:
    start = datetime.fromisoformat("2026-10-24T20:00:00+02:00")
    end = datetime.fromisoformat("2026-10-25T20:00:00+01:00")
    spell = LossItem("Frankfurt", "NPBI", None, {}, Interruption(start, end, 620_000))
    assert settled(compiled([BI], [], {}), spell).contract.low == 13 * 620_000


@pytest.mark.parametrize(("after_waiting", "pays"), [(False, 36), (True, 48)])
def test_the_indemnity_period_runs_from_the_start_or_from_the_end_of_waiting(after_waiting: bool, pays: int) -> None:
    terms = compiled([part("NPBI", interruption=hours(after_waiting=after_waiting))], [], {"days": 2})
    outcome = settled(terms, outage("NPBI", 100 * 3_600, 1))
    assert outcome.contract.low == pays
    assert outcome.within_cover.low == pays + 12


def test_saved_cost_a_part_of_output_and_credits_are_taken_off_to_the_fen() -> None:
    spell = outage("NPBI", 24 * 3_600, 2_500_100, share_lost=Fraction(2, 5), credits_minor=1_500_000)
    outcome = settled(compiled([BI], [], {}), spell)
    assert outcome.contract.low == 12 * 1_000_040 - 1_500_000
    assert outcome.factual_minor == 24 * 1_000_040


def test_the_factual_loss_may_be_stated_net_of_credits() -> None:
    bi = part("NPBI", interruption=hours(net_of_credits=True))
    outcome = settled(compiled([bi], [], {}), outage("NPBI", 24 * 3_600, 100, credits_minor=500))
    assert (outcome.factual_minor, outcome.within_cover.low, outcome.contract.low) == (1_900, 1_900, 700)


@pytest.mark.parametrize(("seconds", "pays"), [(28_799, 0), (28_800, 100), (86_399, 100), (86_400, 250)])
def test_a_fixed_payment_depends_on_the_length_of_the_trigger_alone(seconds: int, pays: int) -> None:
    terms = ParametricTerms("2.1", ((term("eight"), term("little")), (term("day"), term("much"))))
    numbers = {"eight": 8, "little": 100, "day": 24, "much": 250}
    outcome = settled(compiled([part("NPBI", parametric=terms)], [], numbers), outage("NPBI", seconds, 0))
    assert (outcome.contract.low, outcome.within_cover.low, outcome.factual_minor) == (pays, pays, 0)
    assert outcome.items[0].verdict is (Verdict.COVERED if pays else Verdict.EXCLUDED)


def wide_rules() -> list[Deductible | Limit | Share]:
    return [
        Deductible("plain_keep", "1.1", ("INRE",), Per.PART, fixed("keep"), when=Not(WIDE)),
        Deductible("wide_keep", "1.2", ("INRE",), Per.PART, fixed("more"), when=WIDE),
        Limit("plain_cap", "1.3", ("INRE",), Per.EVENT, fixed("cap"), when=Not(WIDE)),
        Limit("wide_cap", "1.4", ("INRE",), Per.PERIOD, fixed("less"), when=WIDE, state="wide_used"),
        Share("wide_share", "1.5", ("INRE",), term("half"), when=WIDE),
    ]


def test_a_widespread_event_has_its_own_retention_limit_and_share() -> None:
    numbers = {"keep": 10, "more": 50, "cap": 1_000, "less": 300, "half": 5_000}
    terms = compiled([A], wide_rules(), numbers)
    plain = settled(terms, item("INRE", 800), widespread=False)
    wide = settled(terms, item("INRE", 800), widespread=True)
    assert (plain.contract.low, plain.state_after["wide_used"]) == (790, 0)
    assert (wide.contract.low, wide.state_after["wide_used"]) == (150, 300)
    open_one = settled(terms, item("INRE", 800))
    assert (open_one.contract.low, open_one.contract.high) == (150, 790)
    (point,) = open_one.open_points
    assert (point.fact, point.adds_minor) == ("widespread", 640)


def test_defence_costs_stand_outside_the_limit_or_inside_it() -> None:
    defence = part("DEFENCE", within="LIA", when=OneOf("kind", ("defence",)))
    cap = Limit("cap", "1.2", ("LIA",), Per.EVENT, fixed("limit"))
    numbers = {"limit": 100, "defence_limit": 50}
    on_top = Limit("on_top", "1.3", ("DEFENCE",), Per.EVENT, fixed("defence_limit"))
    items = [item("LIA", 120, "damages", kind="damages"), item("LIA", 60, "counsel", kind="defence")]
    outside = settled(compiled([part("LIA"), defence], [cap, on_top], numbers), *items)
    assert paid(outside) == {"LIA": 100, "DEFENCE": 50}
    inside = Limit("cap", "1.2", ("LIA", "DEFENCE"), Per.EVENT, fixed("limit"))
    assert settled(compiled([part("LIA"), defence], [inside], numbers), *items).contract.low == 100


def test_services_in_kind_draw_down_units_and_leave_the_cash_aggregate_alone() -> None:
    services = part("SERVICE", in_kind=True)
    rules = [
        Limit("units", "3.1", ("SERVICE",), Per.PERIOD, fixed("units"), state="units_used"),
        Limit("all", "3.2", ("INRE",), Per.PERIOD, fixed("all"), state="all_used"),
    ]
    terms = compiled([A, services], rules, {"units": 10, "all": 500})
    first = settled(terms, item("SERVICE", 7), item("INRE", 400))
    second = settled(terms, item("SERVICE", 7), item("INRE", 400), state=first.state_after)
    assert [o.in_kind[0].payable.low for o in (first, second)] == [7, 3]
    assert [o.contract.low for o in (first, second)] == [400, 100]
    assert second.state_after == {"units_used": 10, "all_used": 500}
    assert (first.factual_minor, first.payable.low) == (400, 400)


def test_a_quota_share_is_rounded_on_the_running_total_of_the_period() -> None:
    rule = Share("ceded", "1.1", ("LOSS",), term("kept"), state="seen")
    terms = compiled([part("LOSS")], [rule], {"kept": 7_000})
    state, seen = {"seen": 0}, []
    for _ in range(10):
        outcome = settled(terms, item("LOSS", 1), state=state)
        state = dict(outcome.state_after)
        seen.append(outcome.contract.low)
    assert (sum(seen), state["seen"]) == (3, 10)
    assert seen == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0]  # R(0.3 n): 0 1 1 1 2 2 2 2 3 3


def test_a_surplus_cedes_what_lies_above_the_line() -> None:
    rule = Share("surplus", "1.1", ("LOSS",), term("line"), whole=term("insured"))
    terms = compiled([part("LOSS")], [rule], {"line": 2_000, "insured": 5_000})
    assert settled(terms, item("LOSS", 1_000)).contract.low == 600
    small = compiled([part("LOSS")], [rule], {"line": 2_000, "insured": 1_500})
    assert settled(small, item("LOSS", 1_000)).contract.low == 0


def test_excess_of_loss_for_each_risk_then_for_the_event_then_stop_loss() -> None:
    rules = [
        Deductible("risk_keep", "1", ("LOSS",), Per.ITEM, fixed("risk_keep")),
        Limit("risk_layer", "1", ("LOSS",), Per.ITEM, fixed("risk_layer")),
        Deductible("event_keep", "2", ("LOSS",), Per.EVENT, fixed("event_keep")),
        Limit("event_layer", "2", ("LOSS",), Per.EVENT, fixed("event_layer")),
        Deductible("year_keep", "3", ("LOSS",), Per.PERIOD, fixed("year_keep"), state="year_kept"),
        Limit("year_layer", "3", ("LOSS",), Per.PERIOD, fixed("year_layer"), state="year_used"),
    ]
    numbers = {
        "risk_keep": 100,
        "risk_layer": 400,
        "event_keep": 200,
        "event_layer": 1_000,
        "year_keep": 300,
        "year_layer": 500,
    }
    terms = compiled([part("LOSS")], rules, numbers)
    first = settled(terms, item("LOSS", 450), item("LOSS", 900), item("LOSS", 80))  # 350 + 400 − 200 = 550 − 300
    assert first.contract.low == 250
    second = settled(terms, item("LOSS", 900), item("LOSS", 901), state=first.state_after)  # 800 − 200, 250 left
    assert second.contract.low == 250
    assert second.state_after == {"year_kept": 300, "year_used": 500}


def test_an_item_rule_may_hang_on_the_facts_of_each_item() -> None:
    pr = All((OneOf("kind", ("pr",)),))
    rule = Limit("pr", "1.1", ("INRE",), Per.ITEM, fixed("small"), when=pr)
    terms = compiled([A], [rule], {"small": 10})
    assert settled(terms, item("INRE", 50, kind="pr"), item("INRE", 60, kind="law")).contract.low == 70


def test_mitigation_cost_comes_on_top_up_to_its_own_limit() -> None:
    mitigation = part("MIT", statutory=True, limit=term("own"))
    rules = [Limit("cap", "1", ("INRE",), Per.EVENT, fixed("cap"))]
    terms = compiled([A, mitigation], rules, {"cap": 100, "own": 30})
    outcome = settled(terms, item("INRE", 500), item("MIT", 40))
    assert (outcome.contract.low, outcome.statutory.low) == (100, 30)


def test_several_interruptions_each_bear_their_own_waiting_period_and_item_rules() -> None:
    rule = Limit("each", "1", ("NPBI",), Per.ITEM, fixed("each"))
    terms = compiled([BI], [rule], {"each": 5})
    spells = [outage("NPBI", h * 3_600, 1, START + timedelta(days=h)) for h in (13, 20)]
    event = LossEvent("E", {}, tuple(spells))
    assert settled(terms, *event.items).contract.low == 1 + 5
