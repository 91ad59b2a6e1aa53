"""What the model comes to for the checks of single risks: closed forms where there are, stratified draws elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Words
from ringwall.risk.checks.populations import (
    SMALL_BUSINESSES_USD,
    Floats,
    fen_per_usd,
    ground_up,
    in_layer,
    interruption,
    western,
)
from ringwall.risk.checks.record import Figure
from ringwall.risk.checks.table import CHECKS
from ringwall.risk.frequencies import frequency
from ringwall.risk.model import Peril, RiskModel, SignalKind, SystemicScenario, Territory
from ringwall.risk.profile import RiskProfile
from ringwall.risk.relief import ReliefStep, SignalState, combine, possible_relativities
from ringwall.risk.severity import draw_losses
from ringwall.risk.streams import normals, uniforms
from ringwall.risk.systemic import hit_probability, scenario_losses

SEED = 20_261_125
Sample = NDArray[Any]
"""Floats, whole numbers, or yes and no."""
AGENT_CUSTOMERS, FORTUNE = 298, 500
FORTUNE_REVENUE_USD = 37.6e9
MONTHLY_MEAN = 20.1
"""Breaches reported a month to the US health authority, 2009 to 2016."""
REPORTED_FROM, TAIL_SHARE = 500, 0.1
REPORTING_REVENUE_USD, REPORTING_SPREAD = 50e6, 2.0
"""Health organisations from a practice to an insurer: median revenue and ln standard deviation, by judgement (D)."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is drawn: events of one kind, and for a book policies and years."""

    draws: int = 16_384
    years: int = 4_000
    policies: int = 1_500


def tail_exponent(amounts: Floats, share: float = TAIL_SHARE) -> float:
    """Hill's estimate of the power of the tail on the largest share of a sample; below one the mean is infinite."""
    ordered = np.sort(amounts)[::-1]
    size = max(int(len(ordered) * share), 2)
    return float(1 / np.mean(np.log(ordered[:size] / ordered[size])))


def figures_of_check(code: str, model: RiskModel, effort: Effort) -> tuple[Figure, ...]:
    """The figures of one check of single risks."""
    return tuple(CLOSED[code](model) if code in CLOSED else DRAWN[code](model, effort))


def _k1(model: RiskModel) -> Iterator[Figure]:
    book = [sum(frequency(model, western(model, revenue)).values()) for revenue in SMALL_BUSINESSES_USD]
    yield Figure("K1", sum(book) / len(book))


def _k2(model: RiskModel) -> Iterator[Figure]:
    rates = frequency(model, western(model, 5e6))
    whole = sum(rates.values())
    yield Figure("K2.fraud", (rates[Peril.FTF] + rates[Peril.BEC]) / whole)
    yield Figure("K2.ransomware", rates[Peril.RAN] / whole)


