"""Policies of the book as rows of an OED account file for cyber.

OED has no field for the product, the way of the interruption's retention, the relativity or a vendor without a number.
Such things stand in fields of our own (`FlexiAcc…`, `FlexiPol…`, which OED allows) and in the list of what is unsaid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from ringwall.basics import Refusal, Words, refuse
from ringwall.exposure import NAICS, VENDOR_FIELDS, VendorDependency, VendorKind, country_of, vendor_code
from ringwall.portfolio.book import BookPolicy
from ringwall.portfolio.interchange.unsaid import LONGEST_OWN_FIELD, Unsaid, amount_of, decimal_of
from ringwall.product import COVERAGES, DECIMALS
from ringwall.risk import NO_RELIEF

OED_VERSION = "4.0.0"
PERIL = "CSB"
"""Cyber security, data and privacy breach; our products insure no property damage."""
PARTS = tuple(code for code, _ in COVERAGES.values())
HOURS_A_DAY = 24
PLAIN = (
    "OEDVersion", "PortNumber", "AccNumber", "AccCurrency", "PolNumber", "LayerNumber", "PolPerilsCovered",
    "PolInceptionDate", "PolExpiryDate", "PolNetPremium", "InsuredName", "IndustryScheme1", "IndustryCode1",
    "IndustryVintage1", "IndustryDescription", "CountryCode", "AreaName", "NumberOfEmployees", "AnnualRevenue",
    "AnnualRevenueCurrency", "GrossProfitMargin", "NumberOfRecords", *VENDOR_FIELDS.values(), "PolCoverage",
    *(f"Pol{term}{part}" for part in PARTS for term in ("Limit", "Ded")), "PolDed", "LayerAttachment", "LayerLimit",
    "LayerAggLimit", "LayerParticipation", "BIWaitingPeriod", "LimitCurrency", "DedCurrency",
)  # fmt: skip
"""The fields of OED that are written, in the order of the file; fields of our own come after them."""
OWN = Words("OED 没有此字段；其他系统读不到", "OED has no such field; other systems do not read it")
INEXACT = Words(
    "小数无法精确表示该份额，OED 字段为其近似值", "no decimal is exactly this share; OED's field is close to it"
)
TOO_LONG = Words(
    f"超过 {LONGEST_OWN_FIELD} 个字符，自有字段放不下",
    f"it is longer than the {LONGEST_OWN_FIELD} characters of a field of our own",
)
NO_NUMBER = Words("OED 的清单没有这一取值", "OED's list has no number for it")


@dataclass(frozen=True, slots=True)
class AccountFile:
    """Rows by the names of their fields, what they cannot say, and the policies that OED would say wrongly."""

    fields: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    unsaid: tuple[Unsaid, ...]
    refusals: tuple[Refusal, ...]


def account_file(policies: Iterable[BookPolicy], *, portfolio: str = "1", currency: str = "CNY") -> AccountFile:
    """One row a policy: each is one layer from the ground, up to its event limit."""
    rows: list[dict[str, str]] = []
    unsaid: list[Unsaid] = []
    refusals: list[Refusal] = []
    for policy in policies:
        wrong = list(_said_wrongly(policy))
        refusals += wrong
        if not wrong:
            row = _Row(policy, DECIMALS[currency])
            row.write(portfolio, currency)
            rows.append(row.cells)
            unsaid += row.unsaid
    own = dict.fromkeys(name for row in rows for name in row if name not in PLAIN)
    return AccountFile((*PLAIN, *sorted(own)), tuple(rows), tuple(unsaid), tuple(refusals))


def _said_wrongly(policy: BookPolicy) -> Iterator[Refusal]:
    """A limit of nil pays nothing with us and is no limit at all in OED; an unknown part has no column."""
    amounts = {"LayerLimit": policy.event_limit_minor, "LayerAggLimit": policy.aggregate_limit_minor}
    for name, minor in (amounts | {f"PolLimit{p.part}": p.limit_minor for p in policy.parts}).items():
        if not minor:
            yield refuse(
                "oed_nil_limit",
                f"{policy.number} {name}",
                zh=f"保单 {policy.number} 的 {name} 为零，即不赔付；OED 中零表示无限额。"
                "请删去该责任或填写限额后再导出。",
                en=f"{name} of policy {policy.number} is nil, which pays nothing; in OED nil is no limit. "
                "Leave that part out or state its limit, then export again.",
            )
    for limits in policy.parts:
        if limits.part not in PARTS:
            yield refuse(
                "oed_part_unknown",
                f"{policy.number} {limits.part}",
                zh=f"保单 {policy.number} 的责任 {limits.part} 不在 OED 的责任（{'、'.join(PARTS)}）之内；请改用其一。",
                en=f"The part {limits.part} of policy {policy.number} is none of OED's ({', '.join(PARTS)}); "
                "use one of them.",
            )


@dataclass(slots=True)
class _Row:
    """One row while it is written."""

    policy: BookPolicy
    decimals: int
    cells: dict[str, str] = field(default_factory=dict)
    unsaid: list[Unsaid] = field(default_factory=list)

    def write(self, portfolio: str, currency: str) -> None:
        policy = self.policy
        self.cells |= {
            "OEDVersion": OED_VERSION,
            "PortNumber": portfolio,
            "AccNumber": policy.account,
            "AccCurrency": currency,
            "PolNumber": policy.number,
            "LayerNumber": "1",
            "PolPerilsCovered": PERIL,
            "PolInceptionDate": policy.first_day.isoformat(),
            "PolExpiryDate": (policy.last_day - timedelta(days=1)).isoformat(),
            "PolNetPremium": self.amount(policy.premium_minor),
            "AnnualRevenueCurrency": currency,
            "LimitCurrency": currency,
            "DedCurrency": currency,
        }
        self.exposure()
        self.vendors(policy.organisation.dependencies)
        self.terms()
        self.own("FlexiPolProduct", "product", f"{policy.product}/{policy.product_version}")
        self.own("FlexiPolBIRetentionMode", "retention_mode", policy.retention_mode.name.lower())
        if policy.relativity != 1:
            self.own("FlexiPolRelativity", "relativity", str(policy.relativity))
        if policy.relief != NO_RELIEF:
            by_peril = "; ".join(f"{peril} {factor}" for peril, factor in policy.relief.by_peril.items())
            self.lost("relief", by_peril or "—", OWN)

    def exposure(self) -> None:
        insured = self.policy.organisation
        country = country_of(insured.region)
        self.cells |= {
            "InsuredName": insured.name.zh,
            "IndustryScheme1": "NAICS",
            "IndustryCode1": str(NAICS.get(insured.industry, 0)),
            "IndustryVintage1": "2022",
            "IndustryDescription": insured.industry,
            "CountryCode": country,
            "AreaName": insured.region if country else "",
            "NumberOfEmployees": str(insured.employees),
            "AnnualRevenue": self.amount(insured.revenue_minor),
            "NumberOfRecords": str(insured.records_held),
        }
        if insured.industry not in NAICS:
            self.note("industry", insured.industry, "IndustryDescription", NO_NUMBER)
        if not country:
            self.own("FlexiAccRegion", "region", insured.region, NO_NUMBER)
        if insured.name.en != insured.name.zh:
            self.own("FlexiAccNameEn", "name.en", insured.name.en)
        if insured.credit_code != self.policy.account:
            self.own("FlexiAccCreditCode", "credit_code", insured.credit_code)
        self.own("FlexiAccHosts", "hosts", str(insured.hosts))
        self.share("GrossProfitMargin", "FlexiAccGrossProfitMargin", "gross_profit_rate", insured.gross_profit_rate)

    def vendors(self, ties: tuple[VendorDependency, ...]) -> None:
        """OED has one number a kind; every tie stands in a field of our own too."""
        said = dict.fromkeys(VENDOR_FIELDS.values(), "0")
        for place, tie in enumerate(ties, start=1):
            code, name, text = vendor_code(tie.kind, tie.vendor), VENDOR_FIELDS.get(tie.kind), tie_text(tie)
            taken = code is not None and name is not None and said[name] == "0" and tie.declared
            if taken and name is not None:
                said[name] = str(code)
            if taken and len(text) <= LONGEST_OWN_FIELD:
                self.cells[f"FlexiAccVendor{place}"] = text
            else:
                self.own(f"FlexiAccVendor{place}", "vendor", text, NO_NUMBER if name and code is None else OWN)
        self.cells |= said

    def terms(self) -> None:
        policy = self.policy
        self.cells |= {
            "PolCoverage": ";".join(limits.part for limits in policy.parts),
            "PolDed": "0",
            "LayerAttachment": "0",
            "LayerLimit": self.amount(policy.event_limit_minor),
            "LayerAggLimit": self.amount(policy.aggregate_limit_minor),
        }
        for limits in policy.parts:
            self.cells[f"PolLimit{limits.part}"] = self.amount(limits.limit_minor)
            self.cells[f"PolDed{limits.part}"] = self.amount(limits.deductible_minor)
        self.share("LayerParticipation", "FlexiPolCeded", "ceded", 1 - policy.ceded, str(policy.ceded))
        days = Fraction(policy.waiting_hours, HOURS_A_DAY)
        self.share("BIWaitingPeriod", "FlexiPolBIWaitingHours", "waiting_hours", days, str(policy.waiting_hours))

    def share(self, name: str, own: str, subject: str, value: Fraction, exact: str = "") -> None:
        self.cells[name], whole = decimal_of(value)
        if not whole:
            self.own(own, subject, exact or str(value), INEXACT)

    def amount(self, minor: int) -> str:
        return amount_of(minor, self.decimals)

    def own(self, name: str, subject: str, value: str, reason: Words = OWN) -> None:
        """Into a field of our own and onto the list; what is too long for the field is on the list only."""
        if len(value) > LONGEST_OWN_FIELD:
            self.lost(subject, value, TOO_LONG)
        else:
            self.cells[name] = value
            self.note(subject, value, name, reason)

    def lost(self, subject: str, value: str, reason: Words) -> None:
        self.note(subject, value, "", reason)

    def note(self, subject: str, value: str, carried: str, reason: Words) -> None:
        self.unsaid.append(Unsaid(self.policy.number, subject, value, carried, reason))


OBSERVED = "~"
"""Marks a tie that only a look has shown."""


def tie_text(tie: VendorDependency) -> str:
    """A tie as a field of our own writes it."""
    return f"{'' if tie.declared else OBSERVED}{tie.kind.value}:{tie.vendor}"


def read_tie(text: str) -> VendorDependency | None:
    """A tie that a field of our own has; None where it is none."""
    kind, _, vendor = text.removeprefix(OBSERVED).partition(":")
    known = kind in [each.value for each in VendorKind] and vendor
    return VendorDependency(VendorKind(kind), vendor, not text.startswith(OBSERVED)) if known else None
