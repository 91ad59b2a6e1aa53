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
from ringwall.risk.streams import Floats, normals, stratified
from ringwall.terms import EventColumns

HOURS_A_YEAR = 8760
Whole = NDArray[np.int64]


def draw_losses(model: RiskModel, profile: RiskProfile, peril: Peril, n: int, seed: int) -> EventColumns:
    """n events of one peril, each in a period of its own."""
    dice = _Dice(model.numbers(profile.territory), profile, f"peril.{peril}", n, seed)
    return EventColumns(np.arange(n, dtype=np.int64), _PERILS[peril](dice))


def draw_outage(
    model: RiskModel, profile: RiskProfile, code: str, shape: OutageShape, n: int, seed: int
) -> EventColumns:
    """n outages of a given shape, each in a period of its own; `code` names the random numbers."""
    dice = _Dice(model.numbers(profile.territory), profile, f"outage.{code}", n, seed)
    return EventColumns(np.arange(n, dtype=np.int64), _outage(dice, shape, dice.always))


@dataclass(frozen=True, slots=True)
class _Dice:
    """The draws of one peril for one profile; every quantity has a stream of its own, so that one can change alone."""

    numbers: Numbers
    profile: RiskProfile
    scope: str
    n: int
    seed: int

    @property
    def always(self) -> NDArray[np.bool_]:
        return np.ones(self.n, dtype=np.bool_)

    def normal(self, what: str) -> Floats:
        return normals(self.n, self.seed, self.scope, what)

    def happens(self, what: str, chance: float) -> NDArray[np.bool_]:
        return stratified(self.n, self.seed, self.scope, what) < chance

    def beta(self, what: str, alpha: float, beta: float, needed: NDArray[np.bool_]) -> Floats:
        """The inverse is slow, so it is taken only where it is needed; nil elsewhere."""
        from scipy.special import betaincinv  # a quarter of a second to load

        drawn = np.zeros(self.n)
        drawn[needed] = betaincinv(alpha, beta, stratified(self.n, self.seed, self.scope, what)[needed])
        return drawn

    def event_factor(self) -> Floats:
        """One factor for all parts of an event, with mean one."""
        sigma = self.numbers["severity.event_factor.sigma"]
        return np.exp(sigma * self.normal("event_factor") - sigma * sigma / 2)

    def cost(self, name: str) -> Floats:
        """A lognormal cost in fen: its median grows with size."""
        row = self.numbers
        median = row[f"{name}.median"] * relative_size(row, self.profile) ** row[f"{name}.elasticity"]
        return self.fen(median * np.exp(row[f"{name}.sigma"] * self.normal(name)))

    def fen(self, usd: Floats) -> Floats:
        return usd * (self.numbers["reference.usd_cny"] * FEN_PER_YUAN)


def _whole(amount: Floats, happens: NDArray[np.bool_] | None = None) -> Whole:
    """Rounded once; nil where it does not happen."""
    return np.rint(amount if happens is None else np.where(happens, amount, 0.0)).astype(np.int64)


def _response(dice: _Dice, cost: Floats, happens: NDArray[np.bool_] | None = None) -> dict[str, Whole]:
    """Response cost by part: containment and advice, mitigation, finding the cause."""
    mitigation = dice.numbers["severity.response.mitigation_share"]
    investigation = dice.numbers["severity.response.investigation_share"]
    shares = {"INRE": 1 - mitigation - investigation, "MIT": mitigation, "INV": investigation}
    return {part: _whole(cost * share, happens) for part, share in shares.items()}


def _outage(
    dice: _Dice, shape: OutageShape, happens: NDArray[np.bool_], factor: Floats | None = None
) -> dict[str, Whole]:
    """Seconds down and gross loss an hour. The event factor, where given, is part of the total spread of the hours."""
    shared = 0.0 if factor is None else dice.numbers["severity.event_factor.sigma"]
    own = np.sqrt(max(shape.hours_sigma**2 - shared**2, 0.0))
    spread = own * dice.normal(f"{shape.part}.hours")
    if factor is not None:
        spread = spread + np.log(factor) + shared * shared / 2
    hours = np.minimum(shape.hours_median * np.exp(spread), HOURS_A_YEAR)
    an_hour = dice.profile.revenue_minor * float(dice.profile.gross_profit_rate) / HOURS_A_YEAR
    degradation = dice.beta(f"{shape.part}.degradation", shape.degradation_alpha, shape.degradation_beta, happens)
    return {
        f"{shape.part}.seconds": _whole(hours * 3600, happens),
        f"{shape.part}.rate": _whole(an_hour * degradation, happens),
    }


def _shape(numbers: Numbers, peril: Peril, part: str) -> OutageShape:
    name = f"severity.{peril}.{part}"
    return OutageShape(
        part,
        numbers[f"{name}.hours.median"],
        numbers[f"{name}.hours.sigma"],
        numbers[f"{name}.degradation.alpha"],
        numbers[f"{name}.degradation.beta"],
    )


