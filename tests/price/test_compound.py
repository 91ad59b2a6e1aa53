"""The compound engine against closed forms, another recursion, simulation, and its own laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from ringwall.price.compound import (
    AnnualLoss,
    Count,
    Floats,
    Grid,
    Layer,
    MixedPoisson,
    Period,
    Poisson,
    Source,
    compound,
    drawn_masses,
    layer_masses,
    of_masses,
)
from ringwall.price.compound.grid import Survival
from ringwall.risk import layer_mean, limited_mean

SIGMA = math.sqrt(math.log(10))
MEDIAN = 250_000 * math.exp(-math.log(10) / 2)
"""A lognormal of mean 250,000 and coefficient of variation 3."""
CASE_A = 141_272.88023722664
"""aggregate 0.30.0 at 2^16 points of 500: Poisson 0.8, 2M xs 50k of this lognormal, annual aggregate 3M."""


def lognormal(median: float = MEDIAN, sigma: float = SIGMA) -> Survival:
    return lambda amounts: ndtr((math.log(median) - np.log(amounts)) / sigma)


def case_a(size: int = 1 << 16, scale: float = 1.0) -> AnnualLoss:
    grid = Grid(500 * scale * (1 << 16) / size, size)
    masses = layer_masses(lognormal(MEDIAN * scale), Layer(2e6 * scale, 5e4 * scale), grid)
    return compound([Source(Poisson(0.8), masses)], grid, Period(3e6 * scale))


def test_the_published_case_agrees_with_another_engine_on_the_same_grid() -> None:
    error = case_a().mean / CASE_A - 1
    print(f"Case A: expected loss {case_a().mean:,.7f}, relative error {error:.1e}")
    assert abs(error) < 1e-9


@pytest.mark.parametrize("size", [1 << 12, 1 << 14])
def test_a_coarser_grid_gives_nearly_the_same(size: int) -> None:
    assert case_a(size).mean == pytest.approx(CASE_A, rel=2e-4)
    assert case_a(size).tail_mean(0.99) == pytest.approx(case_a().tail_mean(0.99), rel=2e-3)


@given(
    st.floats(1e3, 1e6),
    st.floats(0.3, 2.5),
    st.floats(1e4, 1e6),
    st.just(0.0) | st.floats(1, 1e6),
)
@settings(max_examples=40, deadline=None)
def test_the_mean_of_a_layer_is_the_difference_of_two_limited_means(
    median: float, sigma: float, limit: float, attachment: float
) -> None:
    """LEV of a lognormal in closed form; the grid is off by at most half a step times the chance of a payment."""
    grid = Grid(limit / 4096, 8192)
    masses = layer_masses(lognormal(median, sigma), Layer(limit, attachment), grid)
    exact = layer_mean(median, sigma, limit, attachment)
    assert of_masses(grid, masses).mean == pytest.approx(exact, rel=1e-3, abs=grid.step)
    assert masses.sum() == pytest.approx(1, abs=1e-12)


def test_the_limited_mean_of_one_loss_follows_its_closed_form() -> None:
    grid = Grid(1000, 1 << 15)
    single = of_masses(grid, layer_masses(lognormal(), Layer(2e7), grid))
    for limit in (50_000.0, 123_456.0, 1_000_000.0, 5_000_000.0):
        assert single.limited_mean(limit) == pytest.approx(limited_mean(MEDIAN, SIGMA, limit), rel=2e-5)


@pytest.mark.parametrize("count", [Poisson(0.8), Poisson(6.0), MixedPoisson(0.8, 0.3), MixedPoisson(3.0, 1.2)])
def test_the_moments_of_a_compound_follow_those_of_count_and_severity(count: Count) -> None:
    """E[S] = E[N] E[X], Var[S] = E[N] Var[X] + Var[N] E[X]²."""
    grid = Grid(500, 1 << 18)
    masses = layer_masses(lognormal(), Layer(2e6, 5e4), grid)
    one, year = of_masses(grid, masses), compound([Source(count, masses)], grid)
    assert year.mean == pytest.approx(count.mean * one.mean, rel=1e-9)
    assert year.variance == pytest.approx(count.mean * one.variance + count.variance * one.mean**2, rel=1e-7)
    assert year.below[-1] == pytest.approx(1, abs=1e-11)


def panjer(count: Poisson | MixedPoisson, masses: Floats, size: int) -> Floats:
    """Panjer's recursion: p(k) = (a + b / k) p(k − 1)."""
    if isinstance(count, Poisson):
        a, b = 0.0, count.mean
    else:
        shape = count.level_cv**-2
        a = count.mean / (count.mean + shape)
        b = (shape - 1) * a
    padded = np.zeros(size)
    padded[: len(masses)] = masses
    found = np.zeros(size)
    found[0] = math.exp(count.log_transform(padded[:1].astype(np.complex128))[0].real)
    for s in range(1, size):
        k = np.arange(1, s + 1)
        found[s] = ((a + b * k / s) * padded[k] * found[s - k]).sum() / (1 - a * padded[0])
    return found


@pytest.mark.parametrize("count", [Poisson(1.7), MixedPoisson(1.7, 0.5), MixedPoisson(0.4, 1.0)])
def test_transform_and_recursion_give_the_same_masses(count: Poisson | MixedPoisson) -> None:
    grid = Grid(1.0, 512)
    masses = np.random.default_rng(3).dirichlet(np.ones(12))
    year = compound([Source(count, masses)], grid)
    assert np.allclose(year.masses, panjer(count, masses, 512), atol=1e-14)


