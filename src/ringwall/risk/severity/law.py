"""What an event of each peril and scenario may cost, step by step: one law, which the price draws from and the book's
loops follow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ringwall.basics import FEN_PER_YUAN
from ringwall.risk.model import Numbers, OutageShape, Peril, RiskModel, SystemicScenario

ALWAYS, BY_CHANCE, OTHERWISE = 0, 1, 2
"""A step happens always, by chance, or where the one before it did not."""
AMOUNT, RECORDS, OUTAGE, SPLIT = 0, 1, 2, 3
"""A step costs an amount, an amount by the records lost, hours at so much an hour, or a share of the one before."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the subject that it feeds, and the law of the logarithm of its cost (or of its seconds)."""

    kind: str
    mean: float
    spread: float
    elasticity: float = 0.0
    factor: float = 0.0
    """The spread of the event's common factor."""
    form: int = AMOUNT
    gate: int = ALWAYS
    chance: float = 1.0
    lost: tuple[float, float] | None = None
    """Beta shapes of the share of output lost; None: all of it."""
    draw: str = ""
    """The name of its own normal among the draws of a price."""
    opens: str = ""
    """The name of what decides whether it happens."""

    @property
    def gates(self) -> int:
        return int(self.gate == BY_CHANCE) + int(self.lost is not None)


Recipe = tuple[Step, ...]


def recipes_of(model: RiskModel, numbers: Numbers) -> tuple[Recipe, ...]:
    """Perils, then scenarios: by the number of the cause."""
    perils = [recipe_of(numbers, peril) for peril in Peril]
    scenarios = (_scenario(numbers, scenario) for scenario in model.scenarios)
    return (*perils, *scenarios)


def record_law(numbers: Numbers) -> tuple[float, float, float]:
    """Logarithm of the median number of records lost, its elasticity to size, and its spread."""
    name = "severity.DB.records"
    return math.log(numbers[f"{name}.median"]), numbers[f"{name}.elasticity"], numbers[f"{name}.sigma"]


def recipe_of(numbers: Numbers, peril: Peril) -> Recipe:
    return tuple(_PERILS[peril](numbers))


def outage_recipe(numbers: Numbers, shape: OutageShape) -> Recipe:
    """An outage of a given shape that comes from outside."""
    return (_outage(numbers, shape, shared=False),)


def _scenario(numbers: Numbers, scenario: SystemicScenario) -> Recipe:
    if scenario.outage is None:
        return recipe_of(numbers, Peril.RAN)
    return outage_recipe(numbers, scenario.outage)


def _amount(numbers: Numbers, name: str, kind: str, *, shared: bool = False, opens: str = "") -> Step:
    """A lognormal cost whose median grows with size; `shared`: over the event's common factor, which has mean one.

    With `opens` it comes with its chance, and that is the name of the draw that decides.
    """
    fen = numbers["reference.usd_cny"] * FEN_PER_YUAN
    sigma = numbers["severity.event_factor.sigma"] if shared else 0.0
    return Step(
        kind,
        math.log(numbers[f"{name}.median"] * fen) - sigma * sigma / 2,
        numbers[f"{name}.sigma"],
        numbers[f"{name}.elasticity"],
        sigma,
        gate=BY_CHANCE if opens else ALWAYS,
        chance=numbers[f"{name}.chance"] if opens else 1.0,
        draw=name,
        opens=opens,
    )


def _levelled(numbers: Numbers, step: Step) -> Step:
    return _scaled(step, numbers["severity.cost_level"])


def _scaled(step: Step, by: float) -> Step:
    return replace(step, mean=step.mean + math.log(by))


def _response(numbers: Numbers, cost: Step) -> Iterator[Step]:
    """Response cost by part: containment and advice, mitigation, finding the cause."""
    mitigation = numbers["severity.response.mitigation_share"]
    investigation = numbers["severity.response.investigation_share"]
    yield _scaled(cost, 1 - mitigation - investigation)
    for kind, share in (("MIT", mitigation), ("INV", investigation)):
        yield Step(kind, cost.mean + math.log(share), cost.spread, form=SPLIT)


