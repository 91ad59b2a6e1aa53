"""What an event of each peril and scenario may cost, as steps that the loops follow: the model's severity as a table.

The same numbers as in `ringwall.risk.severity`, which prices with them; a test holds both together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import FEN_PER_YUAN
from ringwall.portfolio.engine.kernels.items import ALWAYS, AMOUNT, BY_CHANCE, OTHERWISE, OUTAGE, RECORDS, SPLIT
from ringwall.portfolio.engine.kernels.tile import MOST_STEPS
from ringwall.risk import Numbers, OutageShape, Peril, RiskModel, SystemicScenario

LEVELS = 1024
"""A share of output lost is one of so many equally likely values."""
MOST_GATES = 4
"""Draws of one event that open a step or set a share of output lost."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the subject that it feeds, and the law of the logarithm of its cost (or of its seconds)."""

    kind: str
    mean: float
    spread: float
    elasticity: float = 0.0
    factor: float = 0.0
    form: int = AMOUNT
    gate: int = ALWAYS
    chance: float = 1.0
    lost: tuple[float, float] | None = None
    """Beta shapes of the share of output lost; None: all of it."""

    @property
    def gates(self) -> int:
        return int(self.gate == BY_CHANCE) + int(self.lost is not None)


Recipe = tuple[Step, ...]


class RecipeTable(NamedTuple):
    """Recipes as the loops read them, for the kinds of one plan; see `kernels.items`."""

    start: NDArray[np.int64]
    steps: NDArray[np.int64]
    shape: NDArray[np.float64]
    records: NDArray[np.float64]
    losses: NDArray[np.float64]
    plain: bool
    gated: bool
    normals: int
    """Normals that an event needs beside those of its items: its common factor, and the number of records."""


def recipes_of(model: RiskModel, numbers: Numbers) -> tuple[Recipe, ...]:
    """Perils, then scenarios: by the number of the cause."""
    perils = [tuple(_PERILS[peril](numbers)) for peril in Peril]
    scenarios = (_scenario(numbers, scenario) for scenario in model.scenarios)
    return (*perils, *scenarios)


def record_law(numbers: Numbers) -> tuple[float, float, float]:
    """Logarithm of the median number of records lost, its elasticity to size, and its spread."""
    name = "severity.DB.records"
    return math.log(numbers[f"{name}.median"]), numbers[f"{name}.elasticity"], numbers[f"{name}.sigma"]


def recipe_table(recipes: Sequence[Recipe], records: tuple[float, float, float], kinds: Sequence[str]) -> RecipeTable:
    """Steps whose subject the plan does not have are drawn all the same, and cost nothing."""
    place = {kind: n for n, kind in enumerate(kinds)}
    steps = [step for recipe in recipes for step in recipe]
    shapes = sorted({step.lost for step in steps if step.lost is not None})
    for recipe in recipes:
        assert len(recipe) <= MOST_STEPS, f"a recipe has at most {MOST_STEPS} steps"
        assert sum(step.gates for step in recipe) <= MOST_GATES, f"an event has at most {MOST_GATES} gates"
    rows = [
        (
            place.get(step.kind, -1),
            step.gate,
            round(step.chance * 2**32),
            step.form,
            shapes.index(step.lost) if step.lost is not None else -1,
        )
        for step in steps
    ]
    return RecipeTable(
        np.cumsum([0, *(len(recipe) for recipe in recipes)]).astype(np.int64),
        np.array(rows, np.int64).reshape(-1, 5),
        np.array([(s.mean, s.elasticity, s.spread, s.factor) for s in steps], np.float64).reshape(-1, 4),
        np.array(records, np.float64),
        np.array([_losses(shape) for shape in shapes], np.float64).reshape(-1, LEVELS),
        all(len(recipe) == 1 and _plain(recipe[0], place) for recipe in recipes),
        any(step.gates for step in steps),
        2 if any(step.form == RECORDS for step in steps) else int(any(step.factor for step in steps)),
    )


