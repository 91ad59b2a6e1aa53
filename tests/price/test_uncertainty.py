"""What the grades of the model's numbers mean for the price."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest

from ringwall.price import PricingBasis, Uncertainty, charge_for, technical_interval, uncertainty_of
from ringwall.risk import NO_RELIEF, Grade, Peril


@pytest.fixture(scope="module")
def known(basis: PricingBasis) -> Uncertainty:
    return uncertainty_of(basis)


def elasticities(known: Uncertainty) -> dict[str, float]:
    return {each.name: each.elasticity for each in known.sensitivities}


def test_the_expected_loss_moves_with_each_frequency_by_its_share(known: Uncertainty) -> None:
    """All frequencies of perils move it as the industry's factor does; with the shocks' rates that is everything."""
    moved = elasticities(known)
    perils = sum(moved.get(f"frequency.{peril}", 0.0) for peril in Peril)
    rates = sum(value for name, value in moved.items() if name.endswith(".rate"))
    assert perils + rates == pytest.approx(1, abs=2e-2)
    assert perils == pytest.approx(moved["frequency.industry.manufacturing"], abs=2e-2)


def test_a_level_of_cost_moves_less_than_in_proportion_and_a_longer_outage_costs_more(known: Uncertainty) -> None:
    moved = elasticities(known)
    assert 0 < moved["severity.cost_level"] < 1
    assert moved["severity.RAN.NPBI.hours.median"] > 0
    assert moved["severity.RAN.NPBI.degradation.beta"] < 0


def test_only_numbers_that_are_in_the_mean_are_named(known: Uncertainty) -> None:
    names = elasticities(known)
    assert not [name for name in names if name.startswith(("reference.", "relief.", "frequency.year_level"))]
    assert [name for name in names if name.startswith("frequency.industry.")] == ["frequency.industry.manufacturing"]
    assert not [name for name in names if "RANSOM" in name], "a reference column moves nothing"


def test_spreads_add_in_squares_and_the_most_telling_stand_first(known: Uncertainty) -> None:
    spreads = [each.spread for each in known.sensitivities]
    assert spreads == sorted(spreads, reverse=True)
    assert known.sigma == pytest.approx(math.sqrt(sum(spread**2 for spread in spreads)))
    print(f"sigma of the expected loss {known.sigma:.2f}; first: {known.sensitivities[0].name}")


def test_better_grades_give_a_narrower_interval(basis: PricingBasis, known: Uncertainty) -> None:
    tenth = basis.rates.parameter_cv[Grade.A]
    sure = replace(basis, rates=replace(basis.rates, parameter_cv=dict.fromkeys(Grade, tenth)))
    assert uncertainty_of(sure).sigma < known.sigma / 2
    nothing = replace(tenth, value=Fraction(0))
    certain = replace(basis, rates=replace(basis.rates, parameter_cv=dict.fromkeys(Grade, nothing)))
    assert uncertainty_of(certain).interval(100.0, 0.8) == (100.0, 100.0)
    assert uncertainty_of(certain).covered(0.0) == 1.0


def test_the_interval_holds_the_technical_premium_and_the_filed_load_covers_most(
    basis: PricingBasis, known: Uncertainty
) -> None:
    low, high = technical_interval(basis, NO_RELIEF, known, 0.8)
    assert low.minor < charge_for(basis, ()).burden.technical < high.minor
    wider = technical_interval(basis, NO_RELIEF, known, 0.95)
    assert wider[0].minor < low.minor < high.minor < wider[1].minor
    covered = known.covered(float(basis.rates["uncertainty_load"]))
    print(f"80 % interval {low.minor / 100:,.0f} to {high.minor / 100:,.0f} yuan; the filed load covers {covered:.1%}")
    assert 0.8 < covered < 1
    assert known.covered(0.0) > 0.5, "the mean of a lognormal stands above its median"


def test_the_same_risk_gives_the_same_interval(basis: PricingBasis, known: Uncertainty) -> None:
    assert uncertainty_of(basis) == known
