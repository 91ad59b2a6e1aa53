"""The case of the main job, ready to be priced."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.price.priced_case import JIANGKOU

from ringwall.catalogue import read_folder
from ringwall.price import FiledRates, Offer, PricingBasis, parse_rates, prepare
from ringwall.product import Product, compile_schedule, make_schedule, parse_product
from ringwall.risk import FILES, RiskModel, parse_model
from ringwall.terms import CompiledTerms

Compile = Callable[..., CompiledTerms]


@pytest.fixture(scope="session")
def model() -> RiskModel:
    parsed = parse_model({name: text for name, text in read_folder("models", "2026-01").items() if name in FILES})
    assert isinstance(parsed, RiskModel), parsed
    return parsed


@pytest.fixture(scope="session")
def rates_text() -> str:
    return read_folder("rates")["enterprise-cyber-2026-01.yaml"]


@pytest.fixture(scope="session")
def rates(rates_text: str) -> FiledRates:
    parsed = parse_rates(rates_text)
    assert isinstance(parsed, FiledRates), parsed
    return parsed


@pytest.fixture(scope="session")
def product() -> Product:
    parsed = parse_product(read_folder("products", "enterprise-cyber", "2026-01"))
    assert isinstance(parsed, Product), parsed
    return parsed


@pytest.fixture(scope="session")
def compiled(product: Product) -> Compile:
    """The product's terms under a schedule with these choices."""

    def make(**choices: int) -> CompiledTerms:
        schedule = make_schedule(product, choices)
        terms = compile_schedule(product, schedule)  # type: ignore[arg-type]
        assert isinstance(terms, CompiledTerms), terms
        return terms

    return make


@pytest.fixture(scope="session")
def offer(product: Product, compiled: Compile) -> Offer:
    default = compiled()
    return Offer(product.code, product.version, default, default)


@pytest.fixture(scope="session")
def basis(model: RiskModel, rates: FiledRates, offer: Offer) -> PricingBasis:
    prepared = prepare(model, rates, offer, JIANGKOU)
    assert isinstance(prepared, PricingBasis), prepared
    return prepared
