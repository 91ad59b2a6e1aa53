"""Common shocks: one event that strikes many insureds at once, for the price of one policy and for a book."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringwall.risk.model import Footprint, Peril, RiskModel, Span, SystemicScenario
from ringwall.risk.profile import AVERAGE_INDUSTRY, RiskProfile
from ringwall.risk.severity import draw_losses, draw_outage
from ringwall.risk.streams import Floats, stream, uniforms
from ringwall.terms import EventColumns

OTHER_VENDORS = "others"


def systemic_scenarios(model: RiskModel) -> tuple[SystemicScenario, ...]:
    """S1 to S8, in the model's order."""
    return model.scenarios


def hit_probability(model: RiskModel, scenario: SystemicScenario, profile: RiskProfile) -> float:
    """Chance that one event of the scenario causes this insured a loss."""
    reached = _reach(scenario.exposed, max(len(ties(scenario, profile)), 1))
    if scenario.footprint is Footprint.VENDOR:
        shares = model.shares_by_territory[profile.territory]
        reached *= sum(shares[v] * w for v, w in vendor_weights(model, scenario, profile).items())
    return reached * scenario.hit.mean


def _reach(exposed: Span, ties: int) -> float:
    """Chance that at least one of several vendors is reached: the mean of 1 − (1 − share)^ties over the span."""
    if ties == 1 or exposed.low == exposed.high:
        return 1 - (1 - exposed.mean) ** ties
    missed = ((1 - exposed.low) ** (ties + 1) - (1 - exposed.high) ** (ties + 1)) / (ties + 1)
    return 1 - missed / (exposed.high - exposed.low)


def ties(scenario: SystemicScenario, profile: RiskProfile) -> tuple[str, ...]:
    """What decides, for many insureds at once, whether an event reaches them: their vendors, or their industry."""
    if scenario.footprint is Footprint.SECTOR:
        return () if profile.industry == AVERAGE_INDUSTRY else (profile.industry,)
    if scenario.footprint is Footprint.BOOK and scenario.vendor_kind:
        return tuple(dict.fromkeys(profile.vendors(scenario.vendor_kind)))
    return ()


def vendor_weights(model: RiskModel, scenario: SystemicScenario, profile: RiskProfile) -> dict[str, float]:
    """How far the insured depends on each vendor: one for those declared; where none is known, the market's shares."""
    assert scenario.vendor_kind is not None, f"{scenario.code} names no kind of vendor"
    declared, shares = profile.vendors(scenario.vendor_kind), model.shares_by_territory[profile.territory]
    if not declared:
        return dict(shares)
    return {v if v in shares else OTHER_VENDORS: 1.0 for v in declared}


def scenario_losses(
    model: RiskModel, profile: RiskProfile, scenario: SystemicScenario, n: int, seed: int
) -> EventColumns:
    """n losses of this insured, given that the scenario strikes it."""
    if scenario.outage is None:
        return draw_losses(model, profile, Peril.RAN, n, seed)
    return draw_outage(model, profile, scenario.code, scenario.outage, n, seed)


@dataclass(frozen=True, slots=True)
class SystemicEvents:
    """The common shocks of many simulated years, in order of year; the same for every policy of the book."""

    years: int
    year: NDArray[np.int64]
    scenario: NDArray[np.int64]
    """index into the model's scenarios"""
    vendor: NDArray[np.int64]
    """index into the model's vendors, −1 where no vendor is drawn"""
    exposed: Floats
    hit: Floats


def draw_systemic(model: RiskModel, years: int, seed: int) -> SystemicEvents:
    """Poisson counts a year and scenario; each event draws its reach, its hit chance and, for a cloud, its vendor."""
    tables = [_events(model, index, years, seed) for index in range(len(model.scenarios))]
    whole = np.concatenate(tables, axis=1)
    order = np.argsort(whole[0], kind="stable")
    year, scenario, vendor = (whole[row][order].astype(np.int64) for row in range(3))
    return SystemicEvents(years, year, scenario, vendor, whole[3][order], whole[4][order])


def _events(model: RiskModel, index: int, years: int, seed: int) -> Floats:
    scenario = model.scenarios[index]
    counts = stream(seed, "systemic", scenario.code, "count").poisson(scenario.rate, years)
    year = np.repeat(np.arange(years), counts)
    n = len(year)
    exposed, hit, pick = (uniforms(n, seed, "systemic", scenario.code, what) for what in ("exposed", "hit", "vendor"))
    vendor = np.full(n, -1.0)
    if scenario.footprint is Footprint.VENDOR:
        edges = np.cumsum(list(model.vendor_shares.values()))
        vendor = np.searchsorted(edges / edges[-1], pick).astype(np.float64)
    span, chance = scenario.exposed, scenario.hit
    reach = span.low + (span.high - span.low) * exposed
    return np.stack([year, np.full(n, index), vendor, reach, chance.low + (chance.high - chance.low) * hit])


def reached(model: RiskModel, events: SystemicEvents, index: int, tie: str, seed: int) -> NDArray[np.bool_]:
    """Which events of a scenario reach one vendor or industry: drawn once for everybody who hangs on it."""
    exposed = events.exposed[events.scenario == index]
    drawn = uniforms(len(exposed), seed, "reached", model.scenarios[index].code, tie)
    return np.asarray(drawn < exposed, np.bool_)


def struck(model: RiskModel, events: SystemicEvents, profile: RiskProfile, policy: str, seed: int) -> NDArray[np.bool_]:
    """Which events strike this policy; `policy` is its stable key, so that one policy can be simulated alone."""
    chance = events.exposed * events.hit
    for index, scenario in enumerate(model.scenarios):
        mine = np.flatnonzero(events.scenario == index)
        tied = ties(scenario, profile)
        if scenario.footprint is Footprint.VENDOR:
            weights = vendor_weights(model, scenario, profile)
            by_vendor = np.array([weights.get(vendor, 0.0) for vendor in model.vendor_shares])
            chance[mine] *= by_vendor[events.vendor[mine]]
        elif tied:
            any_of = np.logical_or.reduce([reached(model, events, index, tie, seed) for tie in tied])
            chance[mine] = np.where(any_of, events.hit[mine], 0.0)
    return uniforms(len(events.year), seed, "struck", policy) < chance
