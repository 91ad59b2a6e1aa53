"""What the model needs to know of one organisation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import FEN_PER_YUAN, Refusal, refuse
from ringwall.exposure import Organisation, VendorDependency, VendorKind
from ringwall.risk.model import Numbers, RiskModel, Territory

AVERAGE_INDUSTRY = "average"
_CHINESE_CODE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class RiskProfile:
    """Amounts are whole fen a year; dependencies as declared or observed."""

    territory: Territory
    industry: str
    revenue_minor: int
    gross_profit_rate: Fraction
    records_held: int
    dependencies: tuple[VendorDependency, ...] = ()

    def vendors(self, kind: VendorKind) -> tuple[str, ...]:
        return tuple(d.vendor.lower() for d in self.dependencies if d.kind is kind)


def territory_of(region: str) -> Territory:
    """Chinese regions are ISO 3166-2 codes (CN-SH) or six digits of the national code (310000); all else is West."""
    chinese = region.upper() == "CN" or region.upper().startswith("CN-") or _CHINESE_CODE.fullmatch(region)
    return Territory.CHINA if chinese else Territory.WEST


def profile_of(
    model: RiskModel, organisation: Organisation, territory: Territory | None = None
) -> RiskProfile | Refusal:
    """The profile of an insured; an industry that the model does not know, or no revenue, gets no price.

    The region decides which numbers hold, unless a territory is asked for.
    """
    name = organisation.name
    if organisation.industry not in model.industries:
        known = "、".join(model.industries)
        return refuse(
            "industry_unknown",
            organisation.credit_code,
            zh=f"{name.zh} 的行业「{organisation.industry}」不在模型 {model.version} 中；请从以下选择：{known}。",
            en=f"The industry “{organisation.industry}” of {name.en} is not in model {model.version}; "
            f"choose one of: {known}.",
        )
    if organisation.revenue_minor <= 0 or not 0 <= organisation.gross_profit_rate <= 1 or organisation.records_held < 0:
        return refuse(
            "figures_implausible",
            organisation.credit_code,
            zh=f"{name.zh} 的营业收入须大于零、毛利率在 0 与 1 之间、个人信息记录数不为负；请更正申报数据。",
            en=f"{name.en} needs a revenue above nil, a gross profit rate from 0 to 1 and a count of records that is "
            "not negative; correct what was declared.",
        )
    return RiskProfile(
        territory or territory_of(organisation.region),
        organisation.industry,
        organisation.revenue_minor,
        organisation.gross_profit_rate,
        organisation.records_held,
        organisation.dependencies,
    )


def reference_profile(model: RiskModel, territory: Territory = Territory.CHINA) -> RiskProfile:
    """The organisation to which the model's numbers belong: reference revenue, average industry, nothing declared."""
    numbers = model.numbers(territory)
    return RiskProfile(
        territory,
        AVERAGE_INDUSTRY,
        round(numbers["reference.revenue"]) * FEN_PER_YUAN,
        Fraction(round(numbers["reference.gross_profit_rate"] * 1000), 1000),
        round(numbers["reference.records_held"]),
    )


def relative_size(numbers: Numbers, profile: RiskProfile) -> float:
    """Revenue against the reference revenue."""
    return profile.revenue_minor / (numbers["reference.revenue"] * FEN_PER_YUAN)
