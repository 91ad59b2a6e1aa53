"""Given one event of a peril: what it costs, part by part, in whole fen and whole seconds.

Columns beyond those that a product settles (FIN, CBI, RANSOM) are drawn too, so that the model can be checked against
published figures and other products can use them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import FEN_PER_YUAN
from ringwall.risk.model import Numbers, OutageShape, Peril, RiskModel
from ringwall.risk.profile import RiskProfile, relative_size
from ringwall.risk.severity.law import (
    BY_CHANCE,
    OTHERWISE,
    OUTAGE,
    RECORDS,
    SPLIT,
    Recipe,
    Step,
    outage_recipe,
    recipe_of,
    record_law,
)
from ringwall.risk.streams import Floats, normals, stratified
from ringwall.terms import EventColumns

HOURS_A_YEAR = 8760
SECONDS_AN_HOUR = 3600
Whole = NDArray[np.int64]
Yes = NDArray[np.bool_]
Columns = Mapping[str, Whole]


def draw_losses(model: RiskModel, profile: RiskProfile, peril: Peril, n: int, seed: int) -> EventColumns:
    """n events of one peril, each in a period of its own."""
    numbers = model.numbers(profile.territory)
    dice = _Dice(numbers, profile, f"peril.{peril}", n, seed)
    losses = _losses(dice, recipe_of(numbers, peril))
    beside = _BESIDE[peril](dice, losses) if peril in _BESIDE else {}
    return EventColumns(np.arange(n, dtype=np.int64), {**losses, **beside})


def draw_outage(
    model: RiskModel, profile: RiskProfile, code: str, shape: OutageShape, n: int, seed: int
) -> EventColumns:
    """n outages of a given shape, each in a period of its own; `code` names the random numbers."""
    numbers = model.numbers(profile.territory)
    dice = _Dice(numbers, profile, f"outage.{code}", n, seed)
    return EventColumns(np.arange(n, dtype=np.int64), _losses(dice, outage_recipe(numbers, shape)))


@dataclass(frozen=True, slots=True)
class _Dice:
    """The draws of one peril for one profile; every quantity has a stream of its own, so that one can change alone."""

    numbers: Numbers
    profile: RiskProfile
    scope: str
    n: int
    seed: int

    @property
    def ln_size(self) -> float:
        return float(np.log(relative_size(self.numbers, self.profile)))

    def normal(self, what: str) -> Floats:
        return normals(self.n, self.seed, self.scope, what)

    def happens(self, what: str, chance: float) -> Yes:
        return stratified(self.n, self.seed, self.scope, what) < chance

    def beta(self, what: str, shapes: tuple[float, float], needed: Yes) -> Floats:
        """The inverse is slow, so it is taken only where it is needed; nil elsewhere."""
        from scipy.special import betaincinv  # a quarter of a second to load

        drawn = np.zeros(self.n)
        drawn[needed] = betaincinv(*shapes, stratified(self.n, self.seed, self.scope, what)[needed])
        return drawn

    def records(self) -> Whole:
        """Capped at the records held: without the cap the mean is infinite."""
        mean, elasticity, spread = record_law(self.numbers)
        cap = self.profile.records_held * self.numbers["severity.DB.records.cap_at_held"]
        lost = np.exp(mean + elasticity * self.ln_size + spread * self.normal("records"))
        return np.floor(np.minimum(lost, cap)).astype(np.int64)


def _losses(dice: _Dice, recipe: Recipe) -> dict[str, Whole]:
    """Step by step; parts of one event share its common factor, and what is split shares one draw."""
    found: dict[str, Whole] = {}
    happens, drawn = np.ones(dice.n, np.bool_), np.zeros(dice.n)
    common = dice.normal("event_factor") if any(step.factor for step in recipe) else drawn
    for step in recipe:
        happens = _happens(dice, step, happens)
        if step.form == OUTAGE:
            found |= _outage(dice, step, common, happens)
            continue
        if step.form == RECORDS:
            records = dice.records()
            happens, scale = records > 0, np.log(np.maximum(records, 1))
        else:
            scale = np.full(dice.n, dice.ln_size)
        if step.form != SPLIT:
            drawn = step.elasticity * scale + step.factor * common + step.spread * dice.normal(step.draw)
        found[step.kind] = _whole(np.exp(step.mean + drawn), happens)
    return found


def _happens(dice: _Dice, step: Step, before: Yes) -> Yes:
    if step.form == SPLIT:
        return before
    if step.gate == BY_CHANCE:
        return dice.happens(step.opens, step.chance)
    return ~before if step.gate == OTHERWISE else np.ones(dice.n, np.bool_)


def _outage(dice: _Dice, step: Step, common: Floats, happens: Yes) -> dict[str, Whole]:
    """Seconds down and gross loss an hour."""
    part = step.kind.removesuffix(".seconds")
    seconds = np.exp(step.mean + step.factor * common + step.spread * dice.normal(step.draw))
    an_hour = dice.profile.revenue_minor * float(dice.profile.gross_profit_rate) / HOURS_A_YEAR
    lost = dice.beta(f"{part}.degradation", step.lost, happens) if step.lost else np.ones(dice.n)
    return {
        step.kind: _whole(np.minimum(seconds, HOURS_A_YEAR * SECONDS_AN_HOUR), happens),
        f"{part}.rate": _whole(an_hour * lost, happens),
    }


def _whole(amount: Floats, happens: Yes) -> Whole:
    """Rounded once; nil where it does not happen."""
    return np.rint(np.where(happens, amount, 0.0)).astype(np.int64)


def _ransom(dice: _Dice, _: Columns) -> dict[str, Whole]:
    """Demand and what is paid, for reference."""
    row, name = dice.numbers, "severity.RAN.RANSOM.demand"
    revenue_usd = dice.profile.revenue_minor / FEN_PER_YUAN / row["reference.usd_cny"]
    median = row[f"{name}.median"] * (revenue_usd / row[f"{name}.at_revenue"]) ** row[f"{name}.elasticity"]
    usd = median * np.exp(row[f"{name}.sigma"] * dice.normal(name))
    demand = np.minimum(
        usd * (row["reference.usd_cny"] * FEN_PER_YUAN), row[f"{name}.cap"] * dice.profile.revenue_minor
    )
    paid = dice.happens("paid", row["severity.RAN.RANSOM.paid"])
    share = "severity.RAN.RANSOM.settled"
    settled = dice.beta(share, (row[f"{share}.alpha"], row[f"{share}.beta"]), paid)
    always = np.ones(dice.n, np.bool_)
    return {"RANSOM.demand": _whole(demand, always), "RANSOM.paid": _whole(demand * settled, paid)}


def _recovered(dice: _Dice, losses: Columns) -> dict[str, Whole]:
    """What a bank gives back: all or nothing."""
    back = dice.happens("recovered", dice.numbers["severity.FTF.FIN.recovered"])
    return {"FIN.recovered": np.where(back, losses["FIN"], 0)}


def _records(dice: _Dice, _: Columns) -> dict[str, Whole]:
    return {"records": dice.records()}


def _avoided(_: _Dice, losses: Columns) -> dict[str, Whole]:
    """Extra expense is taken to avoid a loss of the same amount, so that the economic limit does not cut it."""
    return {"NPBI.avoided": losses["NPBI.extra"]}


_BESIDE: Mapping[Peril, Callable[[_Dice, Columns], dict[str, Whole]]] = {
    Peril.RAN: _ransom,
    Peril.FTF: _recovered,
    Peril.DB: _records,
    Peril.SYSF: _avoided,
}
"""Columns beside those of the law."""
