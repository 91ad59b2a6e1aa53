"""The cheapest set of fixes: exact, by the code of the quote, and honest where a target is out of reach."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.price.priced_case import finding, standing

from ringwall.basics import Refusal
from ringwall.evidence import ControlStanding, Finding, Standing
from ringwall.price import FixPlan, Mended, PricingBasis, all_fixed, cheapest_fixes, fixes, mend
from ringwall.risk import RiskModel, SignalKind

CONTROLS = ("edr", "mfa_remote", "mfa_admin", "hardening", "network_segmentation", "patch_critical", "logging")
FINDINGS = ("unauthenticated_store", "rdp_exposed", "telnet_open", "expired_certificate", "git_exposed")
Evidence = tuple[tuple[ControlStanding, ...], tuple[Finding, ...]]


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    standings = [standing(code, draw(st.sampled_from(list(Standing)))) for code in CONTROLS]
    shown = draw(st.sets(st.sampled_from(FINDINGS), max_size=3))
    return tuple(standings), tuple(finding(code, f"host:{code}") for code in sorted(shown))


def by_brute_force(basis: PricingBasis, known: Evidence, target: int, costs: dict[str, int]) -> tuple[int, int, int]:
    """Every subset of the list."""
    codes = [fix.code for fix in fixes(basis, *known)]
    ranks = []
    for size in range(len(codes) + 1):
        for chosen in combinations(codes, size):
            gross = mend(basis, *known, chosen).gross_minor
            if gross is not None and gross <= target:
                ranks.append((sum(costs[code] for code in chosen), size, gross))
    return min(ranks)


@given(evidence(), st.integers(0, 100), st.lists(st.integers(0, 9), min_size=12, max_size=12))
@settings(max_examples=25, deadline=None)
def test_no_other_set_is_cheaper(basis: PricingBasis, known: Evidence, place: int, prices: list[int]) -> None:
    least, _ = all_fixed(basis, *known)
    now = mend(basis, *known, ()).gross_minor or 2 * (least or 0)
    assert least is not None
    target = least + (now - least) * place // 100
    costs = dict(zip((*CONTROLS, *FINDINGS), prices, strict=True))
    plan = cheapest_fixes(basis, *known, target_minor=target, costs=costs)
    assert isinstance(plan, FixPlan)
    assert plan.after.gross_minor is not None
    rank = (plan.cost, len(plan.fixes), plan.after.gross_minor)
    assert rank == by_brute_force(basis, known, target, costs)


def test_two_weaknesses_of_one_group_save_together_what_neither_saves_alone(basis: PricingBasis) -> None:
    """Each of two open doors by itself changes nothing, so that a sum of effects would find no plan at all."""
    doors = (finding("rdp_exposed", "gw:3389"), finding("vpn_exposed_risky", "gw:443"))
    before = mend(basis, (), doors, ())
    both = mend(basis, (), doors, ("rdp_exposed", "vpn_exposed_risky"))
    assert before.gross_minor is not None
    assert both.gross_minor is not None
    plan = cheapest_fixes(basis, (), doors, target_minor=both.gross_minor)
    assert isinstance(plan, FixPlan)
    assert {fix.code for fix in plan.fixes} == {"rdp_exposed", "vpn_exposed_risky"}
    assert sum(fix.effect_minor or 0 for fix in plan.fixes) > both.gross_minor - before.gross_minor
    assert plan.effect_minor == both.gross_minor - before.gross_minor


def test_a_premium_that_is_reached_already_needs_no_fix(basis: PricingBasis) -> None:
    known = ((standing("edr", Standing.BROKEN),), ())
    plan = cheapest_fixes(basis, *known, target_minor=10**12)
    assert isinstance(plan, FixPlan)
    assert (plan.fixes, plan.cost, plan.effect_minor) == ((), 0, 0)


def test_a_target_out_of_reach_is_refused_with_how_far_the_list_goes(basis: PricingBasis) -> None:
    refused = cheapest_fixes(basis, (standing("edr", Standing.BROKEN),), (), target_minor=300_000)
    assert isinstance(refused, Refusal)
    assert refused.code == "target_out_of_reach"
    assert "3,000.00" in refused.message.zh


def test_a_risk_above_the_filed_range_finds_its_way_back_to_a_price(basis: PricingBasis, model: RiskModel) -> None:
    """Seventeen broken controls and two open doors: the fewest fixes after which there is a premium at all."""
    codes = [code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL]
    broken = tuple(standing(code, Standing.BROKEN) for code in codes)
    known = (broken, (finding("rdp_exposed"), finding("unauthenticated_store")))
    assert mend(basis, *known, ()).gross_minor is None
    plan = cheapest_fixes(basis, *known)
    assert isinstance(plan, FixPlan)
    assert plan.effect_minor is None
    assert plan.after.gross_minor is not None
    listed = [fix.code for fix in fixes(basis, *known)]
    for fewer in combinations(listed, plan.cost - 1):
        assert mend(basis, *known, fewer).gross_minor is None


def test_what_somebody_has_to_accept_can_be_asked_for(basis: PricingBasis) -> None:
    """An authority that wants every door closed is another condition on the same search."""
    doors = (finding("rdp_exposed"), finding("telnet_open", "gw:23"))

    def closed(mended: Mended) -> bool:
        return not mended.findings

    plan = cheapest_fixes(basis, (standing("edr", Standing.BROKEN),), doors, accepts=closed)
    assert isinstance(plan, FixPlan)
    assert {fix.code for fix in plan.fixes} == {"rdp_exposed", "telnet_open"}


@pytest.mark.parametrize("place", [5, 50, 95])
def test_a_long_list_is_still_searched_to_the_end(basis: PricingBasis, model: RiskModel, place: int) -> None:
    codes = [code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL]
    unknown = tuple(standing(code, Standing.UNKNOWN) for code in codes)
    least, _ = all_fixed(basis, unknown, ())
    now = mend(basis, unknown, (), ()).gross_minor
    assert least is not None
    assert now is not None
    plan = cheapest_fixes(basis, unknown, (), target_minor=least + (now - least) * place // 100)
    assert isinstance(plan, FixPlan)
    assert 0 < plan.cost <= len(codes)
