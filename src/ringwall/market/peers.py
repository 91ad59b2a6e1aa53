"""How one insured stands beside its peers: quartiles of the same industry and size, never below the privacy floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.market.scheme import Scheme


@dataclass(frozen=True, slots=True)
class PeerRow:
    """What is compared of one insured that was looked at: how many findings stand open, and its rate factor."""

    account: str
    industry: str
    employees: int
    open_findings: int
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Quartiles:
    """A quarter of the peers lies at or below `low`, half at or below `median`, three quarters at or below `high`."""

    low: Fraction
    median: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class PeerComparison:
    """One insured beside the others of its group; nothing is said of a group with fewer others than the floor."""

    account: str
    industry: str
    size_band: str
    floor: int
    peers: int | None
    own_findings: int
    own_factor: Fraction
    findings: Quartiles | None
    factor: Quartiles | None


def compare_with_peers(account: str, rows: Sequence[PeerRow], scheme: Scheme) -> PeerComparison | None:
    """Nothing where the insured itself was never looked at. It is not among its own peers, so that it cannot take
    itself out of the figures and read a smaller group than the floor allows.
    """
    own = next((row for row in rows if row.account == account), None)
    if own is None:
        return None
    band = scheme.size_band(own.employees)
    others = [
        row
        for row in rows
        if row.account != account and row.industry == own.industry and scheme.size_band(row.employees) == band
    ]
    shown = len(others) >= scheme.floor
    return PeerComparison(
        account,
        own.industry,
        band,
        scheme.floor,
        len(others) if shown else None,
        own.open_findings,
        own.factor,
        quartiles([Fraction(row.open_findings) for row in others]) if shown else None,
        quartiles([row.factor for row in others]) if shown else None,
    )


def quartiles(values: Sequence[Fraction]) -> Quartiles:
    """By linear interpolation between the ordered values (method 7 of Hyndman and Fan, 1996)."""
    ordered = sorted(values)
    low, median, high = (_at(ordered, Fraction(part, 4)) for part in (1, 2, 3))
    return Quartiles(low, median, high)


def _at(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
