"""The loss model as data: numbers with their origin, systemic scenarios, rating signals; it computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from ringwall.basics import Words
from ringwall.exposure import VendorKind


class Peril(StrEnum):
    """What happens to one insured on its own."""

    RAN = "RAN"
    """ransomware and other extortion"""
    FTF = "FTF"
    """funds transfer fraud"""
    BEC = "BEC"
    """business e-mail compromise"""
    DB = "DB"
    """data breach"""
    SYSF = "SYSF"
    """failure of the insured's own systems"""
    VEND = "VEND"
    """outage or breach at one vendor"""


PERIL_NAMES: Mapping[Peril, Words] = {
    Peril.RAN: Words("勒索软件及其他敲诈", "Ransomware and other extortion"),
    Peril.FTF: Words("资金转账欺诈", "Funds transfer fraud"),
    Peril.BEC: Words("商务邮件入侵", "Business e-mail compromise"),
    Peril.DB: Words("数据泄露", "Data breach"),
    Peril.SYSF: Words("自身系统故障", "Failure of own systems"),
    Peril.VEND: Words("单一供应商中断或泄露", "Outage or breach at one vendor"),
}


class Territory(StrEnum):
    """Which set of numbers holds."""

    CHINA = "china"
    WEST = "west"


class Grade(StrEnum):
    """How sure a number is: A primary data, B press or secondary, C general knowledge or experts, D judgement."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number with its origin; `population` says who was counted, `territory` is empty where it holds everywhere."""

    name: str
    territory: Territory | None
    value: float
    unit: str
    date: date
    population: str
    grade: Grade
    source: str


class Footprint(StrEnum):
    """Whom a common shock reaches."""

    ALL = "all"
    BOOK = "book"
    """a share of the book that differs from event to event; the customers of one vendor are reached together"""
    SECTOR = "sector"
    """whole industries, each with the chance of the share"""
    VENDOR = "vendor"
    """a share of the customers of one vendor, drawn by market share"""


@dataclass(frozen=True, slots=True)
class Span:
    """A quantity that is uniform from low to high."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class OutageShape:
    """How long systems are down and how much output is lost; `part`: NPBI own systems, CBI a vendor's."""

    part: str
    hours_median: float
    hours_sigma: float
    degradation_alpha: float
    degradation_beta: float


@dataclass(frozen=True, slots=True)
class SystemicScenario:
    """One kind of event that strikes many insureds at once; without an outage it costs what ransomware costs."""

    code: str
    label: Words
    footprint: Footprint
    vendor_kind: VendorKind | None
    rate: float
    exposed: Span
    hit: Span
    outage: OutageShape | None
    source: str
    grade: Grade

    @property
    def relief_code(self) -> str:
        """Signals may name a family of scenarios: S5 stands for S5a to S5d."""
        return self.code.rstrip("abcd")


class SignalKind(StrEnum):
    """A control is held or broken; a finding is open or not."""

    CONTROL = "control"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Signal:
    """A control or a finding that moves frequencies: `effect`: published ratio with the weakness to without."""

    code: str
    kind: SignalKind
    label: Words
    group: str
    perils: tuple[str, ...]
    effect: Parameter
    breaks: str = ""
    """For a finding: the control that it breaks; a test that sees it closed holds that control again."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The model's numbers for one territory, by name."""

    territory: Territory
    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class RiskModel:
    """One version of the model; `sha256` is the hash of all its numbers and tables."""

    version: str
    title: Words
    notes: tuple[Words, ...]
    industries: Mapping[str, Words]
    parameters: tuple[Parameter, ...]
    scenarios: tuple[SystemicScenario, ...]
    vendor_shares: Mapping[str, float]
    """Cloud vendors of the territory in which common shocks are drawn."""
    shares_by_territory: Mapping[Territory, Mapping[str, float]]
    signals: Mapping[str, Signal]
    sha256: str
    cited: tuple[Parameter, ...]
    """Every number of the version with its origin, those of scenarios, vendors and signals with them."""
    by_territory: Mapping[Territory, Numbers] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_territory", {territory: self._numbers(territory) for territory in Territory})

    def shocked_in(self, territory: Territory) -> RiskModel:
        """The same model with the common shocks of a territory: its vendors have other shares."""
        return replace(self, vendor_shares=self.shares_by_territory[territory])

    def numbers(self, territory: Territory) -> Numbers:
        return self.by_territory[territory]

    def _numbers(self, territory: Territory) -> Numbers:
        chosen = (p for p in self.parameters if p.territory in (None, territory))
        return Numbers(territory, {p.name: p.value for p in chosen})


def cause_names(model: RiskModel) -> Mapping[str, Words]:
    """What people call the perils and the common shocks of a model."""
    perils = {peril.value: name for peril, name in PERIL_NAMES.items()}
    return {**perils, **{scenario.code: scenario.label for scenario in model.scenarios}}
