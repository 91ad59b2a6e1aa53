"""The policies of a book as columns: what the loops need to know of each, with what many share kept once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import FEN_PER_YUAN
from ringwall.portfolio.book import BookPolicy
from ringwall.portfolio.engine.calendar import Calendar, TieSet
from ringwall.risk import (
    Footprint,
    Peril,
    RiskModel,
    RiskProfile,
    SystemicScenario,
    frequency,
    ties,
    vendor_weights,
)

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
HOURS_A_YEAR = 8760
NO_RECORDS = -1e9


class Ties(NamedTuple):
    """Lists of common shocks that can reach a policy, and how far; one set for all policies of the same vendors."""

    start: Whole
    listed: Whole
    weight: Floats
    sets: tuple[TieSet, ...]
    """The lists that stand behind those of all vendors, in their order."""


class PolicyColumns(NamedTuple):
    """One place a policy, but for the last three, which many policies share."""

    key: NDArray[np.uint64]
    rate: Floats
    bounds: NDArray[np.uint32]
    """Where the share of each peril but the last ends, in 2⁻³²."""
    size: Floats
    hourly: Floats
    """Gross profit of an hour in minor units."""
    records: Floats
    """Logarithm of the most records that can be lost."""
    opens: Floats
    closes: Floats
    tie_set: Whole
    relief_of: Whole
    opening_of: Whole
    """Row of the opening states; −1 where every year opens with nothing used."""
    ties: Ties
    relief: Floats
    """One row for each set of reliefs, one column a scenario."""


def stable_key(seed: int, number: str) -> int:
    """64 bits for all draws of a policy: the same for the same seed and number, whatever else is in the book."""
    return int.from_bytes(hashlib.blake2b(f"{seed}\x1f{number}".encode(), digest_size=8).digest(), "big")


@dataclass(slots=True)
class _Shared:
    """Values that many policies share, each kept once."""

    places: dict[object, int] = field(default_factory=dict)

    def place(self, value: object) -> int:
        return self.places.setdefault(value, len(self.places))


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands in the columns for one policy."""

    key: int
    rates: tuple[float, ...]
    size: float
    hourly: float
    records: float
    window: tuple[float, float]


def policy_columns(
    calendar: Calendar, model: RiskModel, held: Sequence[tuple[BookPolicy, RiskProfile]], openings: Sequence[int]
) -> PolicyColumns:
    """The columns of these policies, in their order; `openings`: the row of each one's opening state."""
    reached, tied, relief = _Shared(), _Shared(), _Shared()
    rows = [_row(calendar, model, policy, profile) for policy, profile in held]
    rates = np.array([row.rates for row in rows], np.float64).reshape(len(rows), len(Peril))
    total = rates.sum(axis=1)
    ends = np.cumsum(rates, axis=1)[:, :-1] / np.where(total > 0, total, 1.0)[:, None]
    windows = np.array([row.window for row in rows], np.float64).reshape(len(rows), 2)
    tie_sets = [reached.place(_reached(model, profile, tied)) for _, profile in held]
    relief_sets = [relief.place(_relief(model, policy)) for policy, _ in held]
    return PolicyColumns(
        np.array([row.key for row in rows], np.uint64),
        total,
        np.minimum(np.round(ends * 2**32), 2**32 - 1).astype(np.uint32),
        np.array([row.size for row in rows], np.float64),
        np.array([row.hourly for row in rows], np.float64),
        np.array([row.records for row in rows], np.float64),
        np.ascontiguousarray(windows[:, 0]),
        np.ascontiguousarray(windows[:, 1]),
        np.array(tie_sets, np.int64),
        np.array(relief_sets, np.int64),
        np.array(openings, np.int64),
        ties_table(reached.places, tied.places),  # type: ignore[arg-type]
        np.array(list(relief.places), np.float64).reshape(-1, len(model.scenarios)),
    )


def ties_table(reached: Iterable[tuple[tuple[int, float], ...]], sets: Iterable[TieSet] = ()) -> Ties:
    """Number of a list and weight for each set of policies; `sets` are the lists behind those of all vendors."""
    held = list(reached)
    flat = [tie for tied in held for tie in tied]
    return Ties(
        np.cumsum([0, *(len(tied) for tied in held)]).astype(np.int64),
        np.array([listed for listed, _ in flat], np.int64),
        np.array([weight for _, weight in flat], np.float64),
        tuple(sets),
    )


def _row(calendar: Calendar, model: RiskModel, policy: BookPolicy, profile: RiskProfile) -> _Row:
    numbers = model.numbers(profile.territory)
    rates, factor = frequency(model, profile, policy.relief), float(policy.relativity)
    records = profile.records_held * numbers["severity.DB.records.cap_at_held"]
    opens, closes = policy.window(calendar.as_at)
    return _Row(
        stable_key(calendar.seed, policy.number),
        tuple(rates[peril] * factor for peril in Peril),
        math.log(profile.revenue_minor / (numbers["reference.revenue"] * FEN_PER_YUAN)),
        profile.revenue_minor * float(profile.gross_profit_rate) / HOURS_A_YEAR,
        math.log(records) if records >= 1 else NO_RECORDS,
        (float(opens), float(closes)),
    )


def _reached(model: RiskModel, profile: RiskProfile, shared: _Shared) -> tuple[tuple[int, float], ...]:
    """The lists of shocks for this insured, one of each scenario but for clouds; those of a tie set are shared."""
    vendors = len(model.vendor_shares) + 1
    place = {vendor: n for n, vendor in enumerate(model.vendor_shares)}
    found: list[tuple[int, float]] = []
    for number, scenario in enumerate(model.scenarios):
        if scenario.footprint is Footprint.VENDOR:
            weights = vendor_weights(model, scenario, profile)
            found.extend((number * vendors + place[vendor], weight) for vendor, weight in sorted(weights.items()))
        elif tied := ties(scenario, profile):
            found.append((len(model.scenarios) * vendors + shared.place(TieSet(number, tied)), 1.0))
        else:
            found.append((number * vendors + vendors - 1, 1.0))
    return tuple(found)


def _relief(model: RiskModel, policy: BookPolicy) -> tuple[float, ...]:
    return tuple(policy.relief.by_peril.get(scenario.relief_code, 1.0) for scenario in model.scenarios)


def felt(scenarios: Sequence[SystemicScenario], columns: Iterable[str]) -> Floats:
    """1 for a scenario that can cost something under the terms, else 0."""
    known = set(columns)
    return np.array([s.outage is None or f"{s.outage.part}.seconds" in known for s in scenarios], np.float64)
