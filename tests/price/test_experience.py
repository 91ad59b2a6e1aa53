"""Own experience in the price: one bounded factor on the insured's own events, with its step in the waterfall."""

from __future__ import annotations

import pytest
from tests.price.priced_case import standing

from ringwall.basics import Refusal
from ringwall.evidence import Standing
from ringwall.price import PricedRisk, PricingBasis, charge_for, fixes, price_risk, with_experience, year_of
from ringwall.risk import Experience, ExperienceYear, Peril, relief_steps


def had(basis: PricingBasis, *claims: int) -> PricingBasis:
    years = tuple(ExperienceYear(2020 + place, count) for place, count in enumerate(claims))
    found = with_experience(basis, Experience(years, "loss record of the insured"))
    assert isinstance(found, PricingBasis), found
    return found


def priced(basis: PricingBasis) -> PricedRisk:
    found = price_risk(basis, relief_steps(basis.model, [standing("edr", Standing.HELD)], []))
    assert isinstance(found, PricedRisk), found
    return found


def test_claims_raise_the_premium_by_a_step_of_their_own_that_sums_to_the_fen(basis: PricingBasis) -> None:
    plain, worse = priced(basis), priced(had(basis, 0, 1, 1, 0, 1))
    steps = {step.code: step for step in worse.waterfall.steps}
    assert "experience" not in {step.code for step in plain.waterfall.steps}
    assert steps["experience"].amount_minor > 0
    assert "3 claims in 5 years" in steps["experience"].because.en
    assert "loss record" in steps["experience"].source
    assert worse.waterfall.total_minor == worse.gross_minor > plain.gross_minor
    assert worse.base_net_minor == plain.base_net_minor, "the filed base knows no experience"


def test_the_factor_stays_inside_what_was_filed(basis: PricingBasis) -> None:
    many, none = had(basis, *[4] * 10), had(basis, *[0] * 10)
    for based, bound in ((many, basis.rates.experience.high), (none, basis.rates.experience.low)):
        relief = charge_for(based, ()).relief
        assert based.experience is not None
        factor = relief.by_peril[Peril.RAN]
        assert min(based.experience.factor, float(bound)) <= factor <= max(based.experience.factor, float(bound))
        assert float(basis.rates.experience.low) <= factor <= float(basis.rates.experience.high)
    assert charge_for(many, ()).relief.by_peril[Peril.RAN] == pytest.approx(1.3)


def test_common_shocks_do_not_follow_own_experience(basis: PricingBasis) -> None:
    relief = charge_for(had(basis, 4, 4, 4), ()).relief
    assert set(relief.by_peril) == {peril.value for peril in Peril}


def test_the_year_and_the_fix_list_rest_on_the_same_frequency(basis: PricingBasis) -> None:
    worse = had(basis, 2, 2)
    better, bad = (year_of(each, charge_for(each, ()).relief) for each in (basis, worse))
    assert better is not None
    assert bad is not None
    assert bad.mean > better.mean
    unknown = (standing("edr", Standing.UNKNOWN),)
    assert fixes(worse, unknown, ())[0].premium_after_minor == priced(worse).gross_minor


def test_an_implausible_record_is_refused(basis: PricingBasis) -> None:
    assert isinstance(with_experience(basis, Experience((ExperienceYear(2024, -1),), "record")), Refusal)
