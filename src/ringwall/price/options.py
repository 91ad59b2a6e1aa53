"""One choice of limits and retentions beside others: what it costs, what a year may pay, and each line's part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Estimate, Refusal, round_fraction
from ringwall.price.annual import year_of
from ringwall.price.basis import PricingBasis
from ringwall.price.premium import Charged, charged
from ringwall.price.technical import booked, charge_for
from ringwall.risk import ReliefStep

BAD_YEAR = 0.99
"""The year that is worse than all but one in a hundred."""


@dataclass(frozen=True, slots=True)
class Option:
    """One schedule priced. A year's figures are None where its period terms do not stand on a grid."""

    charged: Charged | Refusal
    rate_factor: Fraction
    technical_net_minor: int
    losses: Estimate
    """expected payments of a year, statutory costs included"""
    bad_year: Estimate | None
    """what the contract pays in one year of a hundred or less"""
    worst_years: Estimate | None
    """the mean of the worst hundredth of all years"""
    used_up: float | None
    """chance that a year uses up the period's limit"""

    @property
    def gross_minor(self) -> int | None:
        return None if isinstance(self.charged, Refusal) else self.charged.gross_minor

    def line_minor(self, share: Fraction) -> int | None:
        """The net premium of one co-insurer's line, rounded by itself; what is posted is split on the running total."""
        return None if isinstance(self.charged, Refusal) else round_fraction(self.charged.net_minor * share)


def option(basis: PricingBasis, steps: Sequence[ReliefStep]) -> Option:
    """The chosen terms of a basis with the signals at work."""
    charge = charge_for(basis, steps)
    year = year_of(basis, charge.relief)
    limited = basis.asked is not None and basis.asked.limit_minor is not None
    return Option(
        charged(basis.rates, charge),
        charge.rate_factor,
        booked(charge.burden.technical),
        Estimate(charge.burden.losses),
        Estimate(year.quantile(BAD_YEAR)) if year else None,
        Estimate(year.tail_mean(BAD_YEAR)) if year else None,
        float(year.masses[-1]) if year and limited else None,
    )
