"""Own experience beside the tariff: Poisson-gamma and Bühlmann say the same, and little experience says little."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal
from ringwall.risk import Credibility, Experience, ExperienceYear, credibility


def known(claims: list[int], expected_a_year: float, k: float = 2.0) -> Credibility:
    years = tuple(ExperienceYear(2020 + place, count) for place, count in enumerate(claims))
    found = credibility(Experience(years, "claims record"), expected_a_year, k)
    assert isinstance(found, Credibility), found
    return found


@given(st.lists(st.integers(0, 5), min_size=1, max_size=10), st.floats(1e-3, 2.0), st.floats(0.1, 20.0))
def test_the_posterior_mean_is_buhlmanns_weighted_mean(claims: list[int], expected: float, k: float) -> None:
    own = known(claims, expected, k)
    ratio = own.experience.claims / own.expected
    assert own.factor == pytest.approx(1 - own.weight + own.weight * ratio)
    assert 0 < own.weight < 1


def test_a_gamma_prior_gives_the_same_by_simulation() -> None:
    """Risks drawn from the prior, those with two claims in five years kept: the mean of their true factors."""
    rng = np.random.default_rng(11)
    truth = rng.gamma(2.0, 1 / 2.0, 400_000)
    counted = rng.poisson(truth * 0.3 * 5)
    kept = truth[counted == 2]
    error = kept.std() / np.sqrt(len(kept))
    assert abs(kept.mean() - known([0, 1, 0, 1, 0], 0.3).factor) <= 4 * error


def test_one_claim_of_a_small_risk_is_mostly_chance_and_of_a_large_one_is_not() -> None:
    small, large = known([1], 0.02), known([12], 6.0)
    assert small.weight < 0.02
    assert large.weight == pytest.approx(0.75)
    assert small.factor < 1.5 < large.factor
    assert known([0], 0.02).factor > 0.98


def test_years_without_claims_lower_it_and_each_claim_raises_it() -> None:
    factors = [known([claims, 0, 0], 0.2).factor for claims in range(5)]
    assert factors[0] < 1
    assert factors == sorted(factors)
    assert known([0] * 9, 0.2).factor < known([0] * 3, 0.2).factor


def test_what_was_expected_and_came_changes_nothing() -> None:
    assert known([1, 0], 0.5).factor == pytest.approx(1)


def test_half_a_year_counts_half() -> None:
    half = credibility(Experience((ExperienceYear(2025, 0, Fraction(1, 2)),), "record"), 0.4, 2.0)
    assert isinstance(half, Credibility)
    assert half.expected == pytest.approx(0.2)


@pytest.mark.parametrize(
    "years",
    [
        (ExperienceYear(2024, -1),),
        (ExperienceYear(2024, 0, Fraction(3, 2)),),
        (ExperienceYear(2024, 0), ExperienceYear(2024, 1)),
    ],
)
def test_a_record_that_cannot_be_is_refused_with_its_year(years: tuple[ExperienceYear, ...]) -> None:
    refused = credibility(Experience(years, "record"), 0.1, 2.0)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("experience_implausible", "2024")
