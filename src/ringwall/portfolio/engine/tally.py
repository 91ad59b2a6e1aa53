"""The sums of a simulated tile: int64, so that any order of adding gives the same bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a set of policies pays in a stretch of years; `largest` and `second` are of own events of two policies."""

    by_year: Whole
    largest: Whole
    second: Whole
    by_shock: Whole
    """Place 0 is nil; shock n stands at n + 1."""
    paying: Whole
    by_policy: Whole
    by_cause: Whole

    @property
    def arrays(self) -> tuple[Whole, ...]:
        """In the order in which the loop reads them."""
        return (self.by_year, self.largest, self.second, self.by_shock, self.paying, self.by_policy, self.by_cause)


def no_tally(years: int, shocks: int, policies: int, causes: int) -> Tally:
    sizes = (years, years, years, shocks + 1, shocks + 1, policies, causes)
    return Tally(*(np.zeros(size, np.int64) for size in sizes))
