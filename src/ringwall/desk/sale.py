"""What is on sale: which filed product version is quoted from which day, with its rates, authority and questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import yaml

from ringwall.basics import Refusal, read_yaml, refuse
from ringwall.price import FiledRates
from ringwall.product import FilingStatus, Product
from ringwall.underwriting import Authority, Questionnaire


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One row of the list: a version, from when until when, and the files that it is sold with, by name."""

    product: str
    version: str
    first: date
    until: date | None
    authority: str
    questions: str

    @property
    def name(self) -> str:
        return f"{self.product}/{self.version}"


@dataclass(frozen=True, slots=True)
class OnSale:
    """A version with all that it is sold with; quoted on days in [first, until)."""

    product: Product
    first: date
    until: date | None
    rates: FiledRates
    authority: Authority
    questionnaire: Questionnaire

    def on(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day < self.until) and self.product.filing.allows(day)


def read_sale(text: str, where: str) -> tuple[SaleRow, ...] | Refusal:
    """The list of what is on sale; a row without its source is a fault."""
    try:
        rows = tuple(_row(row) for row in read_yaml(text)["versions"])
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        return refuse(
            "sale_faulty",
            where,
            zh=f"在售清单无法读取：{fault}；请更正后重新载入。",
            en=f"The list of what is on sale cannot be read: {fault}; correct it and load it again.",
        )
    return rows


def _row(row: Mapping[str, str]) -> SaleRow:
    if not row["source"]:
        raise ValueError("source")
    until = date.fromisoformat(row["until"]) if "until" in row else None
    first = date.fromisoformat(row["from"])
    return SaleRow(row["product"], row["version"], first, until, row["authority"], row["questions"])


def newest_on_sale(sale: Iterable[OnSale], code: str, day: date) -> OnSale | None:
    """The version of a product that went on sale last and still is."""
    found = [each for each in sale if each.product.code == code and each.on(day)]
    return max(found, key=lambda each: (each.first, each.product.version), default=None)


def quotable(
    versions: Mapping[str, Product], filed: Mapping[str, str], sale: Mapping[str, OnSale], name: str, day: date
) -> OnSale | Refusal:
    """The version `code/version` with all that it is sold with, if it may be quoted on the day; else why not."""
    product, found, offer = versions.get(name), sale.get(name), _offer(sale.values(), day)
    if product is None:
        return _unknown(name, offer, day)
    status = product.filing.status
    if status is FilingStatus.DRAFT or filed.get(name) != product.sha256:
        return refuse(
            "product_not_filed",
            name,
            zh=f"产品 {name} 未按现有文件备案（备案状态 {status}），不能报价；请先完成备案，或选用：{offer}。",
            en=f"{name} is not filed as it stands (filing {status}) and cannot be quoted; file it first, "
            f"or take one of: {offer}.",
        )
    if found is None:
        return refuse(
            "product_without_rates",
            name,
            zh=f"产品 {name} 已备案但没有在售的备案费率；请先备案费率并列入在售清单，或选用：{offer}。",
            en=f"{name} is filed but is not listed with filed rates; file its rates and list it, "
            f"or take one of: {offer}.",
        )
    return found if found.on(day) else _not_now(found, name, offer, day)


def unknown_product(code: str, sale: Iterable[OnSale], day: date) -> Refusal:
    """No version of this code is in the catalogue."""
    return _unknown(code, _offer(sale, day), day)


def _not_now(found: OnSale, name: str, offer: str, day: date) -> Refusal:
    filing = found.product.filing
    first = max(found.first, filing.valid_from)
    if day < first and filing.status is FilingStatus.ACTIVE:
        return refuse(
            "product_not_yet_on_sale",
            name,
            zh=f"产品 {name} 自 {first} 起在售，询价日为 {day}；请于该日后询价，或选用：{offer}。",
            en=f"{name} is on sale from {first}, the day is {day}; ask again from then on, or take one of: {offer}.",
        )
    end = min(filing.valid_until, found.until or filing.valid_until)
    return refuse(
        "product_withdrawn",
        name,
        zh=f"产品 {name} 已停售（备案状态 {filing.status}，止于 {end}），询价日为 {day}；请选用：{offer}。",
        en=f"{name} is no longer sold (filing {filing.status}, until {end}), the day is {day}; take one of: {offer}.",
    )


def _unknown(name: str, offer: str, day: date) -> Refusal:
    return refuse(
        "product_unknown",
        name,
        zh=f"产品 {name} 不在目录中；{day} 在售：{offer}，请选用其中之一。",
        en=f"{name} is not in the catalogue; on sale on {day}: {offer}; choose one of them.",
    )


def _offer(sale: Iterable[OnSale], day: date) -> str:
    return ", ".join(f"{each.product.code}/{each.product.version}" for each in sale if each.on(day)) or "—"
