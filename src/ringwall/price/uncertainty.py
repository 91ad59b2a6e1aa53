"""How far the expected loss may be off because the model's numbers are: each by its grade, carried to the price.

First order: every number is moved alone on the same draws, and independent errors add in squares. What is not carried:
the effects of controls (shrunk already), vendor shares, the shape of distributions, and errors that numbers share.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

from ringwall.basics import Estimate
from ringwall.price.basis import PricingBasis, attritional, judged, payments, readable, scaled, systemic
from ringwall.price.technical import burden
from ringwall.risk import (
    NO_RELIEF,
    Grade,
    OutageShape,
    Parameter,
    Peril,
    Relief,
    RiskModel,
    SystemicScenario,
    draw_losses,
    draw_outage,
    frequency,
)
from ringwall.terms import EventColumns

MOVED = 0.9
"""Each number is lowered by a tenth, which leaves a probability a probability."""
DRAWS = 2048
"""For a ratio of two means on the same draws."""
NOT_IN_THE_MEAN = ("reference.", "relief.", "frequency.year_level.")


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """By what power of a number the expected loss moves, and how far the number may be off."""

    name: str
    grade: Grade
    elasticity: float
    cv: float

    @property
    def spread(self) -> float:
        """Standard deviation that it adds to the logarithm of the expected loss."""
        return abs(self.elasticity) * math.sqrt(math.log1p(self.cv**2))


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The expected loss as a lognormal around the model's; the most telling numbers first."""

    sensitivities: tuple[Sensitivity, ...]

    @property
    def sigma(self) -> float:
        return math.sqrt(sum(each.spread**2 for each in self.sensitivities))

    def interval(self, expected: float, chance: float) -> tuple[float, float]:
        """In which the true expected loss lies with this probability, if the model's is its mean."""
        median, reach = expected * math.exp(-(self.sigma**2) / 2), NormalDist().inv_cdf((1 + chance) / 2) * self.sigma
        return median * math.exp(-reach), median * math.exp(reach)

    def covered(self, load: float) -> float:
        """Chance that the true expected loss is at most the model's with this load on top."""
        if not self.sigma:
            return 1.0
        return NormalDist().cdf((math.log1p(load) + self.sigma**2 / 2) / self.sigma)


def uncertainty_of(basis: PricingBasis) -> Uncertainty:
    """Of the expected loss under the chosen terms, without relief."""
    study = _Study(basis)
    cvs = {grade: float(number.value) for grade, number in basis.rates.parameter_cv.items()}
    found = [
        Sensitivity(name, grade, elasticity, cvs[grade])
        for name, grade, elasticity in (*study.parameters(), *study.scenarios())
        if elasticity
    ]
    return Uncertainty(tuple(sorted(found, key=lambda each: (-each.spread, each.name))))


def technical_interval(
    basis: PricingBasis, relief: Relief, known: Uncertainty, chance: float
) -> tuple[Estimate, Estimate]:
    """The technical premium, net, if the expected loss stood at either end of its interval; services do not move."""
    single = attritional(basis.own, basis.totals, relief) + sum(judged(basis, relief).values())
    common = systemic(basis, relief)
    ends = known.interval(1.0, chance)
    low, high = (burden(basis.rates, single * end, common * end, basis.capital).technical for end in ends)
    return Estimate(low), Estimate(high)


class _Study:
    """One risk drawn again with one number moved at a time."""

    def __init__(self, basis: PricingBasis) -> None:
        self.basis, self.terms = basis, basis.offer.chosen
        perils = {peril.value: self.peril(basis.model, peril) for peril in Peril}
        outages = {s.code: self.outage(s, s.outage) for s in basis.model.scenarios if s.code in basis.draws}
        self.totals = self.paid({**perils, **outages})
        self.expected = self.loss(basis.own, self.totals)

    def peril(self, model: RiskModel, peril: Peril) -> EventColumns:
        return draw_losses(model, self.basis.profile, peril, DRAWS, self.basis.rates.seed)

    def outage(self, scenario: SystemicScenario, shape: OutageShape | None) -> EventColumns:
        assert shape is not None, f"{scenario.code} has no outage"
        basis = self.basis
        return draw_outage(basis.model, basis.profile, scenario.code, shape, DRAWS, basis.rates.seed)

    def paid(self, draws: Mapping[str, EventColumns]) -> dict[str, float]:
        return dict(payments(self.terms, readable(self.terms, draws), self.basis.rates.points).totals)

    def loss(self, own: Mapping[Peril, float], totals: Mapping[str, float]) -> float:
        return attritional(own, totals, NO_RELIEF) + systemic(replace(self.basis, totals=totals), NO_RELIEF)

    def elasticity(self, expected: float) -> float:
        return math.log(expected / self.expected) / math.log(MOVED) if expected > 0 else 0.0

    def parameters(self) -> Iterator[tuple[str, Grade, float]]:
        profile = self.basis.profile
        for parameter in self.basis.model.parameters:
            industry = parameter.name.startswith("frequency.industry.")
            if parameter.territory not in (None, profile.territory) or parameter.name.startswith(NOT_IN_THE_MEAN):
                continue
            if industry and parameter.name != f"frequency.industry.{profile.industry}":
                continue
            yield parameter.name, parameter.grade, self.elasticity(self.moved(parameter))

    def moved(self, parameter: Parameter) -> float:
        """The expected loss with one number of the model lower; only what hangs on it is drawn again."""
        lower = replace(parameter, value=parameter.value * MOVED)
        numbers = tuple(lower if each is parameter else each for each in self.basis.model.parameters)
        model = replace(self.basis.model, parameters=numbers)
        if parameter.name.startswith("frequency."):
            return self.loss(scaled(frequency(model, self.basis.profile), self.basis.multiple), self.totals)
        named = [peril for peril in Peril if parameter.name.startswith(f"severity.{peril}.")]
        drawn = {peril.value: self.peril(model, peril) for peril in named or Peril}
        return self.loss(self.basis.own, {**self.totals, **self.paid(drawn)})

    def scenarios(self) -> Iterator[tuple[str, Grade, float]]:
        """Rate, reach and hit chance move a scenario in proportion; its outage is drawn again."""
        for scenario, shock in zip(self.basis.model.scenarios, self.basis.common, strict=True):
            share = shock.rate * self.totals.get(shock.kind, 0.0) / self.expected if self.expected else 0.0
            for what in ("rate", "exposed", "hit") if share else ():
                yield f"{scenario.code}.{what}", scenario.grade, share
            if scenario.outage and share:
                for name, shape in _lower(scenario.outage):
                    again = {**self.totals, **self.paid({scenario.code: self.outage(scenario, shape)})}
                    yield f"{scenario.code}.{name}", scenario.grade, self.elasticity(self.loss(self.basis.own, again))


def _lower(shape: OutageShape) -> Iterator[tuple[str, OutageShape]]:
    yield "hours.median", replace(shape, hours_median=shape.hours_median * MOVED)
    yield "hours.sigma", replace(shape, hours_sigma=shape.hours_sigma * MOVED)
    yield "degradation.alpha", replace(shape, degradation_alpha=shape.degradation_alpha * MOVED)
    yield "degradation.beta", replace(shape, degradation_beta=shape.degradation_beta * MOVED)
