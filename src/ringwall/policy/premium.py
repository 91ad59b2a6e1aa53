"""Premium in whole fen: net, VAT on the rounded net, and the part of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ringwall.basics import Term, days_between, local_day, round_fraction


@dataclass(frozen=True, slots=True)
class Premium:
    """Net premium and the VAT on it; both may be negative on a refund."""

    net_minor: int
    vat_minor: int

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.vat_minor

    def __add__(self, other: Premium) -> Premium:
        return Premium(self.net_minor + other.net_minor, self.vat_minor + other.vat_minor)

    def __neg__(self) -> Premium:
        return Premium(-self.net_minor, -self.vat_minor)


@dataclass(frozen=True, slots=True)
class PeriodDays:
    """A period cut at a day: what is gone, what is left, and the whole."""

    gone: int
    left: int

    @property
    def whole(self) -> int:
        return self.gone + self.left


def with_vat(net_minor: int, vat_rate: Fraction) -> Premium:
    """VAT is rounded once, on the rounded net amount."""
    return Premium(net_minor, round_fraction(net_minor * vat_rate))


def cut_at(period: Term, instant: datetime) -> PeriodDays:
    """The days of a period before the local day of the instant, and from it to the end."""
    start, day, end = local_day(period.start), local_day(instant), local_day(period.end)
    assert start <= day <= end, "a period is cut within its days"
    return PeriodDays(days_between(start, day), days_between(day, end))


def part_of_authority(refund_gross_minor: int, subsidy_share: Fraction) -> int:
    """What of a refund goes to the subsidy authority: the rest after the insured's part, which is rounded once."""
    return refund_gross_minor - round_fraction(refund_gross_minor * (1 - subsidy_share))


def part_of_period(annual_minor: int, days: int, whole: int) -> int:
    """An annual amount × days / days of the period, rounded once, half-even."""
    return round_fraction(Fraction(annual_minor * days, whole))
