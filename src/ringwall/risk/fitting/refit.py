"""From own experience to new numbers: what the data alone say, and how far they move the model (credibility).

A rate has a gamma prior around the model's value, any other positive number a normal one on its logarithm; how wide
follows from the number's grade (`fit.spread`). Much data outweigh any prior, none leaves the number as it was.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ringwall.risk.fitting.components import COMPONENTS, Component, Observed
from ringwall.risk.fitting.experience import BookExperience, Exposed
from ringwall.risk.fitting.likelihood import Floats, Sample, fit_lognormal, likeliest
from ringwall.risk.model import Grade, Numbers, Parameter, Peril, RiskModel, Territory

NORMAL_95 = 1.959964
LEAST_EVENTS = 8
"""Fewer losses of a component say nothing about its spread."""
WIDE_SIZES = 1.0
"""Where the largest firm is less than e times the smallest, the sample says nothing about the effect of size."""
LEAST_YEARS = 5
"""Fewer years say nothing about how years differ."""


@dataclass(frozen=True, slots=True)
class Refit:
    """One number before and after. `estimate` with its 95 % interval is what the data alone say."""

    name: str
    territory: Territory
    before: float
    estimate: float
    low: float
    high: float
    credibility: float
    after: float
    events: int
    grade: Grade


def refit(model: RiskModel, experience: BookExperience) -> tuple[Refit, ...]:
    """Every number for which there is experience, by territory."""
    found: list[Refit] = []
    for territory in Territory:
        own = experience.within(territory)
        if own.exposed:
            found.extend(_Fit(model, territory, own).all())
    return tuple(found)


def fitted_samples(model: RiskModel, experience: BookExperience) -> Iterator[tuple[Territory, Component, Sample, bool]]:
    """What the severities are fitted to, for somebody else to fit as well; and whether size has an effect in it."""
    for territory in Territory:
        own = experience.within(territory)
        for component in COMPONENTS.values() if own.exposed else ():
            if prepared := _Fit(model, territory, own).prepared(component):
                yield territory, component, *prepared


class _Fit:
    """The fits of one territory."""

    def __init__(self, model: RiskModel, territory: Territory, own: BookExperience) -> None:
        self.numbers = model.numbers(territory)
        self.parameters = {p.name: p for p in model.parameters if p.territory in (None, territory)}
        self.territory = territory
        self.own = own
        self.claims = own.claims()

    def all(self) -> Iterator[Refit]:
        """Factors of industry and size first: the rates are those that, with the new factors, give the claims seen."""
        factors = [*self.industries(), *self.size_elasticity()]
        moved = {**self.numbers.values, **{each.name: each.after for each in factors}}
        yield from self.frequencies(Numbers(self.territory, moved))
        yield from factors
        if spread := self.year_spread():
            yield spread
        for component in COMPONENTS.values():
            yield from self.severity(component)

    def spread(self, parameter: Parameter) -> float:
        return self.numbers[f"fit.spread.{parameter.grade}"]

    def frequencies(self, numbers: Numbers) -> Iterator[Refit]:
        counts = Counter(claim.peril for claim in self.claims.values())
        weight = sum(expected_size(numbers, e) * e.years for e in self.own.exposed)
        for peril in Peril:
            yield self.rate(f"frequency.{peril}", counts[peril], weight)

    def industries(self) -> Iterator[Refit]:
        """Claims of each industry against what the model expects of it."""
        names = {e.policy: e.industry for e in self.own.exposed}
        counts = Counter(names[claim.policy] for claim in self.claims.values())
        rate = len(self.claims) / max(sum(expected_size(self.numbers, e) * e.years for e in self.own.exposed), 1e-12)
        for industry in sorted({*names.values()} - {"average"}):
            name = f"frequency.industry.{industry}"
            held = [e for e in self.own.exposed if e.industry == industry]
            weight = sum(expected_size(self.numbers, e) * e.years for e in held) / self.numbers[name]
            if rate:
                yield self.rate(name, counts[industry], weight * rate)

    def rate(self, name: str, count: int, weight: float) -> Refit:
        """Gamma and Poisson in closed form; the interval of the data is the exact one."""
        from scipy.special import gammaincinv  # a quarter of a second to load

        parameter = self.parameters[name]
        before, shape = parameter.value, 1 / self.spread(parameter) ** 2
        after = (shape + count) / (shape / before + weight)
        low = float(gammaincinv(count, 0.025)) / weight if count else 0.0
        high = float(gammaincinv(count + 1, 0.975)) / weight
        credibility = weight / (shape / before + weight)
        return self.made(parameter, count / weight, (low, high), credibility, after, count)

    def size_elasticity(self) -> Iterator[Refit]:
        """Poisson likelihood of the size exponent with the level of all perils taken out, the cap in it."""
        if len(self.claims) < LEAST_EVENTS:
            return
        by_policy = Counter(claim.policy for claim in self.claims.values())
        counts = np.array([by_policy[e.policy] for e in self.own.exposed], np.float64)
        size = np.array([e.revenue / self.numbers["reference.revenue"] for e in self.own.exposed])
        other = np.array(
            [self.numbers[f"frequency.industry.{e.industry}"] * e.relativity * e.years for e in self.own.exposed]
        )

        def loss(exponent: float) -> float:
            weight = np.minimum(size**exponent, self.numbers["frequency.size.cap"]) * other
            return float(counts.sum() * math.log(weight.sum()) - (counts * np.log(weight)).sum())

        at, error = likeliest(loss, 0.01, 1.5)
        yield self.logarithmic(self.parameters["frequency.size.elasticity"], at, error / at, len(self.claims))

    def year_spread(self) -> Refit | None:
        """Negative binomial over calendar years: how far apart the years stand beyond chance."""
        years = [year for year in self.own.years if sum(e.years_in(year) for e in self.own.exposed) > 0]
        if len(years) < LEAST_YEARS or len(self.claims) < LEAST_EVENTS:
            return None
        by_year = Counter(claim.on.year for claim in self.claims.values())
        counts = np.array([by_year[year] for year in years], np.float64)
        weight = np.array(
            [sum(expected_size(self.numbers, e) * e.years_in(y) for e in self.own.exposed) for y in years]
        )
        mean = weight * counts.sum() / weight.sum()
        at, error = likeliest(lambda cv: negative_binomial(counts, mean, cv), 0.02, 2.0)
        return self.logarithmic(self.parameters["frequency.year_level.cv"], at, error / at, len(self.claims))

    def severity(self, component: Component) -> Iterator[Refit]:
        prepared = self.prepared(component)
        if prepared is None:
            return
        sample, with_slope = prepared
        fitted = fit_lognormal(sample, slope=with_slope)
        known = component.observed(self.numbers).elasticity
        if with_slope and fitted.slope <= 0:  # no effect of size that the model could hold
            with_slope = False
            fitted = fit_lognormal(_at_reference(sample, known), slope=False)
        slope = fitted.slope if with_slope else known
        found = component.of_model(self.numbers, Observed(fitted.mu, fitted.sigma, slope))
        stretch = (fitted.sigma / found[f"{component.prefix}.sigma"]) ** 2
        errors = {"median": fitted.mu_error, "sigma": fitted.ln_sigma_error * stretch}
        if with_slope:
            errors["elasticity"] = fitted.slope_error / found[f"{component.prefix}.elasticity"]
        for what, error in errors.items():
            name = f"{component.prefix}.{what}"
            yield self.logarithmic(self.parameters[name], found[name], error, len(sample))

    def prepared(self, component: Component) -> tuple[Sample, bool] | None:
        """What is fitted, and whether the effect of size is; None where there are too few losses."""
        sample = self.sample(component)
        if (~sample.cut).sum() < LEAST_EVENTS:
            return None
        with_slope = not component.hours and float(np.ptp(sample.ln_size)) > WIDE_SIZES
        known = component.observed(self.numbers).elasticity
        return (sample if with_slope else _at_reference(sample, known)), with_slope

    def sample(self, component: Component) -> Sample:
        revenue = {e.policy: e.revenue for e in self.own.exposed}
        rows = [row for row in self.own.lost if row.component == component.code]
        most = [row.deductible + row.limit if row.cut and row.limit else row.loss for row in rows]
        size = [revenue[row.policy] / self.numbers["reference.revenue"] for row in rows]
        return Sample(
            np.array(most),
            np.array([row.deductible for row in rows]),
            np.array([row.cut for row in rows], np.bool_),
            np.log(np.array(size)),
        )

    def logarithmic(self, parameter: Parameter, estimate: float, error: float, events: int) -> Refit:
        """A positive number: credibility by the two variances on the scale of its logarithm."""
        spread = self.spread(parameter)
        credibility = spread**2 / (spread**2 + error**2)
        after = parameter.value * (estimate / parameter.value) ** credibility
        wide = min(error * NORMAL_95, 50.0)
        interval = estimate * math.exp(-wide), estimate * math.exp(wide)
        return self.made(parameter, estimate, interval, credibility, after, events)

    def made(
        self,
        parameter: Parameter,
        estimate: float,
        interval: tuple[float, float],
        credibility: float,
        after: float,
        events: int,
    ) -> Refit:
        return Refit(
            parameter.name,
            self.territory,
            parameter.value,
            estimate,
            *interval,
            credibility,
            after,
            events,
            parameter.grade,
        )


def expected_size(numbers: Numbers, exposed: Exposed) -> float:
    """What multiplies every peril's rate: size within its cap, industry, and what controls make of it."""
    size = (exposed.revenue / numbers["reference.revenue"]) ** numbers["frequency.size.elasticity"]
    industry = numbers[f"frequency.industry.{exposed.industry}"]
    return float(min(size, numbers["frequency.size.cap"]) * industry * exposed.relativity)


def negative_binomial(counts: Floats, mean: Floats, cv: float) -> float:
    """The negative log-likelihood of counts whose rate varies from year to year with a coefficient of variation."""
    from scipy.special import gammaln

    shape = 1 / cv**2
    whole = gammaln(counts + shape) - gammaln(shape) - gammaln(counts + 1)
    return -float((whole + shape * np.log(shape / (shape + mean)) + counts * np.log(mean / (shape + mean))).sum())


def _at_reference(sample: Sample, elasticity: float) -> Sample:
    """Every loss as it would be at the reference revenue, where the sample cannot tell the effect of size itself."""
    scale = np.exp(-elasticity * sample.ln_size)
    return Sample(sample.loss * scale, sample.above * scale, sample.cut, sample.ln_size)
