"""The filed rates of a product: loadings, caps and the ranges inside which a factor may move a premium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse
from ringwall.price.filed.family import JudgedPart, MemberCount, SizeBand, read_bands, read_judged, read_members
from ringwall.price.filed.numbers import FiledNumber, FiledRange, origin, read_number, read_range
from ringwall.risk import Grade, RiskModel, possible_relativities


@dataclass(frozen=True, slots=True)
class FiledRates:
    """One filed version of a product's rates; with seed and draws, so that anybody can compute a price again."""

    product: str
    version: str
    model: str
    title: Words
    filing: str
    seed: int
    draws: int
    points: int
    """of the grid on which a year's loss stands; a power of two"""
    parameter_cv: Mapping[Grade, FiledNumber]
    numbers: Mapping[str, FiledNumber]
    total: FiledRange
    factors: Mapping[str, FiledRange]
    experience: FiledRange
    """inside which own experience may move the frequency"""
    frequency: FiledNumber | None = None
    """what the kind of business that the product is made for does to the frequency of every event"""
    bands: tuple[SizeBand, ...] = ()
    """flat bands of revenue, lowest first; none: each organisation is rated by its own figures"""
    members: MemberCount | None = None
    """a master policy: the figures are those of an average member, the price is for all"""
    judged: Mapping[str, JudgedPart] = field(default_factory=dict)
    """parts that the model has no event for"""

    def __getitem__(self, name: str) -> Fraction:
        return self.numbers[name].value

    @property
    def minimum_net_minor(self) -> int:
        return int(self["minimum_net_premium"])


REQUIRED = (
    "minimum_net_premium",
    "uncertainty_load",
    "capital_load_attritional",
    "capital_load_systemic",
    "service_cost",
    "expense_share",
    "expense_and_commission_cap",
    "commission_share",
    "commission_cap",
    "profit_share",
    "experience_claims",
    "notable_change",
    "vat",
)
LAID_OVER = ("simulation", "parameter_cv", "numbers", "factor_ranges", "judged_parts")
"""Tables in which a file that names a base states only the rows that differ."""


def parse_rates(text: str, where: str = "rates") -> FiledRates | tuple[Refusal, ...]:
    """Read one rates file that stands on its own; loadings above their caps are refused with both numbers."""
    return read_rates({where: text}, where)


def read_rates(folder: Mapping[str, str], name: str) -> FiledRates | tuple[Refusal, ...]:
    """Read one file of a folder of rates, laid over the file that it names as its base."""
    try:
        rates = _read(_whole(folder, name))
    except (yaml.YAMLError, KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
        return (
            refuse(
                "rates_unreadable",
                name,
                zh=f"费率文件读不懂或缺少：{error}；请补全该项（数值、单位、日期、来源）。",
                en=f"The rates file is unreadable or lacks {error}; complete the entry (value, unit, date, source).",
            ),
        )
    refusals = tuple(_above_caps(rates, name))
    return refusals or rates


def rate_pages(folder: Mapping[str, str], name: str) -> dict[str, str]:
    """The file with every base below it: all pages that a price of the product version rests on."""
    pages: dict[str, str] = {}
    while name in folder and name not in pages:
        pages[name] = folder[name]
        name = f"{_document(folder[name]).get('base')}.yaml"
    return pages


def unfiled_factors(model: RiskModel, rates: FiledRates) -> tuple[Refusal, ...]:
    """Model and filing must agree before anything is priced: version, and each factor inside its filed range."""
    if model.version != rates.model:
        return (
            refuse(
                "rates_of_another_model",
                rates.version,
                zh=f"费率 {rates.version} 按模型 {rates.model} 备案，现用模型为 {model.version}；请换用同一版本。",
                en=f"Rates {rates.version} were filed with model {rates.model}, the model is {model.version}; "
                "use the same version of both.",
            ),
        )
    return tuple(_outside(model, rates))


def _outside(model: RiskModel, rates: FiledRates) -> Iterator[Refusal]:
    for code, signal in model.signals.items():
        filed, relativities = rates.factors.get(code), possible_relativities(model, signal)
        if filed is None or not all(filed.contains(r) for r in relativities):
            span = f"[{float(filed.low):.3f}, {float(filed.high):.3f}]" if filed else "–"
            used = ", ".join(f"{r:.3f}" for r in relativities)
            yield refuse(
                "factor_not_filed",
                f"{rates.product} {rates.version} {code}",
                zh=f"因子 {code} 的备案范围为 {span}，模型给出 {used}；请先备案该范围，或从模型中去掉该因子。",
                en=f"Factor {code} is filed for {span}, the model gives {used}; file the range first, "
                "or take the factor out of the model.",
            )


@lru_cache(maxsize=16)
def _document(text: str) -> Mapping[str, Any]:
    """A page as its rows; a base stands under several pages and is read once."""
    root: Mapping[str, Any] = read_yaml(text)
    return root


def _whole(folder: Mapping[str, str], name: str, above: tuple[str, ...] = ()) -> Mapping[str, Any]:
    if name in above:
        raise ValueError(f"base: {' → '.join((*above, name))}")
    own = _document(folder[name])
    if "base" not in own:
        return own
    base = _whole(folder, f"{own['base']}.yaml", (*above, name))
    tables = {table: {**base.get(table, {}), **own.get(table, {})} for table in LAID_OVER}
    return {**base, **own, **tables}


def _read(root: Mapping[str, Any]) -> FiledRates:
    total = root["factor_range_total"]
    return FiledRates(
        product=root["product"],
        version=root["version"],
        model=root["model"],
        title=Words(root["title"]["zh"], root["title"]["en"]),
        filing=root["filing"]["number"],
        seed=int(root["simulation"]["seed"]["value"]),
        draws=int(root["simulation"]["draws"]["value"]),
        points=_points(root["simulation"]["points"]),
        parameter_cv={grade: read_number(f"parameter_cv.{grade}", root["parameter_cv"][grade]) for grade in Grade},
        numbers={name: read_number(name, root["numbers"][name]) for name in REQUIRED},
        total=read_range("total", total),
        factors={code: read_range(code, row) for code, row in root["factor_ranges"].items()},
        experience=read_range("experience", root["experience_range"]),
        frequency=read_number("frequency", root["frequency_multiple"]) if "frequency_multiple" in root else None,
        bands=read_bands(root.get("size_bands", ())),
        members=read_members(root["members"]) if "members" in root else None,
        judged=read_judged(root.get("judged_parts", {})),
    )


def _points(row: Mapping[str, str]) -> int:
    origin(row)
    points = int(row["value"])
    if points < 64 or points & (points - 1):
        raise ValueError(f"points = {points}: a power of two from 64 on")
    return points


def _above_caps(rates: FiledRates, where: str) -> Iterator[Refusal]:
    both = rates["expense_share"] + rates["commission_share"]
    checks = (
        ("commission_above_cap", "手续费率", "The commission", rates["commission_share"], rates["commission_cap"]),
        ("expenses_above_cap", "附加费用率", "Expense and commission", both, rates["expense_and_commission_cap"]),
        ("loadings_leave_nothing", "附加费率合计", "All loads", both + rates["profit_share"], Fraction(9, 10)),
    )
    for code, zh, en, value, cap in checks:
        if value > cap:
            yield refuse(
                code,
                where,
                zh=f"{zh} {value} 高于上限 {cap}；请降低后重新备案。",
                en=f"{en} of {value} exceeds the cap of {cap}; lower it and file again.",
            )
