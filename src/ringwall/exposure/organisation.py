"""The insured organisation as the risk sees it, and the vendors on whom it depends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ringwall.basics import Words


class VendorKind(StrEnum):
    """The ties through which one event reaches many insureds (OED names in the interchange)."""

    CLOUD = "cloud"
    OPERATING_SYSTEM = "operating_system"
    ENDPOINT_AGENT = "endpoint_agent"
    MANAGED_SERVICE = "managed_service"
    BUSINESS_APPLICATION = "business_application"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class VendorDependency:
    """One declared or observed dependency; `declared` is false where only a look has shown it."""

    kind: VendorKind
    vendor: str
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Organisation:
    """An insured's figures: amounts in whole minor units a year, records and people as counts."""

    name: Words
    credit_code: str
    industry: str
    region: str
    employees: int
    hosts: int
    revenue_minor: int
    gross_profit_rate: Fraction
    records_held: int
    dependencies: tuple[VendorDependency, ...] = ()
