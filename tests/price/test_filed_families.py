"""What each family files of its own: bases, flat bands, members, judged parts, and what they do to a price."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.catalogue import shelf
from tests.price.priced_case import JIANGKOU

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.price import (
    FiledRates,
    Offer,
    PricedRisk,
    PricingBasis,
    members_of,
    prepare,
    price_risk,
    rate_pages,
    read_rates,
)
from ringwall.product import Product, compile_schedule, make_schedule, parse_product, whole_texts
from ringwall.risk import RiskModel
from ringwall.terms import CompiledTerms

FOLDER = read_folder("rates")
SHOP = replace(JIANGKOU, revenue_minor=400_000_000, industry="retail")


def filed(name: str) -> FiledRates:
    found = read_rates(FOLDER, f"{name.replace('/', '-')}.yaml")
    assert isinstance(found, FiledRates), found
    return found


def product_of(name: str) -> Product:
    found = parse_product(whole_texts(name, lambda base: read_folder("products", *base.split("/"))))
    assert isinstance(found, Product), found
    return found


def basis_of(
    model: RiskModel, name: str, organisation: object = SHOP, members: int = 1, **choices: int
) -> PricingBasis:
    product = product_of(name)
    default, chosen = (compile_schedule(product, make_schedule(product, each)) for each in ({}, choices))  # type: ignore[arg-type]
    assert isinstance(default, CompiledTerms)
    assert isinstance(chosen, CompiledTerms)
    offer = Offer(product.code, product.version, chosen, default)
    found = prepare(model, filed(name), offer, organisation, members)  # type: ignore[arg-type]
    assert isinstance(found, PricingBasis), found
    return found


def priced(basis: PricingBasis) -> PricedRisk:
    found = price_risk(basis, ())
    assert isinstance(found, PricedRisk), found
    return found


@pytest.mark.parametrize("name", shelf.names())
def test_every_version_has_rates_of_its_own_under_its_own_filing(name: str) -> None:
    rates, product = filed(name), product_of(name)
    assert (rates.product, rates.version) == (product.code, product.version)
    assert rates.filing == product.filing.number


@pytest.mark.parametrize("name", shelf.names())
def test_the_waterfall_of_every_version_sums_to_the_fen(model: RiskModel, name: str) -> None:
    found = priced(basis_of(model, name, members=5 if name.startswith("park") else 1))
    assert found.waterfall.total_minor == found.gross_minor
    assert found.waterfall.steps[-1].level_minor == found.gross_minor


def test_a_page_says_only_what_differs_from_its_base() -> None:
    base, edition, variant = (
        filed(f"enterprise-cyber{each}") for each in ("/2026-01", "/2026-07", "-ecommerce/2026-07")
    )
    assert dict(edition.numbers) == dict(variant.numbers) == dict(base.numbers)
    assert (base.judged, set(variant.judged)) == ({}, {"REG", "ENO"})
    assert variant.frequency is not None
    assert edition.frequency is None
    assert list(rate_pages(FOLDER, "enterprise-cyber-ecommerce-2026-07.yaml")) == [
        "enterprise-cyber-ecommerce-2026-07.yaml",
        "enterprise-cyber-2026-07.yaml",
        "enterprise-cyber-2026-01.yaml",
    ]


def test_a_base_that_is_missing_or_goes_in_a_circle_is_refused() -> None:
    for text in ("base: nowhere", "base: a"):
        found = read_rates({"a.yaml": text}, "a.yaml")
        assert isinstance(found, tuple)
        assert found[0].code == "rates_unreadable"


def test_everybody_in_a_band_pays_the_same_and_nobody_above_the_top_is_priced(model: RiskModel) -> None:
    name = "inclusive-sme/2026-01"
    bands = filed(name).bands
    low, high = bands[0].up_to_minor + 1, bands[1].up_to_minor
    both = {priced(basis_of(model, name, replace(SHOP, revenue_minor=each))).net_minor for each in (low, high)}
    assert len(both) == 1
    product = product_of(name)
    terms = compile_schedule(product, make_schedule(product, {}))  # type: ignore[arg-type]
    assert isinstance(terms, CompiledTerms)
    above = replace(SHOP, revenue_minor=bands[-1].up_to_minor + 1)
    refused = prepare(model, filed(name), Offer(product.code, product.version, terms, terms), above)
    assert isinstance(refused, tuple)
    assert refused[0].code == "revenue_above_bands"


def test_every_member_of_a_park_adds_the_same_expected_loss(model: RiskModel) -> None:
    one, five = (basis_of(model, "park-master/2026-01", members=count) for count in (1, 5))
    losses = [sum(each.amount.minor for each in priced(basis).expected) for basis in (one, five)]
    assert losses[1] == pytest.approx(5 * losses[0])
    steps = {step.code: step for step in priced(five).waterfall.steps}
    assert steps["members"].amount_minor == pytest.approx(4 * steps["industry"].level_minor, abs=5)


@pytest.mark.parametrize("said", ["", "2", "301", "-5", "many"])
def test_a_number_of_members_outside_the_filing_is_refused(said: str) -> None:
    members = filed("park-master/2026-01").members
    refused = members_of(members, {"P02": said})
    assert isinstance(refused, Refusal)
    assert refused.code == "members_outside_filing"
    assert members_of(members, {"P02": "20"}) == 20
    assert members_of(None, {}) == 1


def test_the_kind_of_business_multiplies_the_frequency_of_single_events(model: RiskModel) -> None:
    basis = basis_of(model, "enterprise-cyber-ecommerce/2026-07")
    plain = replace(basis.rates, frequency=None)
    assert basis.rates.frequency is not None
    assert basis.multiple == pytest.approx(float(basis.rates.frequency.value))
    assert replace(basis, rates=plain).multiple == 1


@settings(max_examples=30)
@given(limit=st.integers(10_000_000, 2_000_000_000))
def test_a_judged_part_costs_more_with_its_limit_and_less_for_each_yuan_of_it(limit: int) -> None:
    part = filed("product-service/2026-01").judged["ENO"]
    assert part.exponent == Fraction(53, 100)
    assert part.at(limit) < part.at(2 * limit) < 2 * part.at(limit)
    assert part.at(part.limit_minor) == part.loss_minor


def test_a_warranty_costs_more_with_a_higher_limit_of_liability(model: RiskModel) -> None:
    low, high = (
        priced(basis_of(model, "product-service/2026-01", eno_limit=each)) for each in (50_000_000, 200_000_000)
    )
    assert low.net_minor < high.net_minor
    assert next(step for step in low.waterfall.steps if step.code == "judged").amount_minor > 0
