"""The shelf of filed products, read from the catalogue's own version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import ringwall
from ringwall.market import filed_products
from ringwall.product import FilingStatus, Product, parse_product


@pytest.fixture(scope="module")
def product() -> Product:
    folder = Path(ringwall.__file__).parent / "catalogue/products/enterprise-cyber/2026-01"
    texts = {str(p.relative_to(folder)): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}
    read = parse_product(texts)
    assert isinstance(read, Product), read
    return read


def test_a_filed_version_is_on_sale_only_within_its_dates(product: Product) -> None:
    first, end, one = product.filing.valid_from, product.filing.valid_until, timedelta(days=1)
    days = {first - one: False, first: True, end - one: True, end: False}
    assert {day: filed_products([product], day)[0].on_sale for day in days} == days


def test_versions_stand_newest_first_and_drafts_are_not_shown(product: Product) -> None:
    older = replace(product, version="2025-01")
    draft = replace(product, version="2027-01", filing=replace(product.filing, status=FilingStatus.DRAFT))
    found = filed_products([older, draft, product], date(2026, 6, 1))
    assert [filed.version for filed in found] == [product.version, "2025-01"]
    assert found[0].registration == product.filing.number
    assert found[0].parts == tuple(part.code for part in product.parts)


def test_a_withdrawn_version_stays_on_the_shelf_but_is_not_on_sale(product: Product) -> None:
    withdrawn = replace(product, filing=replace(product.filing, status=FilingStatus.WITHDRAWN))
    (filed,) = filed_products([withdrawn], date(2026, 6, 1))
    assert (filed.status, filed.on_sale) == (FilingStatus.WITHDRAWN, False)
