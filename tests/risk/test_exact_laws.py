"""Laws that hold exactly: limited means, layers, and that a currency is only a unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.risk import (
    Peril,
    RiskModel,
    Territory,
    chance_above,
    draw_losses,
    frequency,
    layer_mean,
    limited_mean,
    mean_loss,
    reference_profile,
)

MEDIANS, SIGMAS = st.floats(1e3, 1e7), st.floats(0.3, 2.6)
AMOUNTS = st.floats(1e2, 1e9)


@given(MEDIANS, SIGMAS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_layers_add_up_to_the_layer_that_they_make(
    median: float, sigma: float, retention: float, first: float, second: float
) -> None:
    parts = layer_mean(median, sigma, first, retention) + layer_mean(median, sigma, second, retention + first)
    whole = layer_mean(median, sigma, first + second, retention)
    assert parts == pytest.approx(whole, rel=1e-9, abs=1e-9 * mean_loss(median, sigma))


@given(MEDIANS, SIGMAS, AMOUNTS)
def test_the_limited_mean_lies_under_limit_and_mean_and_is_what_is_left_of_the_mean(
    median: float, sigma: float, limit: float
) -> None:
    limited, mean = limited_mean(median, sigma, limit), mean_loss(median, sigma)
    assert 0 < limited <= min(limit, mean) * (1 + 1e-12)
    assert limited >= limit * chance_above(median, sigma, limit) * (1 - 1e-12)


@given(MEDIANS, SIGMAS, AMOUNTS, st.floats(1.01, 4))
def test_the_rate_per_limit_falls(median: float, sigma: float, limit: float, times: float) -> None:
    """LEV is concave: a limit so many times as high costs at most so many times as much."""
    assert limited_mean(median, sigma, times * limit) <= times * limited_mean(median, sigma, limit) * (1 + 1e-12)


@given(MEDIANS, SIGMAS, AMOUNTS, AMOUNTS, st.floats(0.01, 100))
def test_a_layer_is_free_of_the_currency(
    median: float, sigma: float, limit: float, retention: float, rate: float
) -> None:
    there = layer_mean(median * rate, sigma, limit * rate, retention * rate)
    here = layer_mean(median, sigma, limit, retention)
    assert there == pytest.approx(rate * here, rel=1e-6, abs=1e-9 * rate * mean_loss(median, sigma))


def in_another_currency(model: RiskModel, rate: int) -> RiskModel:
    """The same model counted in a unit of which a yuan has so many."""
    money = {"reference.usd_cny", "reference.revenue"}
    parameters = (replace(p, value=p.value * rate) if p.name in money else p for p in model.parameters)
    return replace(model, parameters=tuple(parameters))


@pytest.mark.parametrize("peril", list(Peril))
@pytest.mark.parametrize("territory", list(Territory))
def test_the_model_is_free_of_the_currency(model: RiskModel, peril: Peril, territory: Territory) -> None:
    """Frequencies, hours and records stay; every amount is so many times as high, up to the rounding of each."""
    rate, other = 7, in_another_currency(model, 7)
    here, there = reference_profile(model, territory), reference_profile(other, territory)
    assert there.revenue_minor == rate * here.revenue_minor
    assert frequency(other, there) == pytest.approx(frequency(model, here))
    ours = draw_losses(model, here, peril, 512, 3).subject
    theirs = draw_losses(other, there, peril, 512, 3).subject
    for name, column in ours.items():
        times = 1 if name.endswith(("seconds", "records")) else rate
        assert np.abs(theirs[name] - times * column).max() <= times, name
