"""Bands hold the true value as often as they say, and a loss given back to insurers sums to itself."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.portfolio import Band, by_insurer, exceedance_band, mean_band, tail_mean_band

YEARS, RUNS = 2_000, 200


def share_held(bands: list[Band], truth: float) -> float:
    return sum((b.low_minor or 0) <= truth <= (b.high_minor or 2**62) for b in bands) / len(bands)


def test_nine_of_ten_bands_hold_the_true_value() -> None:
    """Exponential years with mean one million: quantiles and tail mean are known in closed form."""
    dice, scale = np.random.default_rng(4), 1_000_000
    runs = [np.rint(dice.exponential(scale, YEARS)).astype(np.int64) for _ in range(RUNS)]
    truth = {years: scale * float(np.log(years)) for years in (5, 50)}
    for years, value in truth.items():
        assert 0.83 < share_held([exceedance_band(run, years) for run in runs], value) < 0.99
    assert 0.8 < share_held([tail_mean_band(run) for run in runs], scale * (np.log(100) + 1)) < 0.97
    assert 0.83 < share_held([mean_band(run) for run in runs], scale) < 0.97


@pytest.mark.parametrize("years", [1_500, 2_000])
def test_too_few_years_leave_a_band_open_above(years: int) -> None:
    band = exceedance_band(np.arange(YEARS, dtype=np.int64), years)
    assert band.high_minor is None
    assert band.low_minor is not None


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 10**15), max_size=5), st.integers(0, 10))
def test_insurers_bear_exactly_what_the_policies_lost(lost: dict[str, int], tenths: int) -> None:
    panels = {policy: {"lead": Fraction(tenths, 10), "follower": 1 - Fraction(tenths, 10)} for policy in list(lost)[:3]}
    assert sum(by_insurer(lost, panels).values()) == sum(lost.values())
