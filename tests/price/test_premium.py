"""The premium of the case and its laws: to the fen, inside what is filed, and the same each time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.price.priced_case import JIANGKOU, finding, standing

from ringwall.basics import FEN_PER_YUAN, Refusal, round_fraction
from ringwall.evidence import Standing
from ringwall.price import (
    Offer,
    PricedRisk,
    PricingBasis,
    SubsidyScheme,
    prepare,
    price_risk,
    relative_fall,
    rerated_net,
    split_subsidy,
    vat_on,
    with_terms,
)
from ringwall.risk import Peril, ReliefStep, RiskModel, SignalKind, layer_mean, mean_loss, relief_steps
from ringwall.risk.profile import relative_size
from ringwall.terms import CompiledTerms

Compile = Callable[..., CompiledTerms]
HELD = ("mfa_remote", "edr", "offline_backup", "patch_critical", "remote_access_closed")


@pytest.fixture(scope="module")
def steps(model: RiskModel) -> tuple[ReliefStep, ...]:
    return relief_steps(model, [standing(code, Standing.HELD) for code in HELD], [finding("unauthenticated_store")])


def priced(basis: PricingBasis, steps: tuple[ReliefStep, ...], subsidy: SubsidyScheme | None = None) -> PricedRisk:
    found = price_risk(basis, steps, subsidy)
    assert isinstance(found, PricedRisk), found
    return found


def test_the_case_stands_in_the_range_of_the_first_pilot(basis: PricingBasis, steps: tuple[ReliefStep, ...]) -> None:
    """Rate on line of the pilot 1.30 %; scenario A has 84,800 yuan gross at another insurer."""
    price = priced(basis, steps)
    print(f"Case: gross {price.gross_minor / 100:,.2f} yuan, net {price.net_minor / 5e8:.2%} of the aggregate limit")
    for step in price.waterfall.steps:
        print(f"  {step.code:32}{step.amount_minor / 100:>14,.2f}{step.level_minor / 100:>14,.2f}")
    assert 4_000_000 <= price.gross_minor <= 10_000_000
    assert Fraction(7, 1000) <= Fraction(price.net_minor, 500_000_000) <= Fraction(18, 1000)


def test_the_price_names_all_that_it_rests_on(
    basis: PricingBasis, steps: tuple[ReliefStep, ...], model: RiskModel
) -> None:
    origin = priced(basis, steps).origin
    assert (origin.model, origin.model_sha256) == (model.version, model.sha256)
    assert (origin.product, origin.product_version, origin.rates) == ("enterprise-cyber", "2026-01", "2026-01")
    assert (origin.seed, origin.draws) == (20260101, 8192)


def test_the_negotiators_fee_in_the_draws_of_a_price_has_the_mean_of_its_closed_form(
    model: RiskModel, basis: PricingBasis
) -> None:
    """Chance times the mean of a lognormal at the size of the insured, within the error of the draws."""
    row, name = model.numbers(basis.profile.territory), "severity.RAN.EXT.negotiator"
    median = row[f"{name}.median"] * relative_size(row, basis.profile) ** row[f"{name}.elasticity"]
    yuan = median * row["severity.cost_level"] * row["reference.usd_cny"]
    closed = row[f"{name}.chance"] * mean_loss(yuan, row[f"{name}.sigma"]) * FEN_PER_YUAN
    drawn = basis.draws[Peril.RAN].subject["EXT"]
    assert len(drawn) == basis.rates.draws
    error = float(drawn.std()) / math.sqrt(len(drawn))
    print(f"negotiator's fee {drawn.mean() / 100:,.0f} yuan ± {error / 100:,.0f}, closed form {closed / 100:,.0f}")
    assert drawn.mean() == pytest.approx(closed, abs=3 * error)


def test_expected_losses_by_part_and_peril_sum_to_the_technical_premium(
    basis: PricingBasis, steps: tuple[ReliefStep, ...]
) -> None:
    price, rates = priced(basis, steps), basis.rates
    single = sum(e.amount.minor for e in price.expected if not e.kind.startswith("S") or e.kind == "SYSF")
    common = sum(e.amount.minor for e in price.expected) - single
    burden = (single + common) * 2.2 + single * 0.05 + common * 0.6 + 600_000
    technical = burden / float(1 - rates["expense_share"] - rates["commission_share"] - rates["profit_share"])
    assert price.technical_net_minor == pytest.approx(technical, abs=1)


def test_net_is_base_times_factor_rounded_once(basis: PricingBasis, steps: tuple[ReliefStep, ...]) -> None:
    price = priced(basis, steps)
    assert FACTOR_PARTS % price.rate_factor.denominator == 0
    assert price.net_minor == round_fraction(price.base_net_minor * price.rate_factor)
    assert price.vat_minor == round_fraction(price.net_minor * Fraction(6, 100))
    assert abs(price.net_minor - price.technical_net_minor) <= price.base_net_minor / 2000 + 1


FACTOR_PARTS = 1000


def test_nothing_known_has_the_factor_one(basis: PricingBasis) -> None:
    price = priced(basis, ())
    assert price.rate_factor == 1
    assert price.net_minor == price.base_net_minor == price.technical_net_minor


def test_a_price_is_the_same_each_time(
    model: RiskModel, basis: PricingBasis, offer: Offer, steps: tuple[ReliefStep, ...]
) -> None:
    again = prepare(model, basis.rates, offer, JIANGKOU)
    assert isinstance(again, PricingBasis)
    assert priced(again, steps) == priced(basis, steps)


def test_the_way_back_from_redis_is_notable(basis: PricingBasis, steps: tuple[ReliefStep, ...]) -> None:
    """Insurance Law 53, clause H-1.1: the factor falls by a tenth of its value or more."""
    before = priced(basis, steps)
    after = priced(basis, tuple(step for step in steps if step.signal.kind is SignalKind.CONTROL))
    fall = relative_fall(before.rate_factor, after.rate_factor)
    print(f"Redis closed: factor {before.rate_factor} to {after.rate_factor}, a fall of {float(fall):.1%}")
    assert fall >= Fraction(1, 10)
    assert abs(rerated_net(before.net_minor, before.rate_factor, after.rate_factor) - after.net_minor) <= 1


def test_a_factor_above_the_filed_range_gets_no_price(basis: PricingBasis, model: RiskModel) -> None:
    codes = [code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL]
    weak = [finding("rdp_exposed"), finding("unauthenticated_store"), finding("end_of_life_software")]
    found = price_risk(basis, relief_steps(model, [standing(c, Standing.BROKEN) for c in codes], weak))
    assert isinstance(found, Refusal)
    assert found.code == "factor_above_filed_range"
    assert "1.800" in found.message.en


def test_a_factor_below_the_filed_range_pays_the_lowest_filed(basis: PricingBasis, model: RiskModel) -> None:
    narrow = replace(basis, rates=replace(basis.rates, total=replace(basis.rates.total, low=Fraction(95, 100))))
    codes = [code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL]
    best = priced(narrow, relief_steps(model, [standing(c, Standing.HELD) for c in codes], ()))
    assert best.rate_factor == Fraction(95, 100)
    assert best.net_minor > best.technical_net_minor
    assert best.waterfall.total_minor == best.gross_minor


def test_the_minimum_premium_is_a_step_of_its_own(basis: PricingBasis) -> None:
    number = replace(basis.rates.numbers["minimum_net_premium"], value=Fraction(9_000_000))
    costly = replace(basis, rates=replace(basis.rates, numbers={**basis.rates.numbers, "minimum_net_premium": number}))
    price = priced(costly, ())
    assert price.net_minor == 9_000_000
    assert "minimum" in [step.code for step in price.waterfall.steps]
    assert price.waterfall.total_minor == price.gross_minor


CHEAPER = [
    {"event_limit": 100_000_000, "aggregate_limit": 200_000_000},
    {"npbi_deductible": 100_000_000},
    {"npbi_wait_hours": 72, "npbi_mode": 4},
    {"lia_limit": 50_000_000},
]


@pytest.mark.parametrize("choices", CHEAPER)
def test_less_cover_costs_less_and_the_waterfall_says_so(
    basis: PricingBasis, compiled: Compile, steps: tuple[ReliefStep, ...], choices: dict[str, int]
) -> None:
    smaller = priced(with_terms(basis, compiled(**choices)), steps)
    step = next(step for step in smaller.waterfall.steps if step.code == "terms")
    assert smaller.net_minor < priced(basis, steps).net_minor
    assert step.amount_minor < 0
    assert smaller.waterfall.total_minor == smaller.gross_minor


def test_what_cannot_be_priced_comes_back_with_every_reason(
    model: RiskModel, basis: PricingBasis, offer: Offer
) -> None:
    unfiled = replace(basis.rates, factors={}, product="other")
    found = prepare(model, unfiled, offer, replace(JIANGKOU, industry="alchemy"))
    assert isinstance(found, tuple)
    assert {refusal.code for refusal in found} == {"rates_of_another_product", "factor_not_filed", "industry_unknown"}


SUBSIDIES = [  # worked example of a park member: gross 805,019, share 30/100; cap, budget left, subsidy
    (500_000, 10_000_000, 241_506),
    (500_000, 200_000, 200_000),
    (150_000, 10_000_000, 150_000),
    (None, None, 241_506),
    (500_000, 0, 0),
]


@pytest.mark.parametrize(("cap", "budget", "subsidy"), SUBSIDIES)
def test_a_subsidy_is_a_share_of_the_gross_up_to_cap_and_budget(
    cap: int | None, budget: int | None, subsidy: int
) -> None:
    split = split_subsidy(805_019, SubsidyScheme("SUB-1", Fraction(30, 100), cap, budget))
    assert (split.subsidy_minor, split.insured_part_minor) == (subsidy, 805_019 - subsidy)


def test_a_subsidised_premium_ends_with_what_the_insured_pays(
    basis: PricingBasis, steps: tuple[ReliefStep, ...]
) -> None:
    price = priced(basis, steps, SubsidyScheme("SUB-1", Fraction(30, 100), 500_000, 10_000_000))
    assert price.insured_part_minor == price.gross_minor - 500_000
    assert price.waterfall.total_minor == price.insured_part_minor
    assert price.waterfall.steps[-1].amount_minor == -500_000


RERATED = [  # worked example of a daily refund: annual net 15,000,000 at 120/100
    (95, 11_875_000),
    (115, 14_375_000),
    (108, 13_500_000),
]


@pytest.mark.parametrize(("new", "net"), RERATED)
def test_the_net_premium_follows_the_filed_factor(new: int, net: int) -> None:
    assert rerated_net(15_000_000, Fraction(120, 100), Fraction(new, 100)) == net


def test_notable_begins_at_exactly_one_tenth() -> None:
    old = Fraction(120, 100)
    assert relative_fall(old, Fraction(108, 100)) == Fraction(1, 10)
    assert relative_fall(old, Fraction(115, 100)) == Fraction(1, 24)
    assert relative_fall(old, Fraction(95, 100)) == Fraction(5, 24)


VAT = [(759_452, 45_567), (752_877, 45_173), (1_395_548, 83_733), (669_863, 40_192), (1_378_425, 82_706)]


@pytest.mark.parametrize(("net", "vat"), VAT)
def test_tax_is_rounded_once_half_even_on_the_rounded_net(basis: PricingBasis, net: int, vat: int) -> None:
    assert vat_on(basis.rates, net) == vat


states = st.dictionaries(st.integers(0, 60), st.sampled_from(list(Standing)), max_size=10)


@given(states, st.sets(st.integers(0, 60), max_size=4), st.integers(0, 3))
def test_the_waterfall_sums_to_the_fen_whatever_is_known(
    basis: PricingBasis, model: RiskModel, controls: dict[int, Standing], weak: set[int], thirds: int
) -> None:
    codes = list(model.signals)
    standings = [standing(codes[i % len(codes)], state) for i, state in controls.items()]
    findings = [finding(codes[i % len(codes)]) for i in weak]
    findings = [f for f in findings if model.signals[f.factor].kind is SignalKind.FINDING]
    subsidy = SubsidyScheme("SUB", Fraction(thirds, 3)) if thirds else None
    price = price_risk(basis, relief_steps(model, standings, findings), subsidy)
    if isinstance(price, Refusal):
        assert price.code == "factor_above_filed_range"
        return
    assert price.waterfall.total_minor == price.insured_part_minor
    assert basis.rates.total.contains(price.rate_factor)
    level = 0
    for step in price.waterfall.steps:
        level += step.amount_minor
        assert step.level_minor == level
        assert step.because.zh
        assert step.source


CLOSED = [  # peril, part, USD median, sigma, elasticity, share of the response, deductible and limit in yuan
    ("RAN", "INRE", 42_000, 1.1, 0.35, 0.65, 20_000, 500_000),
    ("RAN", "DIAS", 25_000, 1.3, 0.40, 1.0, 50_000, 1_000_000),
]


@pytest.mark.parametrize("row", CLOSED, ids=lambda row: row[1])
def test_the_compiled_terms_on_the_draws_meet_the_closed_form(
    basis: PricingBasis, compiled: Compile, row: tuple[str, str, float, float, float, float, int, int]
) -> None:
    """Both engines: the layer of a lognormal in closed form, and the columnar terms over the drawn events."""
    peril, part, median_usd, sigma, elasticity, share, deductible, limit = row
    roomy = with_terms(basis, compiled(event_limit=5_000_000_000, aggregate_limit=5_000_000_000))
    size = (basis.profile.revenue_minor / 3_560_000_000) ** elasticity
    median = median_usd * 0.45 * 7.12 * size * share * math.exp(-(0.7**2) / 2)
    exact = layer_mean(median, math.hypot(sigma, 0.7), limit, deductible)
    assert roomy.chosen[peril][part] / 100 == pytest.approx(exact, rel=0.01)
