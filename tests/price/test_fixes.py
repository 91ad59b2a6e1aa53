"""The fix list: the same code, run again without the weakness."""

from __future__ import annotations

import pytest
from tests.price.priced_case import finding, standing

from ringwall.basics import Refusal
from ringwall.evidence import ControlStanding, Finding, FindingStatus, Standing
from ringwall.price import PricedRisk, PricingBasis, all_fixed, fixes, price_risk
from ringwall.risk import RiskModel, SignalKind, relief_steps

STANDINGS = (
    standing("mfa_remote", Standing.HELD),
    standing("edr", Standing.UNKNOWN),
    standing("network_segmentation", Standing.BROKEN),
    standing("patch_critical", Standing.UNKNOWN),
    standing("not_a_signal", Standing.BROKEN),
)
FINDINGS = (finding("unauthenticated_store"), finding("rdp_exposed", "gw:3389"), finding("rdp_exposed", "plant:3389"))


def gross(basis: PricingBasis, standings: tuple[ControlStanding, ...], findings: tuple[Finding, ...]) -> int:
    price = price_risk(basis, relief_steps(basis.model, standings, findings))
    assert isinstance(price, PricedRisk), price
    return price.gross_minor


def test_every_open_weakness_and_every_control_not_held_is_listed_once(basis: PricingBasis) -> None:
    found = fixes(basis, STANDINGS, FINDINGS)
    assert {(fix.code, fix.was) for fix in found} == {
        ("unauthenticated_store", "open"),
        ("rdp_exposed", "open"),
        ("edr", "unknown"),
        ("network_segmentation", "broken"),
        ("patch_critical", "unknown"),
    }
    assert next(fix for fix in found if fix.code == "rdp_exposed").subjects == (
        "rdp_exposed@gw:3389",
        "rdp_exposed@plant:3389",
    )


def test_the_effect_is_the_price_after_less_the_price_before(basis: PricingBasis) -> None:
    found = {fix.code: fix for fix in fixes(basis, STANDINGS, FINDINGS)}
    closed = found["rdp_exposed"]
    assert closed.premium_before_minor == gross(basis, STANDINGS, FINDINGS)
    assert closed.premium_after_minor == gross(basis, STANDINGS, FINDINGS[:1])
    assert closed.effect_minor == closed.premium_after_minor - closed.premium_before_minor < 0
    with_patches = (*STANDINGS[:3], standing("patch_critical", Standing.HELD), STANDINGS[4])
    assert found["patch_critical"].premium_after_minor == gross(basis, with_patches, FINDINGS)


def test_the_best_fix_comes_first_and_none_costs_more(basis: PricingBasis) -> None:
    effects = [fix.effect_minor for fix in fixes(basis, STANDINGS, FINDINGS)]
    assert effects == sorted(effects, key=lambda effect: effect or 0)
    assert all(effect is not None and effect <= 0 for effect in effects)


def test_an_unknown_control_asks_for_evidence_and_a_broken_one_for_a_test(basis: PricingBasis) -> None:
    steps = {fix.code: fix.next_step for fix in fixes(basis, STANDINGS, FINDINGS)}
    assert "evidence" in steps["edr"].en
    assert "tested" in steps["network_segmentation"].en
    assert steps["rdp_exposed"].zh == "请关闭"


def test_closing_a_finding_holds_the_control_that_it_broke(basis: PricingBasis) -> None:
    broken = (standing("stores_authenticated", Standing.BROKEN), standing("remote_access_closed", Standing.BROKEN))
    found = {fix.code: fix for fix in fixes(basis, broken, FINDINGS)}
    assert set(found) == {"unauthenticated_store", "rdp_exposed"}, "the controls have no line of their own"
    mended = (standing("stores_authenticated", Standing.HELD), broken[1])
    assert found["unauthenticated_store"].premium_after_minor == gross(basis, mended, FINDINGS[1:])
    telnet = (*FINDINGS[1:], finding("telnet_open", "gw:23"))
    still = {fix.code: fix for fix in fixes(basis, broken[1:], telnet)}
    assert still["rdp_exposed"].premium_after_minor == gross(basis, broken[1:], telnet[-1:])


def test_a_resolved_finding_is_no_longer_listed(basis: PricingBasis) -> None:
    resolved = finding("rdp_exposed", "gw:3389", FindingStatus.RESOLVED)
    assert fixes(basis, (), (resolved,)) == ()


def test_a_risk_above_the_filed_range_still_sees_what_to_mend(basis: PricingBasis, model: RiskModel) -> None:
    codes = [code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL]
    broken = tuple(standing(code, Standing.BROKEN) for code in codes)
    assert isinstance(price_risk(basis, relief_steps(model, broken, FINDINGS)), Refusal)
    found = fixes(basis, broken, FINDINGS)
    assert found
    assert all(fix.premium_before_minor is None and fix.effect_minor is None for fix in found)
    premium, factor = all_fixed(basis, broken, FINDINGS)
    assert premium is not None
    assert factor < 1


def test_all_fixed_together_is_the_price_with_every_control_held(basis: PricingBasis) -> None:
    premium, factor = all_fixed(basis, STANDINGS, FINDINGS)
    held = tuple(standing(s.control, Standing.HELD) for s in STANDINGS)
    assert premium == gross(basis, held, ())
    assert factor == pytest.approx(float(factor))