def test_a_mixed_poisson_is_the_negative_binomial_of_its_mean_and_variance() -> None:
    count = MixedPoisson.of_variance(2.0, 5.0)
    assert (count.mean, count.variance) == (2.0, pytest.approx(5.0))
    masses = compound([Source(count, np.array([0.0, 1.0]))], Grid(1.0, 256)).masses
    r, p = 4 / 3, 2 / 5
    expected = [
        math.exp(math.lgamma(k + r) - math.lgamma(r) - math.lgamma(k + 1)) * p**r * (1 - p) ** k for k in range(9)
    ]
    assert masses[:9] == pytest.approx(expected, abs=1e-13)


def test_kinds_that_share_the_level_of_a_year_are_one_count_over_their_mixture() -> None:
    """Two perils in gamma years, summed over the levels by quadrature, against the mixture."""
    first, second, cv, grid = np.array([0, 0.5, 0.5]), np.array([0, 0, 0, 1.0]), 0.6, Grid(1.0, 128)
    mixture = np.array([0, 0.5 * 0.4, 0.5 * 0.4, 0.6])
    year = compound([Source(MixedPoisson(1.0, cv), mixture)], grid)
    levels = np.random.default_rng(1).gamma(cv**-2, cv**2, 4000)
    conditional = [
        compound([Source(Poisson(0.4 * q), first), Source(Poisson(0.6 * q), second)], grid).masses for q in levels
    ]
    spread = np.std(conditional, axis=0) / math.sqrt(len(levels))
    assert np.all(np.abs(np.mean(conditional, axis=0) - year.masses) <= 5 * spread + 1e-9)


def test_years_drawn_one_by_one_agree_within_their_error() -> None:
    rng, years = np.random.default_rng(20260101), 200_000
    counts = rng.poisson(0.8, years)
    losses = np.minimum(np.maximum(MEDIAN * np.exp(SIGMA * rng.standard_normal(counts.sum())) - 5e4, 0), 2e6)
    drawn = np.minimum(np.bincount(np.repeat(np.arange(years), counts), losses, years), 3e6)
    year, error = case_a(), drawn.std() / math.sqrt(years)
    print(f"simulated {drawn.mean():,.0f} ± {error:,.0f}, transform {year.mean:,.0f}")
    assert abs(drawn.mean() - year.mean) <= 4 * error
    for amount in (1e5, 1e6, 2e6, 2.5e6):
        chance = float(year.exceedance(np.array([amount]))[0])
        assert abs((drawn > amount).mean() - chance) <= 4 * math.sqrt(chance * (1 - chance) / years) + 1e-4


def test_layers_on_top_of_each_other_add_up() -> None:
    """Per event in the mean, and for a whole year's sum in every limited mean."""
    grid, survival = Grid(500, 1 << 16), lognormal()
    layers = (Layer(450_000, 50_000), Layer(500_000, 500_000), Layer(1_050_000, 1_000_000))
    years = [compound([Source(Poisson(0.8), layer_masses(survival, layer, grid))], grid) for layer in layers]
    whole = compound([Source(Poisson(0.8), layer_masses(survival, Layer(2e6, 5e4), grid))], grid)
    assert sum(year.mean for year in years) == pytest.approx(whole.mean, rel=1e-9)
    slices = [
        compound([Source(Poisson(0.8), layer_masses(survival, Layer(2e6, 5e4), grid))], grid, period)
        for period in (Period(1e6), Period(2e6, 1e6))
    ]
    assert sum(part.mean for part in slices) == pytest.approx(whole.limited_mean(3e6), rel=1e-12)


@pytest.mark.parametrize("scale", [0.01, 7.12, 1e4])
def test_another_currency_changes_the_unit_and_nothing_else(scale: float) -> None:
    here, there = case_a(1 << 13), case_a(1 << 13, scale)
    assert there.mean == pytest.approx(here.mean * scale, rel=1e-9)
    assert there.tail_mean(0.99) == pytest.approx(here.tail_mean(0.99) * scale, rel=1e-9)
    assert there.quantile(0.99) == pytest.approx(here.quantile(0.99) * scale, rel=1e-9)


def test_an_annual_deductible_and_limit_cut_the_years_sum_exactly() -> None:
    grid, masses = Grid(10.0, 1 << 12), np.random.default_rng(5).dirichlet(np.ones(20))
    gross = compound([Source(Poisson(2.5), masses)], grid)
    net = compound([Source(Poisson(2.5), masses)], grid, Period(400.0, 120.0))
    assert net.mean == pytest.approx(gross.limited_mean(520) - gross.limited_mean(120), rel=1e-12)
    amounts = np.array([0.0, 50.0, 395.0])
    assert net.exceedance(amounts) == pytest.approx(gross.exceedance(amounts + 120))
    assert net.exceedance(np.array([400.0]))[0] == 0


def test_a_tail_mean_is_above_its_quantile_and_the_whole_tail_is_the_mean() -> None:
    year = case_a(1 << 13)
    assert year.tail_mean(0.0) == pytest.approx(year.mean)
    for chance in (0.5, 0.9, 0.99, 0.999):
        assert year.quantile(chance) <= year.tail_mean(chance) <= 3e6 + 1e-6
    assert year.quantile(0.5) == 0


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=60))
def test_drawn_payments_keep_their_mean_on_any_grid(payments: list[int]) -> None:
    grid = Grid(12_345.6, 1024)
    masses = drawn_masses(np.array(payments, np.int64), grid)
    assert masses.sum() == pytest.approx(1)
    assert of_masses(grid, masses).mean == pytest.approx(sum(payments) / len(payments), rel=1e-12)


def test_a_grid_that_is_too_short_is_noticed() -> None:
    masses = np.array([0.0, 0.0, 0.0, 1.0])
    with pytest.raises(AssertionError, match="too short"):
        compound([Source(Poisson(10.0), masses)], Grid(1.0, 32))
