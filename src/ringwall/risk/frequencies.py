"""How many claims a year, by peril."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ringwall.risk.model import Peril, RiskModel
from ringwall.risk.profile import RiskProfile, relative_size
from ringwall.risk.relief import Relief
from ringwall.risk.streams import stream


def frequency(
    model: RiskModel, profile: RiskProfile, relief: Relief | None = None, year_level: float = 1.0
) -> Mapping[Peril, float]:
    """Claims a policy-year: base × size (capped) × industry × relief × level of the year."""
    numbers = model.numbers(profile.territory)
    size = relative_size(numbers, profile) ** numbers["frequency.size.elasticity"]
    common = min(size, numbers["frequency.size.cap"]) * numbers[f"frequency.industry.{profile.industry}"] * year_level
    factors = relief.by_peril if relief else {}
    return {peril: numbers[f"frequency.{peril}"] * common * factors.get(peril, 1.0) for peril in Peril}


def year_levels(model: RiskModel, profile: RiskProfile, years: int, seed: int) -> NDArray[np.float64]:
    """The threat level of each year, the same for every policy: gamma with mean one."""
    shape = 1 / model.numbers(profile.territory)["frequency.year_level.cv"] ** 2
    return stream(seed, "year_level").gamma(shape, 1 / shape, years)
