"""A bound policy and a settled claim of the case that the main job tells, ready to be printed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.shell.documents.bound_case import UNEXPLAINED, content_of, settled

from ringwall.basics import SHANGHAI, Words, year_of_cover
from ringwall.catalogue import read_folder
from ringwall.policy import (
    PolicyVersion,
    ScheduleDocument,
    VersionKind,
    schedule,
)
from ringwall.product import Product, parse_product
from ringwall.shell.documents import SettlementLetter
from ringwall.underwriting import Explanation


@pytest.fixture(scope="session")
def product() -> Product:
    read = parse_product(read_folder("products", "enterprise-cyber", "2026-01"))
    assert isinstance(read, Product), read
    return read


@pytest.fixture(scope="session")
def document(product: Product) -> ScheduleDocument:
    """Every clause that takes something away was explained but one."""
    takeaways = [clause.number for clause in product.clauses if clause.takes_away]
    shown = datetime(2025, 12, 22, 10, tzinfo=SHANGHAI)
    explained = [
        Explanation(number, product.version, shown, "web page", "ab" * 32, "Ms Lin", shown)
        for number in takeaways
        if number != UNEXPLAINED
    ]
    bound_at = datetime(2025, 12, 29, 10, tzinfo=SHANGHAI)
    period = year_of_cover(date(2026, 1, 1))
    content = content_of(product, {number: number != UNEXPLAINED for number in takeaways})
    because = Words("新保", "new business")
    return schedule("P-0001", PolicyVersion(VersionKind.ISSUED, period.start, bound_at, content, because), explained)


@pytest.fixture(scope="session")
def letter(product: Product) -> SettlementLetter:
    return settled(product)
