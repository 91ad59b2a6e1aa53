"""The severities that a claims file can refit, and how a loss as paid relates to the model's numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ringwall.risk.model import Numbers, Peril


@dataclass(frozen=True, slots=True)
class Component:
    """A lognormal of the model. What is observed carries the event factor and the price level where the model does."""

    code: str
    peril: Peril
    event_factor: bool = False
    cost_level: bool = False
    hours: bool = False

    @property
    def prefix(self) -> str:
        return f"severity.{self.code}"

    def observed(self, numbers: Numbers) -> Observed:
        """The distribution in which the model sees a loss of this kind: yuan at the reference revenue, or hours."""
        median, sigma = numbers[f"{self.prefix}.median"], numbers[f"{self.prefix}.sigma"]
        shift, shared = self._shift(numbers)
        elasticity = 0.0 if self.hours else numbers[f"{self.prefix}.elasticity"]
        return Observed(math.log(median) + shift, math.hypot(sigma, shared), elasticity)

    def of_model(self, numbers: Numbers, observed: Observed) -> dict[str, float]:
        """The other way: the model's own numbers behind an observed distribution."""
        shift, shared = self._shift(numbers)
        own = math.sqrt(max(observed.sigma**2 - shared**2, LEAST_SIGMA**2))
        found = {f"{self.prefix}.median": math.exp(observed.mu - shift), f"{self.prefix}.sigma": own}
        return found if self.hours else {**found, f"{self.prefix}.elasticity": observed.elasticity}

    def _shift(self, numbers: Numbers) -> tuple[float, float]:
        """What is added to ln median, and the shared part of the spread."""
        shared = numbers["severity.event_factor.sigma"] if self.event_factor else 0.0
        shift = -shared * shared / 2
        if self.cost_level:
            shift += math.log(numbers["severity.cost_level"])
        return shift if self.hours else shift + math.log(numbers["reference.usd_cny"]), shared


@dataclass(frozen=True, slots=True)
class Observed:
    """ln loss = mu + elasticity × ln size + sigma × normal."""

    mu: float
    sigma: float
    elasticity: float = 0.0


LEAST_SIGMA = 0.05
COMPONENTS: Mapping[str, Component] = {
    component.code: component
    for component in (
        Component("RAN.INRE", Peril.RAN, event_factor=True, cost_level=True),
        Component("RAN.DIAS", Peril.RAN, event_factor=True, cost_level=True),
        Component("RAN.LIA", Peril.RAN, event_factor=True, cost_level=True),
        Component("RAN.EXT.negotiator", Peril.RAN, cost_level=True),
        Component("RAN.NPBI.hours", Peril.RAN, hours=True),
        Component("FTF.FIN", Peril.FTF),
        Component("FTF.INRE", Peril.FTF, cost_level=True),
        Component("BEC.FIN", Peril.BEC),
        Component("BEC.INRE", Peril.BEC, cost_level=True),
        Component("DB.LIA", Peril.DB, event_factor=True, cost_level=True),
        Component("SYSF.NPBI.hours", Peril.SYSF, hours=True),
        Component("SYSF.extra", Peril.SYSF, cost_level=True),
        Component("VEND.CBI.hours", Peril.VEND, hours=True),
        Component("VEND.INRE", Peril.VEND, event_factor=True, cost_level=True),
    )
}