def _outage(numbers: Numbers, shape: OutageShape, *, shared: bool, chance: float | None = None) -> Step:
    """Seconds down. The common factor, where it acts, is part of the total spread of the hours."""
    common = numbers["severity.event_factor.sigma"] if shared else 0.0
    return Step(
        f"{shape.part}.seconds",
        math.log(shape.hours_median * 3600),
        math.sqrt(max(shape.hours_sigma**2 - common**2, 0.0)),
        factor=common,
        form=OUTAGE,
        gate=ALWAYS if chance is None else BY_CHANCE,
        chance=1.0 if chance is None else chance,
        lost=(shape.degradation_alpha, shape.degradation_beta),
        draw=f"{shape.part}.hours",
        opens="" if chance is None else shape.part,
    )


def _shape(numbers: Numbers, peril: Peril, part: str) -> OutageShape:
    name = f"severity.{peril}.{part}"
    names = ("hours.median", "hours.sigma", "degradation.alpha", "degradation.beta")
    return OutageShape(part, *(numbers[f"{name}.{last}"] for last in names))


def _liability(numbers: Numbers, name: str) -> Step:
    return _levelled(numbers, _amount(numbers, name, "LIA", shared=True, opens=f"{name}.happens"))


def _ransomware(numbers: Numbers) -> Iterator[Step]:
    yield from _response(numbers, _levelled(numbers, _amount(numbers, "severity.RAN.INRE", "INRE", shared=True)))
    yield _levelled(numbers, _amount(numbers, "severity.RAN.DIAS", "DIAS", shared=True))
    down = numbers["severity.RAN.NPBI.chance"]
    yield _outage(numbers, _shape(numbers, Peril.RAN, "NPBI"), shared=True, chance=down)
    fee = "severity.RAN.EXT.negotiator"
    yield _levelled(numbers, _amount(numbers, fee, "EXT", opens=f"{fee}.happens"))
    yield _liability(numbers, "severity.RAN.LIA")


def _transfer_fraud(numbers: Numbers) -> Iterator[Step]:
    yield _amount(numbers, "severity.FTF.FIN", "FIN")
    yield from _response(numbers, _levelled(numbers, _amount(numbers, "severity.FTF.INRE", "INRE")))


def _mail_compromise(numbers: Numbers) -> Iterator[Step]:
    yield _amount(numbers, "severity.BEC.FIN", "FIN")
    yield from _response(numbers, _levelled(numbers, _amount(numbers, "severity.BEC.INRE", "INRE")))


def _breach(numbers: Numbers) -> Iterator[Step]:
    """Cost follows the number of records, which is capped at the records held."""
    common = numbers["severity.event_factor.sigma"]
    fen = numbers["reference.usd_cny"] * FEN_PER_YUAN
    mean = numbers["severity.DB.INRE.ln_base"] + math.log(fen * numbers["severity.cost_level"]) - common * common / 2
    slope, spread = numbers["severity.DB.INRE.ln_slope"], numbers["severity.DB.INRE.sigma"]
    yield from _response(numbers, Step("INRE", mean, spread, slope, common, form=RECORDS, draw="INRE"))
    yield _liability(numbers, "severity.DB.LIA")


def _own_failure(numbers: Numbers) -> Iterator[Step]:
    yield _outage(numbers, _shape(numbers, Peril.SYSF, "NPBI"), shared=True)
    yield _levelled(numbers, _amount(numbers, "severity.SYSF.extra", "NPBI.extra"))


def _vendor(numbers: Numbers) -> Iterator[Step]:
    """Either the vendor is down, or data are lost there."""
    down = numbers["severity.VEND.CBI.chance"]
    yield _outage(numbers, _shape(numbers, Peril.VEND, "CBI"), shared=True, chance=down)
    cost = _levelled(numbers, _amount(numbers, "severity.VEND.INRE", "INRE", shared=True))
    yield from _response(numbers, replace(cost, gate=OTHERWISE))


_PERILS = {
    Peril.RAN: _ransomware,
    Peril.FTF: _transfer_fraud,
    Peril.BEC: _mail_compromise,
    Peril.DB: _breach,
    Peril.SYSF: _own_failure,
    Peril.VEND: _vendor,
}