def _k3(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    for peril in (Peril.RAN, Peril.FTF, Peril.BEC):
        losses = [_drawn(model, western(model, revenue), peril, effort) for revenue in SMALL_BUSINESSES_USD]
        yield _mean(f"K3.{peril}", np.concatenate(losses))


def _k6(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    events = draw_losses(model, western(model, 80e6), Peril.RAN, effort.draws, SEED).subject
    income = interruption(events, "NPBI") / fen_per_usd(model)
    interrupted = income > 0
    yield _mean("K6.bi", income[interrupted])
    yield _mean("K6.total", ground_up(events)[interrupted] / fen_per_usd(model))


def _k7(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    seconds = draw_losses(model, western(model, 50e6), Peril.RAN, effort.draws, SEED).subject["NPBI.seconds"]
    days = seconds[seconds > 0] / 86_400
    yield _mean("K7.week", days <= 7)
    yield _mean("K7.month", days > 30)


def _k8(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    events = draw_losses(model, western(model, 50e6), Peril.RAN, effort.draws, SEED).subject
    demand = events["RANSOM.demand"] / fen_per_usd(model)
    yield Figure("K8.median", float(np.median(demand)), quantile_error(demand, 0.5))
    yield _mean("K8.million", demand >= 1e6)


def _k9(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    """So large a firm that nearly every draw reaches the records held."""
    held = 100_000_000
    events = draw_losses(model, western(model, 5e20, records_held=held), Peril.DB, effort.draws, SEED).subject
    cost = (events["INRE"] + events["MIT"] + events["INV"])[events["records"] == held] / fen_per_usd(model)
    yield _mean("K9", cost >= 10e6)


def _k10(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    """Holders of all sizes report: the records of a firm grow with its revenue, and the cap is left out."""
    row, name, n = model.numbers(Territory.WEST), "severity.DB.records", 8 * effort.draws
    revenue = REPORTING_REVENUE_USD * np.exp(REPORTING_SPREAD * normals(n, SEED, "K10", "revenue"))
    size = revenue * row["reference.usd_cny"] / row["reference.revenue"]
    spread = np.exp(row[f"{name}.sigma"] * normals(n, SEED, "K10", "records"))
    records = row[f"{name}.median"] * size ** row[f"{name}.elasticity"] * spread
    reported = records[records >= REPORTED_FROM]
    deviation, exponent = float(np.log(reported).std()), tail_exponent(reported)
    yield Figure("K10.sd", deviation, deviation / math.sqrt(2 * len(reported)))
    yield Figure("K10.hill", exponent, exponent / math.sqrt(len(reported) * TAIL_SHARE))


def _k11(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    target = model.numbers(Territory.WEST)["benchmark.target_loss_ratio"]
    yield _mean("K11", _layer(_small_firm(model, effort), 1e6, 10_000) / target)


def _k12(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    kinds = _small_firm(model, effort)
    layers = low, middle, whole = [_layer(kinds, limit, 10_000) for limit in (250e3, 500e3, 1e6)]
    yield _quotient("K12.250k", low, whole)
    yield _quotient("K12.500k", middle, whole)
    first, second, third = (float(layer.mean()) for layer in layers)
    slopes = (first / 250e3, (second - first) / 250e3, (third - second) / 500e3)
    yield Figure("K12.concave", float(slopes[0] >= slopes[1] >= slopes[2]))


def _k13(model: RiskModel) -> Iterator[Figure]:
    rates = [sum(frequency(model, western(model, revenue)).values()) for revenue in (5e6, 20e6, 100e6, 400e6, 1e9)]
    yield Figure("K13", rates[-1] / rates[0])
    yield Figure("K13.monotone", float(rates == sorted(rates)))


def _k15(model: RiskModel, effort: Effort) -> Iterator[Figure]:
    """One bad update that reaches the agent of 298 of 500 firms, many times over."""
    scenario = _scenario(model, "S4")
    firm = western(model, FORTUNE_REVENUE_USD, gross_profit=Fraction(1))
    replays = max(effort.draws // 16, 64)
    hit = uniforms(replays, SEED, "K15", "hit")
    chance = scenario.hit.low + (scenario.hit.high - scenario.hit.low) * hit
    counts = [int((uniforms(AGENT_CUSTOMERS, SEED, "K15", str(n)) < p).sum()) for n, p in enumerate(chance)]
    yield _mean("K15.hit", np.array(counts) / FORTUNE)
    yield _mean("K15.loss", _outage_usd(model, firm, scenario, effort))


def _k18(model: RiskModel) -> Iterator[Figure]:
    controls = [s for s in model.signals.values() if s.kind is SignalKind.CONTROL]
    rates = []
    for place, state in ((1, SignalState.BROKEN), (0, SignalState.HELD)):
        steps = [
            ReliefStep(s, state, math.log(possible_relativities(model, s)[place]), Words("", ""), "") for s in controls
        ]
        found = frequency(model, western(model, 5e6), combine(model, steps))
        rates.append(found[Peril.RAN] + found[Peril.DB])
    yield Figure("K18", rates[0] / rates[1])


def _k19(model: RiskModel) -> Iterator[Figure]:
    yield Figure("K19", 1 + model.numbers(Territory.WEST)["frequency.year_level.cv"] ** 2 * MONTHLY_MEAN)


def _k20(model: RiskModel) -> Iterator[Figure]:
    """Of a sector that is reached, the share that is struck is the chance of a hit (held by the tests of `struck`)."""
    scenario = _scenario(model, "S8")
    yield Figure("K20.low", scenario.hit.low)
    yield Figure("K20.high", scenario.hit.high)


def _small_firm(model: RiskModel, effort: Effort) -> list[tuple[float, Floats]]:
    """Losses a year and the draws of each kind of event, common shocks included, for a firm with a revenue of 1M."""
    firm = western(model, 1e6)
    kinds = [(rate, _drawn(model, firm, peril, effort)) for peril, rate in frequency(model, firm).items()]
    for scenario in model.scenarios:
        events = scenario_losses(model, firm, scenario, effort.draws, SEED).subject
        kinds.append((scenario.rate * hit_probability(model, scenario, firm), ground_up(events) / fen_per_usd(model)))
    return kinds


def _layer(kinds: list[tuple[float, Floats]], limit: float, retention: float) -> Floats:
    """What a layer of every event costs a year, draw by draw: kinds that share their random numbers move together."""
    paid = np.array([rate * in_layer(losses, limit, retention) for rate, losses in kinds])
    return np.asarray(paid.sum(axis=0), np.float64)


def quantile_error(sample: Sample, probability: float) -> float:
    """Half the distance between the quantiles one standard error of the count apart."""
    shift = math.sqrt(probability * (1 - probability) / len(sample))
    low, high = np.quantile(sample, [max(probability - shift, 0.0), min(probability + shift, 1.0)])
    return float(high - low) / 2


def _drawn(model: RiskModel, firm: RiskProfile, peril: Peril, effort: Effort) -> Floats:
    return ground_up(draw_losses(model, firm, peril, effort.draws, SEED).subject) / fen_per_usd(model)


def _outage_usd(model: RiskModel, firm: RiskProfile, scenario: SystemicScenario, effort: Effort) -> Floats:
    events = scenario_losses(model, firm, scenario, effort.draws, SEED).subject
    return ground_up(events, waiting=0) / fen_per_usd(model)


def _scenario(model: RiskModel, code: str) -> SystemicScenario:
    return next(scenario for scenario in model.scenarios if scenario.code == code)


def _mean(target: str, sample: Sample) -> Figure:
    return Figure(target, float(np.mean(sample)), float(np.std(sample)) / math.sqrt(len(sample)))


def _quotient(target: str, part: Floats, whole: Floats) -> Figure:
    """One mean over another of the same draws; its error is that of what remains of the part without its share."""
    share = float(part.mean() / whole.mean())
    rest = _mean(target, part - share * whole)
    return Figure(target, share, rest.standard_error / float(whole.mean()))


CLOSED: Mapping[str, Callable[[RiskModel], Iterator[Figure]]] = {
    "K1": _k1,
    "K2": _k2,
    "K13": _k13,
    "K18": _k18,
    "K19": _k19,
    "K20": _k20,
}
DRAWN: Mapping[str, Callable[[RiskModel, Effort], Iterator[Figure]]] = {
    "K3": _k3,
    "K6": _k6,
    "K7": _k7,
    "K8": _k8,
    "K9": _k9,
    "K10": _k10,
    "K11": _k11,
    "K12": _k12,
    "K15": _k15,
}
SINGLE_RISKS = tuple(check.code for check in CHECKS if check.code in CLOSED or check.code in DRAWN)
"""The checks that need no book, in the order of the table."""
