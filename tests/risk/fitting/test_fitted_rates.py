"""Rates, the effect of size and how years differ are found again in claims drawn from known numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringwall.risk import Peril, RiskModel, Territory, stream
from ringwall.risk.fitting import BookExperience, Exposed, Lost, refit
from ringwall.risk.fitting.likelihood import likeliest
from ringwall.risk.fitting.refit import negative_binomial

FIRST, LAST = date(2022, 1, 1), date(2025, 1, 1)


def drawn(model: RiskModel, rates: dict[Peril, float], exponent: float, n: int, seed: int) -> BookExperience:
    """n Chinese firms over three years with claims at these rates and this effect of size."""
    dice, reference = stream(seed, "rates"), model.numbers(Territory.CHINA)["reference.revenue"]
    exposed, lost = [], []
    for i in range(n):
        size = float(np.exp(dice.normal(0, 1.2)))
        policy = Exposed(f"P{i}", Territory.CHINA, "average", size * reference, FIRST, LAST, 1.0)
        exposed.append(policy)
        for peril, rate in rates.items():
            for k in range(dice.poisson(rate * size**exponent * policy.years)):
                lost.append(Lost(f"{i}-{peril}-{k}", policy.policy, FIRST, peril, "", 0.0, 0.0, None))
    return BookExperience(tuple(exposed), tuple(lost), ())


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 0.1), st.floats(0.1, 0.6), st.integers(0, 1_000))
def test_rates_and_size_are_found_again(model: RiskModel, rate: float, exponent: float, seed: int) -> None:
    found = {each.name: each for each in refit(model, drawn(model, dict.fromkeys(Peril, rate), exponent, 1_500, seed))}
    size = found["frequency.size.elasticity"]
    assert np.log(size.estimate / exponent) == pytest.approx(0, abs=2.5 * np.log(size.high / size.estimate) + 1e-9)
    for peril in Peril:
        each = found[f"frequency.{peril}"]
        spread = (each.high - each.low) / 4
        assert each.estimate == pytest.approx(rate, abs=5 * spread + 0.25 * rate), "size is shrunk to the model's"
        assert each.low < each.estimate < each.high


@pytest.mark.parametrize("cv", [0.15, 0.3, 0.6])
def test_how_far_years_differ_is_found_again(cv: float) -> None:
    dice = stream(3, "years")
    mean = np.full(400, 60.0)
    counts = dice.poisson(mean * dice.gamma(1 / cv**2, cv**2, 400)).astype(float)
    found, error = likeliest(lambda at: negative_binomial(counts, mean, at), 0.02, 2.0)
    assert found == pytest.approx(cv, abs=4 * error)
    assert error < 0.15 * cv


def test_years_that_do_not_differ_say_so() -> None:
    counts = stream(4, "years").poisson(np.full(400, 60.0)).astype(float)
    found, _ = likeliest(lambda at: negative_binomial(counts, np.full(400, 60.0), at), 0.02, 2.0)
    assert found < 0.08
