"""A small book of the catalogue's own model, product and opening file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import ringwall
from ringwall.portfolio import BookPolicy, BookResult, compile_book, read_portfolio, simulate_book
from ringwall.product import Product, parse_product
from ringwall.risk import FILES, RiskModel, parse_model
from ringwall.terms import CompiledTerms

CATALOGUE = Path(ringwall.__file__).parent / "catalogue"
YEARS, SEED = 300, 2026


@dataclass(frozen=True)
class SmallBook:
    policies: tuple[BookPolicy, ...]
    terms: dict[str, CompiledTerms]
    model: RiskModel
    product: Product
    result: BookResult


@pytest.fixture(scope="session")
def opening_text() -> str:
    return (CATALOGUE / "book/opening.csv").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def model() -> RiskModel:
    read = parse_model({name: (CATALOGUE / "models/2026-01" / name).read_text("utf-8") for name in FILES})
    assert isinstance(read, RiskModel), read
    return read


@pytest.fixture(scope="session")
def product() -> Product:
    folder = CATALOGUE / "products/enterprise-cyber/2026-01"
    texts = {str(p.relative_to(folder)): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}
    read = parse_product(texts)
    assert isinstance(read, Product), read
    return read


@pytest.fixture(scope="session")
def small(opening_text: str, model: RiskModel, product: Product) -> SmallBook:
    policies = read_portfolio(opening_text).rows[:40]
    compiled = compile_book(policies, {(product.code, product.version): product})
    assert compiled.refusals == ()
    result = simulate_book(policies, compiled.terms, model, YEARS, SEED)
    return SmallBook(policies, dict(compiled.terms), model, product, result)
