"""A provider's rate card, proposed and answered, and the check of an invoice against it, line by line.

A card of the house prices a person-day of each grade (form of GB/T 42461); one that a provider proposes prices each
service that it offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse, round_fraction, yuan

LONGEST_PAYMENT_DAYS = 60
"""The longest a payer may take from the acceptance of the work (State Council Decree 802 of 2025-03-17, article 9)."""


class PriceUnit(StrEnum):
    """What a price of a card is for."""

    PERSON_DAY = "person_day"
    ORDER = "order"


UNIT_NAMES: Mapping[PriceUnit, Words] = {
    PriceUnit.PERSON_DAY: Words("人天", "person-day"),
    PriceUnit.ORDER: Words("次", "order"),
}


@dataclass(frozen=True, slots=True)
class RateCard:
    """A provider's prices in whole fen, on [valid_from, valid_until): of a person-day by grade, or by service.

    `units` is empty on a card by grade, which holds for every service; else it names the unit of each service priced.
    An invoice is due `payment_days` after the work was accepted.
    """

    provider: str
    price_minor: Mapping[str, int]
    valid_from: date
    valid_until: date
    names: Mapping[str, Words] = field(default_factory=dict)
    payment_days: int = LONGEST_PAYMENT_DAYS
    number: str = ""
    units: Mapping[str, PriceUnit] = field(default_factory=dict)

    def holds(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_until

    def unit_of(self, line: str) -> PriceUnit:
        return self.units.get(line, PriceUnit.PERSON_DAY)

    def of_service(self, service: str) -> RateCard | None:
        """What of the card applies to a service; nothing where it does not price that service."""
        if not self.units:
            return self
        price = self.price_minor.get(service)
        return None if price is None else replace(self, price_minor={service: price})


@dataclass(frozen=True, slots=True)
class CardLine:
    """One price that a provider proposes: whole fen without VAT for a unit of a service."""

    service: str
    price_minor: int
    unit: PriceUnit


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """An insurer's answer to a proposed card: who accepted or declined it, when and why."""

    number: str
    accepted: bool
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """Work as charged, by a grade or a service of the card; person-days (or units) may be parts of one."""

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
    if not _term_is_lawful(int(row["payment_days"])):
        raise ValueError(f"{row['provider']}: payment_days {row['payment_days']}")
    return RateCard(
        row["provider"],
        {each["grade"]: int(each["day_price_minor"]) for each in row["grades"]},
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_until"]),
        {each["grade"]: Words(each["zh"], each["en"]) for each in row["grades"]},
        int(row["payment_days"]),
    )


def card_for(cards: Iterable[RateCard], provider: str, service: str, day: date) -> RateCard | Refusal:
    """What a provider's work on a service costs on a day: of the cards that hold, the one that began last."""
    holding = (card.of_service(service) for card in cards if card.provider == provider and card.holds(day))
    found = max((card for card in holding if card is not None), key=lambda card: card.valid_from, default=None)
    return found or refuse(
        "rate_card_missing",
        provider,
        zh=f"服务机构 {provider} 在 {day} 没有涵盖 {service} 的已认可价目表，不能下单或开票；请由其提出价目表，"
        "保险人认可后再办。",
        en=f"The provider {provider} has no accepted rate card with {service} that holds on {day}, so nothing is "
        "ordered from it or invoiced; let it propose one, and have the insurer accept it.",
    )


def propose_card(
    card: RateCard, lines: Sequence[CardLine], services: Mapping[str, Words], day: date
) -> RateCard | Refusal:
    """The card with the lines that a provider proposes, each once and above nil, or what is wrong with it."""
    codes = [line.service for line in lines]
    unknown = next((code for code in codes if code not in services or codes.count(code) > 1), None)
    wrong = next((line for line in lines if line.price_minor <= 0), None)
    if not lines or unknown is not None or wrong is not None:
        what = unknown or (f"{wrong.service} {yuan(wrong.price_minor)}" if wrong else "—")
        return refuse(
            "rate_card_lines_wrong",
            card.provider,
            zh=f"价目表共 {len(lines)} 行，其中 {what} 不成立：每项目录服务至多一行，单价须大于零；请更正后再提出。",
            en=f"The card has {len(lines)} lines and {what} does not hold: a service of the catalogue stands once, "
            "with a price above nil; correct it and propose again.",
        )
    if not card.valid_from < card.valid_until or card.valid_until <= day or not _term_is_lawful(card.payment_days):
        return refuse(
            "rate_card_dates_wrong",
            card.provider,
            zh=f"价目表有效期 [{card.valid_from}, {card.valid_until})、付款期 {card.payment_days} 天，提出日 {day}："
            f"期间须在未来终止，付款期为 0 至 {LONGEST_PAYMENT_DAYS} 天；请更正。",
            en=f"The card holds on [{card.valid_from}, {card.valid_until}) and is paid in {card.payment_days} days, "
            f"the day is {day}: it must end in the future and be paid in 0 to {LONGEST_PAYMENT_DAYS} days; correct it.",
        )
    return replace(
        card,
        price_minor={line.service: line.price_minor for line in lines},
        units={line.service: line.unit for line in lines},
        names={line.service: services[line.service] for line in lines},
    )


def answer_card(
    card: RateCard, before: Iterable[CardAnswer], *, yes: bool, by: str, at: datetime, reason: str
) -> CardAnswer | Refusal:
    """The answer to a proposed card; a no gives its reason, and what was accepted holds until its last day."""
    if any(each.number == card.number and each.accepted for each in before):
        return refuse(
            "rate_card_accepted_before",
            card.number,
            zh=f"价目表 {card.number} 已被认可，至 {card.valid_until} 有效，不再改答；如需变更，请服务机构另提一份。",
            en=f"The card {card.number} was accepted and holds until {card.valid_until}, so it is not answered again; "
            "let the provider propose another one.",
        )
    if not yes and not reason.strip():
        return refuse(
            "rate_card_answer_without_reason",
            card.number,
            zh=f"不认可价目表 {card.number}，却没有写明理由；请写明理由后再提交。",
            en=f"The card {card.number} is declined and no reason is given; give the reason and send it again.",
        )
    return CardAnswer(card.number, yes, by, at, reason.strip())


def accepted_cards(proposed: Iterable[RateCard], answers: Iterable[CardAnswer]) -> tuple[RateCard, ...]:
    """The proposed cards that an insurer has accepted."""
    numbers = {each.number for each in answers if each.accepted}
    return tuple(card for card in proposed if card.number in numbers)


def _term_is_lawful(days: int) -> bool:
    return 0 <= days <= LONGEST_PAYMENT_DAYS


def check_invoice(invoice: ServiceInvoice, card: RateCard) -> InvoiceCheck:
    """Each line by its grade's price, rounded once for the line; a line above the card is refused with the amount."""
    refusals: list[Refusal] = []
    if card.provider != invoice.provider or not card.holds(invoice.worked_on):
        refusals.append(_other_card(invoice, card))
    total = 0
    for place, line in enumerate(invoice.lines, start=1):
        where = f"{invoice.number}#{place}"
        price = card.price_minor.get(line.grade)
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
    grades = "、".join(card.price_minor)
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
