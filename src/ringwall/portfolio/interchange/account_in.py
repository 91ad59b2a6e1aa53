"""Rows of an OED account file for cyber as policies of the book.

A row that names a product of ours, or is given one, is settled by that product. Any other row keeps OED's own terms,
and its policy stands under the product `OED`. Waiting periods are days in OED and whole hours here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from ringwall.basics import Refusal, Words, refuse
from ringwall.exposure import (
    NAICS,
    VENDOR_FIELDS,
    Organisation,
    VendorDependency,
    industry_of,
    region_of,
    vendor_name,
)
from ringwall.portfolio.book import BookPolicy, PartLimits
from ringwall.portfolio.interchange.account import HOURS_A_DAY, OED_VERSION, PARTS, PERIL, read_tie
from ringwall.portfolio.interchange.unsaid import decimal_of
from ringwall.product import OedRow, by_the_hour, oed_layer
from ringwall.terms import CompiledTerms, RetentionMode, compile_terms

OED = "OED"
"""The product of a policy that keeps OED's own terms."""
PERILS = (PERIL, "CC1")
OURS_HAVE_NONE = ("PolDed", "LayerAttachment", "LayerAggAttachment", "PolSIR", "BIPOI", "StackedPolNumber")
MODES = {mode.name.lower(): mode for mode in RetentionMode}
SPELLINGS = {"BI": "NPBI", "LIAB": "LIA"}
TAKEN_FROM_THE_ROW = ("layerparticipation", "biwaitingperiod", "bipoi")
"""Fields of a row that the policy and the terms by the hour have, and the layer need not read."""
YEAR_DAYS = 365
NOT_STATED = "ZZ"
"""The region of a row without a country."""


@dataclass(frozen=True, slots=True)
class AccountRead:
    """The policies, OED's own terms of those under the product `OED`, and a refusal for each thing that clashes."""

    policies: tuple[BookPolicy, ...]
    terms: Mapping[str, CompiledTerms]
    refusals: tuple[Refusal, ...]


def read_account(rows: Iterable[Mapping[str, str]], *, currency: str = "CNY", product: str = "") -> AccountRead:
    """One policy a row. `product` (`code/version`) is for rows that name none; without it they keep OED's terms."""
    policies: dict[str, BookPolicy] = {}
    terms: dict[str, CompiledTerms] = {}
    refusals: list[Refusal] = []
    for row in rows:
        reading = _Reading(OedRow.of(row), currency, product)
        policy = reading.policy()
        if policy and policy.number in policies:
            reading.refusals.append(_layered(policy.number, reading.row))
        if policy and policy.product == OED and not reading.refusals:
            reading.own_terms(row, policy, terms)
        if policy and not reading.refusals:
            policies[policy.number] = policy
        refusals += reading.refusals
    return AccountRead(tuple(policies.values()), terms, tuple(dict.fromkeys(refusals)))


