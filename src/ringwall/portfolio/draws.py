"""What may happen to each policy in the simulated years: its own events and the common shocks that strike it.

Every draw is keyed by the seed and the policy's number, or by the seed and the scenario: a policy that is added or
changed re-simulates alone, and no order of policies or blocks changes a single draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.book import BookPolicy
from ringwall.risk import (
    Peril,
    RiskModel,
    RiskProfile,
    SystemicEvents,
    draw_losses,
    draw_systemic,
    frequency,
    scenario_losses,
    stream,
    struck,
    uniforms,
    year_levels,
)
from ringwall.terms import CompiledTerms, EventColumns

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

OWN_EVENT = -1
"""The event number of a loss that strikes one policy only; common shocks have their number in the shared list."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all policies of a run share: model, seed, each year's threat level, common shocks and their time."""

    model: RiskModel
    years: int
    seed: int
    as_at: date | None
    level_until: Floats
    """Sum of the threat levels of the years up to and with each one."""
    shocks: SystemicEvents
    shock_time: Floats


@dataclass(frozen=True, slots=True)
class Draws:
    """Losses before terms, one row an event: year, time in the year, cause, shared event, and subject columns."""

    year: Whole
    time: Floats
    cause: Whole
    event: Whole
    subject: Mapping[str, Whole]


def causes_of(model: RiskModel) -> tuple[str, ...]:
    """Perils, then scenarios: the meaning of the cause numbers."""
    return (*(str(peril) for peril in Peril), *(scenario.code for scenario in model.scenarios))


def draw_common(model: RiskModel, profile: RiskProfile, years: int, seed: int, as_at: date | None) -> Common:
    levels = year_levels(model, profile, years, seed)
    shocks = draw_systemic(model, years, seed)
    time = uniforms(len(shocks.year), seed, "systemic", "time")
    return Common(model, years, seed, as_at, np.cumsum(levels), shocks, time)


def draw_policy(common: Common, policy: BookPolicy, profile: RiskProfile, terms: CompiledTerms) -> Draws:
    """All events of one policy that can cost something under its terms, in its window of the year, in date order."""
    tables = [*_own_events(common, policy, profile), *_common_events(common, policy, profile, terms)]
    names = [name for name in (*terms.columns, *terms.optional) if any(name in table.subject for table in tables)]
    whole = Draws(
        _joined([t.year for t in tables]),
        np.concatenate([np.zeros(0), *(t.time for t in tables)]),
        _joined([t.cause for t in tables]),
        _joined([t.event for t in tables]),
        {name: _joined([_column(t, name) for t in tables]) for name in names},
    )
    opens, closes = (float(edge) for edge in policy.window(common.as_at))
    held = np.flatnonzero((whole.time >= opens) & (whole.time < closes))
    return take(whole, held[np.lexsort((whole.event[held], whole.cause[held], whole.time[held], whole.year[held]))])


def take(draws: Draws, rows: Whole) -> Draws:
    subject = {name: column[rows] for name, column in draws.subject.items()}
    return Draws(draws.year[rows], draws.time[rows], draws.cause[rows], draws.event[rows], subject)


def _own_events(common: Common, policy: BookPolicy, profile: RiskProfile) -> list[Draws]:
    """Poisson events in the running sum of threat levels, so that a bad year is bad for the whole book."""
    rates = frequency(common.model, profile, policy.relief)
    tables = []
    for number, peril in enumerate(Peril):
        dice = stream(common.seed, "own", policy.number, str(peril))
        count = int(dice.poisson(rates[peril] * float(policy.relativity) * common.level_until[-1]))
        if count:
            year, time = _placed(common, dice.random(count))
            losses = draw_losses(common.model, profile, peril, count, _key(common.seed, policy.number, str(peril)))
            tables.append(_table(year, time, number, np.full(count, OWN_EVENT), losses))
    return tables


def _placed(common: Common, share: Floats) -> tuple[Whole, Floats]:
    """The year in which each share of the whole run falls, and the time within it."""
    at = share * common.level_until[-1]
    year = np.minimum(np.searchsorted(common.level_until, at, side="right"), common.years - 1)
    begins = np.concatenate([[0.0], common.level_until])
    return year.astype(np.int64), (at - begins[year]) / (begins[year + 1] - begins[year])


def _common_events(common: Common, policy: BookPolicy, profile: RiskProfile, terms: CompiledTerms) -> list[Draws]:
    model, shocks = common.model, common.shocks
    hits = np.flatnonzero(struck(model, _relieved(common, policy), profile, policy.number, common.seed))
    tables = []
    for number, scenario in enumerate(model.scenarios):
        mine = hits[shocks.scenario[hits] == number]
        insured = scenario.outage is None or f"{scenario.outage.part}.seconds" in terms.columns
        if len(mine) and insured:
            seed = _key(common.seed, policy.number, scenario.code)
            losses = scenario_losses(model, profile, scenario, len(mine), seed)
            cause = len(Peril) + number
            tables.append(_table(shocks.year[mine], common.shock_time[mine], cause, mine, losses))
    return tables


def _relieved(common: Common, policy: BookPolicy) -> SystemicEvents:
    """The shocks with the chance of a hit that the policy's controls leave: the price counts with the same."""
    factors = [policy.relief.by_peril.get(s.relief_code, 1.0) for s in common.model.scenarios]
    return replace(common.shocks, hit=common.shocks.hit * np.array(factors)[common.shocks.scenario])


def _table(year: Whole, time: Floats, cause: int, event: Whole, losses: EventColumns) -> Draws:
    return Draws(year, time, np.full(len(year), cause, np.int64), event.astype(np.int64), losses.subject)


def _column(table: Draws, name: str) -> Whole:
    column = table.subject.get(name)
    return np.zeros(len(table.year), np.int64) if column is None else column


def _joined(columns: list[Whole]) -> Whole:
    return np.concatenate([np.zeros(0, np.int64), *columns])


def _key(seed: int, *words: str) -> int:
    """A seed of its own for one policy and cause."""
    return int.from_bytes(hashlib.sha256("\x1f".join((str(seed), *words)).encode()).digest()[:8], "big")
