"""Claims a year against published claim frequencies, for the populations that were counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ringwall.basics import Refusal, Words
from ringwall.exposure import Organisation
from ringwall.risk import (
    Peril,
    RiskModel,
    RiskProfile,
    Territory,
    frequency,
    profile_of,
    reference_profile,
    stratified,
    year_levels,
)

MakeProfile = Callable[..., RiskProfile]
SME_BOOK_USD = (1e6, 2e6, 5e6, 10e6, 25e6)
"""A small-business book by quintiles of revenue: most below 10M USD, none above the smallest Coalition band's edge."""


def test_the_reference_organisation_has_the_base_frequencies(model: RiskModel) -> None:
    numbers = model.numbers(Territory.CHINA)
    for peril, rate in frequency(model, reference_profile(model)).items():
        assert rate == pytest.approx(numbers[f"frequency.{peril}"])


def test_k1_claim_frequency_of_a_small_business_book(model: RiskModel, western: MakeProfile) -> None:
    """K1: Coalition 1.48 %, tolerance 1.1 to 1.9 %."""
    book = [sum(frequency(model, western(revenue)).values()) for revenue in SME_BOOK_USD]
    mean = sum(book) / len(book)
    print(f"K1 claims a policy-year, small-business book: {mean:.2%} (published 1.48 %, tolerance 1.1 to 1.9 %)")
    assert 0.011 <= mean <= 0.019


def test_k2_shares_of_fraud_and_ransomware(model: RiskModel, western: MakeProfile) -> None:
    """K2: e-mail and transfer fraud 60 %, ransomware 21 %; tolerance 52 to 66 and 17 to 25 %."""
    rates = frequency(model, western(5e6))
    whole = sum(rates.values())
    fraud, ransom = (rates[Peril.FTF] + rates[Peril.BEC]) / whole, rates[Peril.RAN] / whole
    print(f"K2 share of fraud {fraud:.1%}, of ransomware {ransom:.1%} (published 60 and 21 %)")
    assert 0.52 <= fraud <= 0.66
    assert 0.17 <= ransom <= 0.25


def test_k13_a_large_firm_against_a_small_one(model: RiskModel, western: MakeProfile) -> None:
    """K13: revenue 1bn to 5M: 1.4 (IRIS) to about 6, tolerance 1.4 to 8, monotone."""
    rates = [sum(frequency(model, western(r)).values()) for r in (5e6, 20e6, 100e6, 400e6, 1e9)]
    print(f"K13 frequency at 1bn to frequency at 5M: {rates[-1] / rates[0]:.2f} (published 1.4 to about 6)")
    assert rates == sorted(rates)
    assert 1.4 <= rates[-1] / rates[0] <= 8


def test_size_stops_at_its_cap(model: RiskModel, western: MakeProfile) -> None:
    assert frequency(model, western(1e12)) == frequency(model, western(1e13))


def test_the_industry_multiplies_every_peril(model: RiskModel) -> None:
    plain = reference_profile(model)
    plant = frequency(model, replace(plain, industry="manufacturing"))
    assert all(plant[p] == pytest.approx(1.14 * rate) for p, rate in frequency(model, plain).items())


def test_year_levels_have_mean_one_and_the_filed_spread(model: RiskModel) -> None:
    levels = year_levels(model, reference_profile(model), 200_000, seed=7)
    assert levels.mean() == pytest.approx(1, abs=3e-3)
    assert levels.std() == pytest.approx(0.30, abs=3e-3)


def test_stratified_draws_fill_every_slice_once() -> None:
    drawn = stratified(1000, 3, "a", "b")
    assert sorted(np.floor(drawn * 1000).astype(int)) == list(range(1000))
    assert np.array_equal(drawn, stratified(1000, 3, "a", "b"))
    assert not np.array_equal(drawn, stratified(1000, 3, "ab"))


ORGANISATION = Organisation(
    Words("江口精密制造有限公司", "Jiangkou"),
    "91310000X",
    "manufacturing",
    "310000",
    300,
    400,
    24_000_000_000,
    Fraction(3, 10),
    1,
)
IMPLAUSIBLE = [
    ({"industry": "alchemy"}, "industry_unknown"),
    ({"revenue_minor": 0}, "figures_implausible"),
    ({"gross_profit_rate": Fraction(3, 2)}, "figures_implausible"),
    ({"records_held": -1}, "figures_implausible"),
]


@pytest.mark.parametrize(("changes", "code"), IMPLAUSIBLE)
def test_an_organisation_that_cannot_be_priced_is_refused(
    model: RiskModel, changes: dict[str, object], code: str
) -> None:
    found = profile_of(model, replace(ORGANISATION, **changes))  # type: ignore[arg-type]
    assert isinstance(found, Refusal)
    assert found.code == code