def _liability(dice: _Dice, name: str, factor: Floats) -> dict[str, Whole]:
    happens = dice.happens(f"{name}.happens", dice.numbers[f"{name}.chance"])
    return {"LIA": _whole(dice.cost(name) * factor * dice.numbers["severity.cost_level"], happens)}


def _ransom(dice: _Dice) -> dict[str, Whole]:
    """Demand and what is paid, for reference; in column EXT the negotiator's fee alone."""
    row, name = dice.numbers, "severity.RAN.RANSOM.demand"
    revenue_usd = dice.profile.revenue_minor / FEN_PER_YUAN / row["reference.usd_cny"]
    median = row[f"{name}.median"] * (revenue_usd / row[f"{name}.at_revenue"]) ** row[f"{name}.elasticity"]
    uncapped = dice.fen(median * np.exp(row[f"{name}.sigma"] * dice.normal(name)))
    demand = np.minimum(uncapped, row[f"{name}.cap"] * dice.profile.revenue_minor)
    paid = dice.happens("paid", row["severity.RAN.RANSOM.paid"])
    share = "severity.RAN.RANSOM.settled"
    settled = dice.beta(share, row[f"{share}.alpha"], row[f"{share}.beta"], paid)
    fee, level = "severity.RAN.EXT.negotiator", row["severity.cost_level"]
    return {
        "RANSOM.demand": _whole(demand),
        "RANSOM.paid": _whole(demand * settled, paid),
        "EXT": _whole(dice.cost(fee) * level, dice.happens(fee, row[f"{fee}.chance"])),
    }


def _ransomware(dice: _Dice) -> dict[str, Whole]:
    row, factor = dice.numbers, dice.event_factor()
    level = row["severity.cost_level"]
    down = dice.happens("NPBI", row["severity.RAN.NPBI.chance"])
    return {
        **_response(dice, dice.cost("severity.RAN.INRE") * factor * level),
        "DIAS": _whole(dice.cost("severity.RAN.DIAS") * factor * level),
        **_outage(dice, _shape(row, Peril.RAN, "NPBI"), down, factor),
        **_ransom(dice),
        **_liability(dice, "severity.RAN.LIA", factor),
    }


def _transfer_fraud(dice: _Dice) -> dict[str, Whole]:
    lost = dice.cost("severity.FTF.FIN")
    back = dice.happens("recovered", dice.numbers["severity.FTF.FIN.recovered"])
    level = dice.numbers["severity.cost_level"]
    response = _response(dice, dice.cost("severity.FTF.INRE") * level)
    return {"FIN": _whole(lost), "FIN.recovered": _whole(lost, back), **response}


def _mail_compromise(dice: _Dice) -> dict[str, Whole]:
    level = dice.numbers["severity.cost_level"]
    return {"FIN": _whole(dice.cost("severity.BEC.FIN")), **_response(dice, dice.cost("severity.BEC.INRE") * level)}


def _breach(dice: _Dice) -> dict[str, Whole]:
    """Cost follows the number of records, which is capped at the records held: without the cap its mean is infinite."""
    row, factor = dice.numbers, dice.event_factor()
    name = "severity.DB.records"
    median = row[f"{name}.median"] * relative_size(row, dice.profile) ** row[f"{name}.elasticity"]
    cap = dice.profile.records_held * row[f"{name}.cap_at_held"]
    records = np.floor(np.minimum(median * np.exp(row[f"{name}.sigma"] * dice.normal("records")), cap))
    ln_mean = row["severity.DB.INRE.ln_base"] + row["severity.DB.INRE.ln_slope"] * np.log(np.maximum(records, 1))
    usd = np.exp(ln_mean + row["severity.DB.INRE.sigma"] * dice.normal("INRE"))
    cost = dice.fen(usd) * factor * row["severity.cost_level"]
    return {
        **_response(dice, cost, records > 0),
        "records": records.astype(np.int64),
        **_liability(dice, "severity.DB.LIA", factor),
    }


def _own_failure(dice: _Dice) -> dict[str, Whole]:
    """Extra expense is taken to avoid a loss of the same amount, so that the economic limit does not cut it."""
    extra = _whole(dice.cost("severity.SYSF.extra") * dice.numbers["severity.cost_level"])
    outage = _outage(dice, _shape(dice.numbers, Peril.SYSF, "NPBI"), dice.always, dice.event_factor())
    return {**outage, "NPBI.extra": extra, "NPBI.avoided": extra}


def _vendor(dice: _Dice) -> dict[str, Whole]:
    """Either the vendor is down, or data are lost there."""
    row, factor = dice.numbers, dice.event_factor()
    down = dice.happens("CBI", row["severity.VEND.CBI.chance"])
    cost = dice.cost("severity.VEND.INRE") * factor * row["severity.cost_level"]
    return {**_outage(dice, _shape(row, Peril.VEND, "CBI"), down, factor), **_response(dice, cost, ~down)}


_PERILS: Mapping[Peril, Callable[[_Dice], dict[str, Whole]]] = {
    Peril.RAN: _ransomware,
    Peril.FTF: _transfer_fraud,
    Peril.BEC: _mail_compromise,
    Peril.DB: _breach,
    Peril.SYSF: _own_failure,
    Peril.VEND: _vendor,
}
