"""The market's shelf: which product versions are filed, and which may be sold on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ringwall.basics import Words
from ringwall.product import FilingStatus, Product


@dataclass(frozen=True, slots=True)
class FiledProduct:
    """One filed version as the market sees it; `on_sale` says whether it may be quoted on the day asked for."""

    code: str
    version: str
    title: Words
    registration: str
    status: FilingStatus
    filed_on: date
    valid_from: date
    valid_until: date
    parts: tuple[str, ...]
    clauses: int
    sha256: str
    on_sale: bool


def filed_products(products: Iterable[Product], day: date) -> tuple[FiledProduct, ...]:
    """Every filed version by code, newest first; drafts are nobody's business yet."""
    filed = [p for p in products if p.filing.status is not FilingStatus.DRAFT]
    newest_first = sorted(filed, key=lambda p: p.version, reverse=True)
    return tuple(_filed(product, day) for product in sorted(newest_first, key=lambda p: p.code))


def _filed(product: Product, day: date) -> FiledProduct:
    filing = product.filing
    return FiledProduct(
        product.code,
        product.version,
        product.title,
        filing.number,
        filing.status,
        filing.filed_on,
        filing.valid_from,
        filing.valid_until,
        tuple(part.code for part in product.parts),
        len(product.clauses),
        product.sha256,
        filing.allows(day),
    )