@dataclass(slots=True)
class _Reading:
    """One row while it is read: what clashes leaves a refusal and a stand-in value."""

    row: OedRow
    currency: str
    product: str
    refusals: list[Refusal] = field(default_factory=list)

    def policy(self) -> BookPolicy | None:
        self.refusals += self._faults()
        if self.refusals:
            return None
        product, _, version = (self.row.text("FlexiPolProduct") or self.product or f"{OED}/{OED_VERSION}").partition(
            "/"
        )
        waiting = self._waiting_hours()
        parts = self._parts()
        policy = BookPolicy(
            account=self.row.text("AccNumber"),
            number=self.row.text("PolNumber"),
            organisation=self._organisation(),
            product=product,
            product_version=version,
            parts=parts,
            event_limit_minor=self._amount("LayerLimit"),
            aggregate_limit_minor=self._amount("LayerAggLimit"),
            waiting_hours=waiting,
            retention_mode=self._mode(waiting, parts),
            premium_minor=self._amount("PolNetPremium"),
            first_day=self._day("PolInceptionDate"),
            last_day=self._day("PolExpiryDate") + timedelta(days=1),
            ceded=1 - self._exact("LayerParticipation", "FlexiPolCeded", Fraction(1), lambda ceded: 1 - ceded),
            relativity=self._own_ratio("FlexiPolRelativity", Fraction(1)),
        )
        if not self.refusals and policy.first_day >= policy.last_day:
            self._fields_clash("PolExpiryDate", "PolInceptionDate")
        return policy

    def own_terms(self, row: Mapping[str, str], policy: BookPolicy, terms: dict[str, CompiledTerms]) -> None:
        """OED's terms for the whole layer: what others bear of it stands in the policy, hours in the interruption."""
        kept = {name: text for name, text in row.items() if name.strip().lower() not in TAKEN_FROM_THE_ROW}
        layer, days = oed_layer(kept), self._whole("BIPOI") or YEAR_DAYS
        if self.refusals:
            return
        if isinstance(layer, Refusal):
            self.refusals.append(layer)
            return
        hourly = by_the_hour(layer, policy.waiting_hours, policy.retention_mode, days)
        compiled = compile_terms(hourly.definition, hourly.parameters)
        if isinstance(compiled, Refusal):
            self.refusals.append(compiled)
        else:
            terms[policy.number] = compiled

    def _faults(self) -> Iterator[Refusal]:
        row = self.row
        for name in ("AccNumber", "PolNumber", "AccCurrency", "InsuredName", "AnnualRevenue", "GrossProfitMargin"):
            if not row.text(name):
                yield row.missing(name)
        for name in ("AccCurrency", "AnnualRevenueCurrency", "LimitCurrency", "DedCurrency"):
            if row.text(name) not in ("", self.currency):
                yield self._other_currency(name)
        perils = [peril for peril in row.text("PolPerilsCovered").split(";") if peril]
        if not set(perils) & set(PERILS):
            yield row.not_read("PolPerilsCovered") if perils else row.missing("PolPerilsCovered")
        if self.row.text("FlexiPolProduct") or self.product:
            for name in OURS_HAVE_NONE:
                if row.number(name) != 0:
                    yield row.not_read(name)

    def _other_currency(self, name: str) -> Refusal:
        said = self.row.text(name)
        return refuse(
            "oed_currency_other",
            f"{self.row.where} {name}",
            zh=f"OED 账户 {self.row.where} 的 {name} 为 {said}，本业务组合为 {self.currency}；请先换算，或分组合导入。",
            en=f"OED account {self.row.where}: {name} is {said}, the book is in {self.currency}; "
            "convert it first, or import it into a book of its own.",
        )

    def _organisation(self) -> Organisation:
        row, name = self.row, self.row.text("InsuredName")
        found = region_of(row.text("CountryCode"), row.text("AreaCode"), row.text("AreaName"))
        region = row.text("FlexiAccRegion") or found or NOT_STATED
        return Organisation(
            Words(name, row.text("FlexiAccNameEn") or name),
            row.text("FlexiAccCreditCode") or row.text("AccNumber"),
            self._industry(),
            region,
            self._whole("NumberOfEmployees"),
            self._whole("FlexiAccHosts") if row.text("FlexiAccHosts") else self._whole("NumberOfEmployees"),
            self._amount("AnnualRevenue"),
            self._exact("GrossProfitMargin", "FlexiAccGrossProfitMargin", Fraction(0), lambda share: share),
            self._whole("NumberOfRecords"),
            self._vendors(),
        )

    def _industry(self) -> str:
        """Our own word where the description is one, else by the sector of the NAICS code."""
        described, code = self.row.text("IndustryDescription"), self.row.text("IndustryCode1")
        if described in NAICS or (described and code == "0"):
            return described
        found = industry_of(code) if self.row.text("IndustryScheme1").upper() == "NAICS" else None
        if found is None:
            self.refusals.append(self.row.not_read("IndustryCode1"))
        return found or ""

    def _vendors(self) -> tuple[VendorDependency, ...]:
        """Our own fields name every tie; without them, the numbers of OED's."""
        own = sorted(name for name in self.row.fields if name.startswith("flexiaccvendor"))
        own.sort(key=len)
        if not own:
            return tuple(self._numbered())
        ties = [read_tie(self.row.text(name)) for name in own]
        self.refusals += [self.row.unreadable(name) for name, tie in zip(own, ties, strict=True) if tie is None]
        return tuple(tie for tie in ties if tie)

    def _numbered(self) -> Iterator[VendorDependency]:
        for kind, name in VENDOR_FIELDS.items():
            code = self._whole(name)
            vendor = vendor_name(kind, code) if code else None
            if vendor:
                yield VendorDependency(kind, vendor)
            elif code:
                self.refusals.append(self.row.unreadable(name))

    def _parts(self) -> tuple[PartLimits, ...]:
        listed = [SPELLINGS.get(code.strip(), code.strip()) for code in self.row.text("PolCoverage").split(";")]
        codes = PARTS if listed in ([""], ["CYB"]) else tuple(dict.fromkeys(listed))
        if not set(codes) <= set(PARTS):
            self.refusals.append(self.row.unreadable("PolCoverage"))
        return tuple(PartLimits(code, self._amount(f"PolLimit{code}"), self._amount(f"PolDed{code}")) for code in codes)

    def _waiting_hours(self) -> int:
        """Whole hours from days; what is no whole number of hours is refused rather than rounded."""
        own = self.row.text("FlexiPolBIWaitingHours")
        days = self._number("BIWaitingPeriod")
        if own.isdecimal():
            if decimal_of(Fraction(int(own), HOURS_A_DAY))[0] != decimal_of(days)[0]:
                self._fields_clash("BIWaitingPeriod", "FlexiPolBIWaitingHours")
            return int(own)
        hours = days * HOURS_A_DAY
        if hours.denominator != 1:
            self.refusals.append(self._no_whole_hours(days))
        return int(hours)

    def _no_whole_hours(self, days: Fraction) -> Refusal:
        text, hours = self.row.text("BIWaitingPeriod"), decimal_of(days * HOURS_A_DAY)[0]
        return refuse(
            "oed_waiting_period",
            f"{self.row.where} BIWaitingPeriod",
            zh=f"OED 账户 {self.row.where} 的 BIWaitingPeriod 为 {text} 天，合 {hours} 小时，不是整小时数；"
            "条款的等待期以整小时计，请写成 n/24 天的小数。",
            en=f"OED account {self.row.where}: BIWaitingPeriod is {text} days, which are {hours} hours; "
            "a waiting period counts whole hours, so state days that are a number of them.",
        )

    def _mode(self, waiting: int, parts: tuple[PartLimits, ...]) -> RetentionMode:
        """OED does not say how a waiting period and a deductible of the interruption go together."""
        said = self.row.text("FlexiPolBIRetentionMode")
        if said in MODES:
            return MODES[said]
        deductible = next((part.deductible_minor for part in parts if part.part == "NPBI"), 0)
        if said or (waiting and deductible):
            self._fields_clash("BIWaitingPeriod", "PolDedNPBI")
        return RetentionMode.WAITING_ONLY if waiting else RetentionMode.DEDUCTIBLE_ONLY

    def _fields_clash(self, name: str, other: str) -> None:
        row = self.row
        self.refusals.append(
            refuse(
                "oed_fields_clash",
                f"{row.where} {name}",
                zh=f"OED 账户 {row.where} 的 {name}「{row.text(name)}」与 {other}「{row.text(other)}」不能并存"
                "或无法确定如何并用；请更正其一。",
                en=f"OED account {row.where}: {name} “{row.text(name)}” and {other} “{row.text(other)}” do not go "
                "together, or it is not said how; correct one of them.",
            )
        )

    def _exact(self, name: str, own: str, default: Fraction, of_own: Callable[[Fraction], Fraction]) -> Fraction:
        """A share; our own field has it where no decimal does, and has to agree with the decimal."""
        share = self.row.share(name) if self.row.text(name) else default
        if share is None:
            self.refusals.append(self.row.unreadable(name))
            return default
        if not self.row.text(own):
            return share
        exact = of_own(self._own_ratio(own, default))
        if decimal_of(exact)[0] != decimal_of(share)[0]:
            self._fields_clash(name, own)
        return exact

    def _own_ratio(self, name: str, default: Fraction) -> Fraction:
        text = self.row.text(name)
        try:
            return Fraction(text) if text else default
        except (ValueError, ZeroDivisionError):
            self.refusals.append(self.row.unreadable(name))
            return default

    def _amount(self, name: str) -> int:
        minor = self.row.amount(name)
        if isinstance(minor, Refusal):
            self.refusals.append(minor)
            return 0
        return minor

    def _number(self, name: str) -> Fraction:
        try:
            found = Decimal(self.row.text(name) or "0")
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and found >= 0:
            return Fraction(found)
        self.refusals.append(self.row.unreadable(name))
        return Fraction(0)

    def _whole(self, name: str) -> int:
        number = self._number(name)
        if number.denominator != 1:
            self.refusals.append(self.row.unreadable(name))
        return int(number)

    def _day(self, name: str) -> date:
        day = self.row.day(name)
        if day is None:
            self.refusals.append(self.row.unreadable(name) if self.row.text(name) else self.row.missing(name))
        return day or date.min


def _layered(number: str, row: OedRow) -> Refusal:
    return refuse(
        "oed_policy_layered",
        row.where,
        zh=f"保单 {number} 在 OED 账户文件中有不止一层；业务组合中一张保单为一层，请为各层使用不同的 PolNumber。",
        en=f"Policy {number} has more than one layer in the OED account file, a policy of the book has one; "
        "give each layer a PolNumber of its own.",
    )
