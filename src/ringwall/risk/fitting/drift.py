"""Actual against expected: claims by peril, and what their components cost within deductible and limit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ringwall.risk.fitting.components import COMPONENTS, Component
from ringwall.risk.fitting.experience import BookExperience, Lost
from ringwall.risk.fitting.refit import expected_size
from ringwall.risk.lognormal import chance_above, layer_mean
from ringwall.risk.model import Numbers, Peril, RiskModel, Territory

NO_LIMIT = 1e18


@dataclass(frozen=True, slots=True)
class CountDrift:
    """Claims of a peril against what the model expects; `low` and `high` bound the ratio with 95 %."""

    territory: Territory
    peril: Peril
    actual: int
    expected: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        return self.actual / self.expected if self.expected else math.inf

    @property
    def drifts(self) -> bool:
        """The model's own value lies outside the interval of the data."""
        return not self.low <= 1 <= self.high


@dataclass(frozen=True, slots=True)
class CostDrift:
    """The mean above the deductible and within the limit of one component, against the model's for the same losses."""

    territory: Territory
    component: str
    losses: int
    actual: float
    expected: float

    @property
    def ratio(self) -> float:
        return self.actual / self.expected if self.expected else math.inf


@dataclass(frozen=True, slots=True)
class Drift:
    """What has moved since the model was made."""

    counts: tuple[CountDrift, ...]
    costs: tuple[CostDrift, ...]


def drift_of(model: RiskModel, experience: BookExperience) -> Drift:
    """Actual against expected, by territory."""
    owns = [(territory, experience.within(territory)) for territory in Territory]
    held = [(territory, own) for territory, own in owns if own.exposed]
    return Drift(
        tuple(row for territory, own in held for row in _counts(model.numbers(territory), own)),
        tuple(row for territory, own in held for row in _costs(model.numbers(territory), own)),
    )


def _counts(numbers: Numbers, own: BookExperience) -> Iterator[CountDrift]:
    from scipy.special import gammaincinv  # a quarter of a second to load

    counts = Counter(claim.peril for claim in own.claims().values())
    weight = sum(expected_size(numbers, e) * e.years for e in own.exposed)
    for peril in Peril:
        expected, actual = numbers[f"frequency.{peril}"] * weight, counts[peril]
        low = float(gammaincinv(actual, 0.025)) / expected if actual else 0.0
        high = float(gammaincinv(actual + 1, 0.975)) / expected
        yield CountDrift(numbers.territory, peril, actual, expected, low, high)


def _costs(numbers: Numbers, own: BookExperience) -> Iterator[CostDrift]:
    revenue = {e.policy: e.revenue / numbers["reference.revenue"] for e in own.exposed}
    for code, component in COMPONENTS.items():
        rows = [row for row in own.lost if row.component == code]
        if rows:
            actual = sum(_in_layer(row) for row in rows) / len(rows)
            expected = sum(_expected(numbers, component, row, revenue[row.policy]) for row in rows) / len(rows)
            yield CostDrift(numbers.territory, code, len(rows), actual, expected)


def _in_layer(row: Lost) -> float:
    return min(row.loss - row.deductible, row.limit or NO_LIMIT)


def _expected(numbers: Numbers, component: Component, row: Lost, size: float) -> float:
    """E[loss within the layer | it exceeds the deductible] for a firm of this size."""
    observed = component.observed(numbers)
    median = math.exp(observed.mu) * size**observed.elasticity
    layer = layer_mean(median, observed.sigma, row.limit or NO_LIMIT, row.deductible)
    return layer / chance_above(median, observed.sigma, row.deductible) if row.deductible else layer
