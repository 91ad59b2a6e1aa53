"""One row of an OED account file: its fields by name, amounts as whole minor units, what is not read as refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from ringwall.basics import Refusal, refuse

DECIMALS = {"CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "SGD": 2, "AUD": 2, "CHF": 2, "JPY": 0, "KRW": 0}
"""Minor units of a currency by ISO 4217; another currency is refused rather than guessed."""
NAMES = ("PortNumber", "AccNumber", "PolNumber", "LayerNumber")


@dataclass(frozen=True, slots=True)
class OedRow:
    """Fields by their names in small letters, as OED reads them; a blank field is an absent one."""

    fields: Mapping[str, str]
    spelled: Mapping[str, str]
    """How the file writes the name of each field."""

    @classmethod
    def of(cls, row: Mapping[str, str]) -> OedRow:
        stripped = ((name.strip(), (text or "").strip()) for name, text in row.items())
        filled = [(name, text) for name, text in stripped if text]
        return cls({name.lower(): text for name, text in filled}, {name.lower(): name for name, _ in filled})

    @property
    def where(self) -> str:
        """Portfolio, account, policy and layer, as far as the row names them."""
        return "/".join(self.text(name) for name in NAMES if self.text(name)) or "OED"

    def text(self, name: str) -> str:
        return self.fields.get(name.lower(), "")

    def missing(self, name: str) -> Refusal:
        return refuse(
            "oed_field_missing",
            self.where,
            zh=f"OED 账户 {self.where} 缺少必填字段 {name}；请补填后重新导入。",
            en=f"OED account {self.where} lacks the required field {name}; fill it in and import again.",
        )

    def not_read(self, name: str) -> Refusal:
        text, name = self.text(name), self.spelled.get(name, name)
        return refuse(
            "oed_field_not_read",
            self.where,
            zh=f"OED 账户 {self.where} 的字段 {name} 为「{text}」，其含义在此不予执行；"
            "请将该条件写入保险产品，或清空该字段。",
            en=f"OED account {self.where}: the field {name} says “{text}”, which is not carried out here; "
            "state that term in a product, or leave the field empty.",
        )

    def unreadable(self, name: str) -> Refusal:
        text = self.text(name)
        return refuse(
            "oed_field_unreadable",
            self.where,
            zh=f"OED 账户 {self.where} 的字段 {name} 为「{text}」，不是可用的值；请按 OED 的类型与范围填写。",
            en=f"OED account {self.where}: the field {name} says “{text}”, which is no value of its type and range; "
            "correct it by the OED specification.",
        )

    def number(self, name: str) -> Decimal | None:
        """The number that stands there, nil where nothing does; None where it is no number at or above nil."""
        try:
            found = Decimal(self.text(name) or "0")
        except InvalidOperation:
            return None
        return found if found.is_finite() and found >= 0 else None

    def amount(self, name: str) -> int | Refusal:
        """An amount in whole minor units of the account's currency."""
        found = self.number(name)
        minor = None if found is None else found.scaleb(DECIMALS[self.text("AccCurrency")])
        if minor is None or minor != minor.to_integral_value():
            return self.unreadable(name)
        return int(minor)

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    def share(self, name: str) -> Fraction | None:
        """A share from nil to one; one where the field is blank, as OED has it."""
        found = self.number(name) if self.text(name) else Decimal(1)
        return Fraction(found) if found is not None and found <= 1 else None

    def stated(self) -> Iterator[str]:
        """The fields that say something other than nil."""
        return (name for name in self.fields if self.number(name) != 0)