@cache
def _losses(shape: tuple[float, float]) -> NDArray[np.float64]:
    """Equally likely shares of output lost, by the law of these shapes."""
    from scipy.special import betaincinv  # a quarter of a second to load

    return np.asarray(betaincinv(*shape, (np.arange(LEVELS) + 0.5) / LEVELS))


def _plain(step: Step, place: Mapping[str, int]) -> bool:
    return step.kind in place and not step.gates and not step.factor and step.form in (AMOUNT, OUTAGE)


def _scenario(numbers: Numbers, scenario: SystemicScenario) -> Recipe:
    if scenario.outage is None:
        return tuple(_ransomware(numbers))
    return (_outage(numbers, scenario.outage, shared=False),)


def _amount(numbers: Numbers, name: str, kind: str, *, shared: bool = False, chance: float | None = None) -> Step:
    """A lognormal cost whose median grows with size; `shared`: over the event's common factor, which has mean one."""
    fen = numbers["reference.usd_cny"] * FEN_PER_YUAN
    sigma = numbers["severity.event_factor.sigma"] if shared else 0.0
    return Step(
        kind,
        math.log(numbers[f"{name}.median"] * fen) - sigma * sigma / 2,
        numbers[f"{name}.sigma"],
        numbers[f"{name}.elasticity"],
        sigma,
        gate=ALWAYS if chance is None else BY_CHANCE,
        chance=1.0 if chance is None else chance,
    )


def _levelled(numbers: Numbers, step: Step) -> Step:
    return _scaled(step, numbers["severity.cost_level"])


def _scaled(step: Step, by: float) -> Step:
    return Step(
        step.kind,
        step.mean + math.log(by),
        step.spread,
        step.elasticity,
        step.factor,
        step.form,
        step.gate,
        step.chance,
        step.lost,
    )


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
    )


def _shape(numbers: Numbers, peril: Peril, part: str) -> OutageShape:
    name = f"severity.{peril}.{part}"
    names = ("hours.median", "hours.sigma", "degradation.alpha", "degradation.beta")
    return OutageShape(part, *(numbers[f"{name}.{last}"] for last in names))


def _liability(numbers: Numbers, name: str) -> Step:
    return _levelled(numbers, _amount(numbers, name, "LIA", shared=True, chance=numbers[f"{name}.chance"]))


def _ransomware(numbers: Numbers) -> Iterator[Step]:
    yield from _response(numbers, _levelled(numbers, _amount(numbers, "severity.RAN.INRE", "INRE", shared=True)))
    yield _levelled(numbers, _amount(numbers, "severity.RAN.DIAS", "DIAS", shared=True))
    down = numbers["severity.RAN.NPBI.chance"]
    yield _outage(numbers, _shape(numbers, Peril.RAN, "NPBI"), shared=True, chance=down)
    fee = "severity.RAN.EXT.negotiator"
    yield _levelled(numbers, _amount(numbers, fee, "EXT", chance=numbers[f"{fee}.chance"]))
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
    yield from _response(numbers, Step("INRE", mean, spread, slope, common, form=RECORDS))
    yield _liability(numbers, "severity.DB.LIA")


def _own_failure(numbers: Numbers) -> Iterator[Step]:
    yield _outage(numbers, _shape(numbers, Peril.SYSF, "NPBI"), shared=True)
    yield _levelled(numbers, _amount(numbers, "severity.SYSF.extra", "NPBI.extra"))


def _vendor(numbers: Numbers) -> Iterator[Step]:
    """Either the vendor is down, or data are lost there."""
    down = numbers["severity.VEND.CBI.chance"]
    yield _outage(numbers, _shape(numbers, Peril.VEND, "CBI"), shared=True, chance=down)
    cost = _levelled(numbers, _amount(numbers, "severity.VEND.INRE", "INRE", shared=True))
    otherwise = Step(cost.kind, cost.mean, cost.spread, cost.elasticity, cost.factor, gate=OTHERWISE)
    yield from _response(numbers, otherwise)


_PERILS = {
    Peril.RAN: _ransomware,
    Peril.FTF: _transfer_fraud,
    Peril.BEC: _mail_compromise,
    Peril.DB: _breach,
    Peril.SYSF: _own_failure,
    Peril.VEND: _vendor,
}
