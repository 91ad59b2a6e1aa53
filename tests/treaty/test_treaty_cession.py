"""Treaty arithmetic against scenario B (two event layers with reinstatement) and against its own laws."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.treaty import (
    AnnualStopLoss,
    EventDefinition,
    EventExcess,
    PolicyPayment,
    Programme,
    QuotaShare,
    SubjectLoss,
    TreatyState,
    apply_programme,
    back_to_back,
    cede,
    find_event,
)

EVENT = EventDefinition(hours_window=72, min_policies_with_payment=3)
L1 = EventExcess("L1", 100_000_000, 50_000_000, Fraction(1), 6_000_000, (Fraction(1),), EVENT)
L2 = EventExcess("L2", 150_000_000, 100_000_000, Fraction(4, 5), 4_500_000, (Fraction(1),), EVENT)
BOTH = Programme(((L1, L2),))

PAYABLE = {
    "P01": 8_000_000,
    "P03": 30_000_000,
    "P05": 12_345_670,
    "P08": 0,
    "P11": 0,
    "P14": 65_000_000,
    "P17": 52_357_468,
    "P20": 10_500_000,
}
FIRST = "2026-11-11T02:00:00+08:00"


def payments(down: dict[str, str] | None = None) -> list[PolicyPayment]:
    began = dict.fromkeys(PAYABLE, FIRST) if down is None else down
    hit = [PolicyPayment(p, "V", datetime.fromisoformat(at), PAYABLE[p]) for p, at in began.items()]
    own_fault = PolicyPayment("P07", "switch-gear", datetime.fromisoformat(FIRST), 10_000_000)
    return [*hit, own_fault]


def with_p17_from(instant: str) -> dict[str, str]:
    return {**dict.fromkeys(PAYABLE, FIRST), "P17": instant}


SCENARIO_B = {
    # variant: (interruptions, subject, with payment, recovery, reinstatement premium, net of recovery)
    "B": (None, 178_203_138, 6, 72_562_510, 7_015_313, 105_640_628),
    "B2": ({"P14": FIRST, "P17": FIRST}, 0, 2, 0, 0, 117_357_468),
    "B3": (with_p17_from("2026-11-14T03:00:00+08:00"), 125_845_670, 5, 25_845_670, 3_101_480, 152_357_468),
    "B4": (with_p17_from("2026-11-14T01:59:59+08:00"), 178_203_138, 6, 72_562_510, 7_015_313, 105_640_628),
}


@pytest.mark.parametrize("variant", SCENARIO_B)
def test_the_two_layer_treaty_of_scenario_b_gives_its_numbers(variant: str) -> None:
    down, subject, paying, recovery, premium, net = SCENARIO_B[variant]
    event = find_event(EVENT, "V", payments(down))
    assert (event.subject_minor, event.policies_with_payment) == (subject, paying)
    (after,) = apply_programme(BOTH, [SubjectLoss(event.subject_minor, event.policies_with_payment)])
    assert (after.recovery_minor, after.reinstatement_premium_minor) == (recovery, premium)
    whole = sum(p.payable_minor for p in payments(down) if p.cause == "V")
    assert whole - after.recovery_minor == net


LAYERS = {
    # subject: (layer loss, recovery, reinstatement premium, capacity left) of L1, of L2
    178_203_138: (
        (50_000_000, 50_000_000, 6_000_000, 50_000_000),
        (28_203_138, 22_562_510, 1_015_313, 171_796_862),
    ),
    125_845_670: ((25_845_670, 25_845_670, 3_101_480, 74_154_330), (0, 0, 0, 200_000_000)),
}


@pytest.mark.parametrize("subject", LAYERS)
def test_each_layer_of_scenario_b_gives_loss_recovery_premium_and_capacity(subject: int) -> None:
    for layer, expected in zip((L1, L2), LAYERS[subject], strict=True):
        c = cede(layer, TreatyState(), subject)
        found = (c.layer_minor, c.recovery_minor, c.reinstatement_premium_minor, c.capacity_left_minor)
        assert found == expected


def test_a_loss_begun_at_the_end_of_the_hours_window_is_outside() -> None:
    event = find_event(EVENT, "V", payments(with_p17_from("2026-11-14T02:00:00+08:00")))
    assert event.outside == ("P17",)


def test_scenario_b_is_not_back_to_back_and_names_both_differences() -> None:
    assert back_to_back(EventDefinition(), EVENT) == ("hours_window", "min_policies_with_payment")
    assert back_to_back(EVENT, EVENT) == ()


def test_another_war_clause_than_the_policys_is_a_difference_of_scenario_g() -> None:
    policy, treaty = EventDefinition(war_clause="write-back by place"), EventDefinition(war_clause="no cyber operation")
    assert back_to_back(policy, treaty) == ("war_clause",)


def test_the_quota_share_of_scenario_g_takes_three_tenths_half_even() -> None:
    assert cede(QuotaShare("Q", Fraction(3, 10)), TreatyState(), 75_960_055).recovery_minor == 22_788_016


def test_the_second_event_finds_what_the_first_has_left() -> None:
    losses = [SubjectLoss(400_000_000, 9)] * 3
    layers = [[c.layer_minor for c in net.cessions] for net in apply_programme(BOTH, losses)]
    assert layers == [[50_000_000, 100_000_000], [50_000_000, 100_000_000], [0, 0]]


def test_only_reinstated_capacity_is_charged_and_free_reinstatements_cost_nothing() -> None:
    layer = EventExcess("F", 0, 100, Fraction(1), 1_000, (Fraction(0), Fraction(1, 2)))
    losses = [SubjectLoss(100)] * 4
    nets = apply_programme(Programme(((layer,),)), losses)
    assert [n.recovery_minor for n in nets] == [100, 100, 100, 0]
    assert [n.reinstatement_premium_minor for n in nets] == [0, 500, 0, 0]


def test_a_later_step_acts_on_what_the_earlier_one_leaves() -> None:
    share, stop = QuotaShare("Q", Fraction(1, 2)), AnnualStopLoss("S", 100, 1_000)
    inuring = apply_programme(Programme(((share,), (stop,))), [SubjectLoss(300)])
    beside = apply_programme(Programme(((share, stop),)), [SubjectLoss(300)])
    assert [c.recovery_minor for c in inuring[0].cessions] == [150, 50]
    assert [c.recovery_minor for c in beside[0].cessions] == [150, 200]


def test_the_stop_loss_waits_for_the_sum_of_the_year() -> None:
    stop = Programme(((AnnualStopLoss("S", 100, 150),),))
    assert [n.recovery_minor for n in apply_programme(stop, [SubjectLoss(80)] * 4)] == [0, 60, 80, 10]


shares = st.fractions(min_value=0, max_value=1, max_denominator=97)
amounts = st.lists(st.integers(0, 10**12), min_size=1, max_size=12)


@given(shares, amounts)
def test_a_year_of_quota_share_recoveries_stays_within_one_fen_of_the_exact_share(
    share: Fraction, losses: list[int]
) -> None:
    nets = apply_programme(Programme(((QuotaShare("Q", share),),)), [SubjectLoss(x) for x in losses])
    assert abs(sum(n.recovery_minor for n in nets) - share * sum(losses)) <= Fraction(1, 2)


@given(shares, st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 3), amounts)
def test_no_programme_recovers_more_than_the_loss_or_than_its_capacity(
    placed: Fraction, attachment: int, limit: int, reinstatements: int, losses: list[int]
) -> None:
    layer = EventExcess("L", attachment, limit, placed, 1_000, (Fraction(1),) * reinstatements)
    stop = AnnualStopLoss("S", attachment, limit, placed)
    nets = apply_programme(Programme(((QuotaShare("Q", placed),), (layer,), (stop,))), [SubjectLoss(x) for x in losses])
    assert all(0 <= n.net_minor <= n.gross_minor for n in nets)
    assert sum(n.cessions[1].layer_minor for n in nets) <= layer.capacity_minor


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 10**9))
def test_two_layers_on_top_of_each_other_are_one_high_layer(attachment: int, limit: int, more: int) -> None:
    loss = attachment + more
    low, high = EventExcess("A", attachment, limit), EventExcess("B", attachment + limit, limit)
    whole = EventExcess("W", attachment, 2 * limit)
    parts = [cede(layer, TreatyState(), loss).recovery_minor for layer in (low, high)]
    assert sum(parts) == cede(whole, TreatyState(), loss).recovery_minor
