"""Check of a provider's invoice against its rate card: the sum of grade price × person-days (form of GB/T 42461)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse, round_fraction, yuan

LONGEST_PAYMENT_DAYS = 60
"""The longest a payer may take from the acceptance of the work (State Council Decree 802 of 2025-03-17, article 9)."""


@dataclass(frozen=True, slots=True)
class RateCard:
    """A provider's agreed prices: whole fen for a person-day of each grade, on [valid_from, valid_until).

    An invoice is due `payment_days` after the work was accepted.
    """

    provider: str
    day_price_minor: Mapping[str, int]
    valid_from: date
    valid_until: date
    names: Mapping[str, Words] = field(default_factory=dict)
    payment_days: int = LONGEST_PAYMENT_DAYS

    def holds(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_until


@dataclass(frozen=True, slots=True)
class WorkLine:
    """Work of one grade as charged; person-days may be parts of a day."""

    grade: str
    person_days: Fraction
    charged_minor: int


@dataclass(frozen=True, slots=True)
class ServiceInvoice:
    """A provider's invoice for an order, without VAT."""

    number: str
    order: str
    provider: str
    worked_on: date
    lines: tuple[WorkLine, ...]

    @property
    def charged_minor(self) -> int:
        return sum(line.charged_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class InvoiceCheck:
    """What the rate card gives, and by how much the invoice is above (+) or below (−) it."""

    invoice: str
    by_rate_card_minor: int
    charged_minor: int
    refusals: tuple[Refusal, ...]

    @property
    def deviation_minor(self) -> int:
        return self.charged_minor - self.by_rate_card_minor

    @property
    def is_accepted(self) -> bool:
        return not self.refusals


def parse_rate_cards(text: str, where: str) -> tuple[RateCard, ...] | Refusal:
    """The rate cards of a YAML file; a row that cannot be read refuses the file."""
    try:
        return tuple(_card(row) for row in read_yaml(text)["cards"])
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        detail = " ".join(str(fault).split())
        return refuse(
            "rate_cards_faulty",
            where,
            zh=f"价目表无法读取：{detail}；请更正后重新载入。",
            en=f"The rate cards cannot be read: {detail}; correct them and load them again.",
        )


def _card(row: Mapping[str, Any]) -> RateCard:
    if not 0 <= int(row["payment_days"]) <= LONGEST_PAYMENT_DAYS:
        raise ValueError(f"{row['provider']}: payment_days {row['payment_days']}")
    return RateCard(
        row["provider"],
        {each["grade"]: int(each["day_price_minor"]) for each in row["grades"]},
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_until"]),
        {each["grade"]: Words(each["zh"], each["en"]) for each in row["grades"]},
        int(row["payment_days"]),
    )


def card_for(cards: Iterable[RateCard], provider: str, day: date) -> RateCard | Refusal:
    """The card under which a provider's work of a day is charged."""
    found = next((card for card in cards if card.provider == provider and card.holds(day)), None)
    return found or refuse(
        "rate_card_missing",
        provider,
        zh=f"服务机构 {provider} 在 {day} 没有有效的价目表；请先约定价目表，再开票。",
        en=f"The provider {provider} has no rate card for {day}; agree on one, then invoice.",
    )


def check_invoice(invoice: ServiceInvoice, card: RateCard) -> InvoiceCheck:
    """Each line by its grade's price, rounded once for the line; a line above the card is refused with the amount."""
    refusals: list[Refusal] = []
    if card.provider != invoice.provider or not card.holds(invoice.worked_on):
        refusals.append(_other_card(invoice, card))
    total = 0
    for place, line in enumerate(invoice.lines, start=1):
        where = f"{invoice.number}#{place}"
        price = card.day_price_minor.get(line.grade)
        if price is None:
            refusals.append(_unknown_grade(where, line, card))
            continue
        agreed = round_fraction(price * line.person_days)
        total += agreed
        if line.charged_minor > agreed:
            refusals.append(_too_high(where, line, price, agreed))
    return InvoiceCheck(invoice.number, total, invoice.charged_minor, tuple(refusals))


def _other_card(invoice: ServiceInvoice, card: RateCard) -> Refusal:
    return refuse(
        "rate_card_does_not_apply",
        invoice.number,
        zh=f"发票为 {invoice.provider}、{invoice.worked_on} 的工作，价目表属 {card.provider}、"
        f"[{card.valid_from}, {card.valid_until})；"
        "请使用对应的价目表。",
        en=f"The invoice is for work of {invoice.provider} on {invoice.worked_on}, the card is of {card.provider} for "
        f"[{card.valid_from}, {card.valid_until}); use the card that applies.",
    )


def _unknown_grade(where: str, line: WorkLine, card: RateCard) -> Refusal:
    grades = "、".join(card.day_price_minor)
    return refuse(
        "grade_unknown",
        where,
        zh=f"级别 {line.grade} 不在价目表中（{grades}）；请按价目表级别开票。",
        en=f"Grade {line.grade} is not on the rate card ({grades}); invoice by a grade of the card.",
    )


def _too_high(where: str, line: WorkLine, price: int, agreed: int) -> Refusal:
    return refuse(
        "above_rate_card",
        where,
        zh=f"{line.grade} {line.person_days} 人天 × {yuan(price)} 元 = {yuan(agreed)} 元，发票为 "
        f"{yuan(line.charged_minor)} 元；"
        "请更正发票或说明理由。",
        en=f"{line.grade}: {line.person_days} person-day(s) × CNY {yuan(price)} = CNY {yuan(agreed)}, the invoice says "
        f"CNY {yuan(line.charged_minor)}; correct it or give the reason.",
    )
