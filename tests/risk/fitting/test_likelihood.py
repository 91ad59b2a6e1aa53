"""The likelihood under deductibles and limits: closed forms, other people's code on the same data, and recovery."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ringwall.risk import stream
from ringwall.risk.fitting import Sample, by_lifelines, exponential_rate, fit_lognormal, pareto_exponent


def lognormal_sample(
    mu: float, sigma: float, slope: float, n: int, seed: int, deductible: float, limit: float
) -> Sample:
    """n losses that exceed the deductible, cut at deductible + limit."""
    dice = stream(seed, "likelihood")
    ln_size = dice.normal(0, 1.5, 20 * n)
    loss = np.exp(mu + slope * ln_size + sigma * dice.standard_normal(20 * n))
    seen = np.flatnonzero(loss > deductible)[:n]
    assert len(seen) == n, "the deductible hides too much"
    most = deductible + limit
    kept = np.minimum(loss[seen], most)
    return Sample(kept, np.full(n, deductible), loss[seen] >= most, ln_size[seen])


@settings(max_examples=15, deadline=None)
@given(
    mu=st.floats(8, 12),
    sigma=st.floats(0.6, 2.2),
    slope=st.floats(-0.3, 0.8),
    hidden=st.floats(0.05, 0.4),
    cut=st.floats(0.85, 0.98),
    seed=st.integers(0, 10_000),
)
def test_the_fit_recovers_what_was_truncated_and_cut(
    mu: float, sigma: float, slope: float, hidden: float, cut: float, seed: int
) -> None:
    """Each number within five of its own standard errors, which are themselves small."""
    deductible, most = (float(np.exp(mu + sigma * stats.norm.ppf(p))) for p in (hidden, cut))
    found = fit_lognormal(lognormal_sample(mu, sigma, slope, 4_000, seed, deductible, most - deductible), slope=True)
    assert found.mu == pytest.approx(mu, abs=5 * found.mu_error)
    assert math.log(found.sigma / sigma) == pytest.approx(0, abs=5 * found.ln_sigma_error)
    assert found.slope == pytest.approx(slope, abs=5 * found.slope_error)
    assert found.mu_error < 0.4 * sigma
    assert found.ln_sigma_error < 0.2


def test_without_a_deductible_the_fit_is_that_of_scipy_on_censored_data() -> None:
    sample = lognormal_sample(10, 1.3, 0.0, 2_000, 3, 1e-9, 60_000)
    data = stats.CensoredData.right_censored(np.log(sample.loss), sample.cut)
    mu, sigma = stats.norm.fit(data)
    found = fit_lognormal(Sample(sample.loss, np.zeros(2_000), sample.cut, sample.ln_size), slope=False)
    assert found.mu == pytest.approx(mu, rel=1e-5)
    assert found.sigma == pytest.approx(sigma, rel=1e-4)


def test_whole_losses_have_the_closed_form_of_mean_and_deviation() -> None:
    loss = np.exp(stream(5, "x").normal(9, 0.8, 500))
    found = fit_lognormal(Sample(loss, np.zeros(500), np.zeros(500, np.bool_), np.zeros(500)), slope=False)
    logs = np.log(loss)
    assert found.mu == pytest.approx(logs.mean(), rel=1e-8)
    assert found.sigma == pytest.approx(logs.std(), rel=1e-6)
    assert found.mu_error == pytest.approx(logs.std() / math.sqrt(500), rel=1e-3)
    assert found.ln_sigma_error == pytest.approx(1 / math.sqrt(1_000), rel=1e-3)


@pytest.mark.parametrize("slope", [False, True])
def test_lifelines_finds_the_same_under_deductible_and_limit(slope: bool) -> None:
    """Another implementation of the same likelihood: left truncation by `entry`, right censoring by events."""
    pytest.importorskip("lifelines", reason="the optional extra `fit` is not installed")
    sample = lognormal_sample(10, 1.4, 0.35 if slope else 0.0, 3_000, 11, 8_000, 200_000)
    found = fit_lognormal(sample, slope=slope)
    assert by_lifelines(sample, slope=slope) == pytest.approx((found.mu, found.sigma, found.slope), rel=2e-3)


@settings(max_examples=30, deadline=None)
@given(rate=st.floats(0.01, 5), deductible=st.floats(0, 3), seed=st.integers(0, 10_000))
def test_the_closed_form_of_an_exponential_is_its_maximum_and_finds_the_rate(
    rate: float, deductible: float, seed: int
) -> None:
    loss = deductible + stream(seed, "exp").exponential(1 / rate, 5_000)
    most = deductible + 1.5 / rate
    sample = Sample(np.minimum(loss, most), np.full(5_000, deductible), loss >= most, np.zeros(5_000))
    found = exponential_rate(sample)
    data = stats.CensoredData.right_censored(sample.loss - deductible, sample.cut)
    assert found == pytest.approx(1 / stats.expon.fit(data, floc=0)[1], rel=1e-3)
    assert found == pytest.approx(rate, rel=5 / math.sqrt(float((~sample.cut).sum())))


@settings(max_examples=30, deadline=None)
@given(alpha=st.floats(0.4, 3), deductible=st.floats(1, 1_000), seed=st.integers(0, 10_000))
def test_the_closed_form_of_a_pareto_finds_its_exponent(alpha: float, deductible: float, seed: int) -> None:
    loss = deductible * (1 + stream(seed, "pareto").pareto(alpha, 5_000))
    most = deductible * 20
    sample = Sample(np.minimum(loss, most), np.full(5_000, deductible), loss >= most, np.zeros(5_000))
    assert pareto_exponent(sample) == pytest.approx(alpha, rel=5 / math.sqrt(float((~sample.cut).sum())))
