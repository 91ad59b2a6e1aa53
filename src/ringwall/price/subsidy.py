"""The part of a premium that an authority pays: a share of the gross, up to a cap and what its budget has left."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import round_fraction


@dataclass(frozen=True, slots=True)
class SubsidyScheme:
    """`cap_minor` for each insured; `budget_left_minor` for the scheme; None: not limited."""

    code: str
    share: Fraction
    cap_minor: int | None = None
    budget_left_minor: int | None = None

    def __post_init__(self) -> None:
        assert 0 <= self.share <= 1, "a subsidy is a share of the premium"


@dataclass(frozen=True, slots=True)
class SubsidySplit:
    """Who pays what of a gross premium."""

    scheme: str
    subsidy_minor: int
    insured_part_minor: int


def split_subsidy(gross_minor: int, scheme: SubsidyScheme) -> SubsidySplit:
    """min(R(gross × share), cap, budget left), R half-even; the insured pays the rest."""
    subsidy = round_fraction(gross_minor * scheme.share)
    for limit in (scheme.cap_minor, scheme.budget_left_minor):
        subsidy = subsidy if limit is None else min(subsidy, max(limit, 0))
    return SubsidySplit(scheme.code, subsidy, gross_minor - subsidy)
