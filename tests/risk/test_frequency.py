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


def test_the_reference_organisation_has_the_base_frequencies(model: RiskModel) -> None:
    numbers = model.numbers(Territory.CHINA)
    for peril, rate in frequency(model, reference_profile(model)).items():
        assert rate == pytest.approx(numbers[f"frequency.{peril}"])


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
