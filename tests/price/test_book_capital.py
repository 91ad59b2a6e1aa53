"""Capital by the book's own tail: one step of the waterfall with its source, inside the filed bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.price.priced_case import finding, standing

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.evidence import Standing
from ringwall.price import (
    Added,
    BookCapital,
    CapitalLoad,
    CostOfCapital,
    PricedRisk,
    PricingBasis,
    charge_for,
    fixes,
    price_risk,
    read_cost_of_capital,
    with_capital,
)
from ringwall.risk import relief_steps

COST = CostOfCapital(Fraction(6, 100), date(2026, 1, 1), "source of the rate")


ADDED = CapitalLoad(Added(90_000, 4_000_000, None), Added(50_000, 500_000, None))


def held(basis: PricingBasis, tail_minor: int) -> PricingBasis:
    losses = charge_for(basis, ()).burden.losses
    return with_capital(basis, BookCapital("RUN-1", date(2026, 1, 1), 100_000, tail_minor, ADDED, losses, COST))


def priced(basis: PricingBasis) -> PricedRisk:
    found = price_risk(basis, ())
    assert isinstance(found, PricedRisk), found
    return found


def test_the_step_is_the_tail_beyond_the_mean_times_the_rate(basis: PricingBasis) -> None:
    step = next(s for s in priced(held(basis, 5_000_000)).waterfall.steps if s.code == "capital")
    assert step.amount_minor == pytest.approx((5_000_000 - 100_000) * 0.06, abs=1)
    assert "by 40,000 yuan gross and 5,000 yuan net" in step.because.en
    assert "RUN-1" in step.source
    assert "source of the rate, 2026-01-01" in step.source


def test_the_base_stays_as_filed_and_the_steps_still_sum_to_the_fen(basis: PricingBasis) -> None:
    plain, loaded = priced(basis), priced(held(basis, 5_000_000))
    assert loaded.base_net_minor == plain.base_net_minor
    assert loaded.waterfall.total_minor == loaded.insured_part_minor
    assert loaded.technical_net_minor != plain.technical_net_minor


def test_the_filed_bounds_stop_what_a_tail_would_ask(basis: PricingBasis) -> None:
    refused = price_risk(held(basis, 10**11), ())
    assert isinstance(refused, Refusal)
    assert refused.code == "factor_above_filed_range"
    low = [standing(code, Standing.HELD) for code in ("mfa_remote", "edr", "patch_critical", "hardening")]
    cheap = price_risk(held(basis, 0), relief_steps(basis.model, low, ()))
    assert isinstance(cheap, PricedRisk)
    assert cheap.rate_factor >= basis.rates.total.low


def test_mending_lowers_the_capital_with_the_losses(basis: PricingBasis) -> None:
    open_hole = [finding("rdp_exposed", "gw:3389")]
    found = fixes(held(basis, 5_000_000), (), open_hole)
    assert found
    assert all(fix.factor_after < fix.factor_before for fix in found)


@given(st.integers(0, 10**10), st.integers(0, 10**9))
def test_a_heavier_tail_never_costs_less(tail: int, more: int) -> None:
    def load(tail_minor: int) -> float:
        return BookCapital("R", date(2026, 1, 1), 5_000, tail_minor, ADDED, 1e6, COST).load

    assert 0 <= load(tail) <= load(tail + more)


def test_the_shipped_rate_has_its_date_and_source_and_a_broken_one_is_refused() -> None:
    text = read_folder("book")["capital.yaml"]
    found = read_cost_of_capital(text, "capital.yaml")
    assert isinstance(found, CostOfCapital)
    assert replace(found, source="") == CostOfCapital(Fraction(6, 100), date(2015, 1, 17), "")
    assert "Article 39" in found.source
    for broken in ("cost_of_capital: {}", text.replace("6/100", "6"), text.replace("share a year", "percent")):
        assert isinstance(read_cost_of_capital(broken, "capital.yaml"), Refusal)
