"""Loss amounts on an even grid: how a severity, closed or drawn, becomes masses, and what a layer takes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Survival = Callable[[Floats], Floats]
"""x → P(X > x)."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The amounts 0, step, 2 step … of any unit; `size` is a power of two."""

    step: float
    size: int

    def __post_init__(self) -> None:
        assert self.step > 0, "the step of a grid is positive"
        assert self.size > 1, "a grid has more than one point"
        assert self.size & (self.size - 1) == 0, "the size of a grid is a power of two"

    @property
    def span(self) -> float:
        return self.step * self.size

    def points(self, count: int | None = None) -> Floats:
        """The first points of the grid, or all."""
        found: Floats = np.arange(self.size if count is None else count, dtype=np.float64) * self.step
        return found


@dataclass(frozen=True, slots=True)
class Layer:
    """What is paid of one event: of the loss above the attachment up to the limit."""

    limit: float
    attachment: float = 0.0

    def __post_init__(self) -> None:
        assert self.limit > 0, "a layer has a limit"
        assert self.attachment >= 0, "an attachment is not negative"


def layer_masses(survival: Survival, layer: Layer, grid: Grid) -> Floats:
    """The payment of a layer, each point taking what lies half a step to either side; ends where the layer ends.

    The mean is off by at most half a step times the chance of a payment; for a smooth density the error is of
    second order, and it is nil where the layer is a whole number of steps and the density linear between them.
    """
    last = int(np.ceil(layer.limit / grid.step - 0.5))
    assert last < grid.size, f"the grid ends at {grid.span:g}, below the limit {layer.limit:g}"
    edges: Floats = layer.attachment + (np.arange(last, dtype=np.float64) + 0.5) * grid.step
    above: Floats = np.concatenate([np.ones(1), survival(edges), np.zeros(1)])
    masses: Floats = above[:-1] - above[1:]
    return masses


def drawn_masses(payments: NDArray[np.int64] | Floats, grid: Grid) -> Floats:
    """Equally likely payments: each is shared between its two neighbours so that its mean stays exact.

    A limited mean is overstated by at most a quarter of a step, and only by payments in the same cell as the limit.
    """
    placed = np.asarray(payments, np.float64) / grid.step
    below = placed.astype(np.int64)
    assert len(placed) == 0 or int(below.max()) + 1 < grid.size, "a payment lies beyond the grid"
    beyond = placed - below
    size = int(below.max()) + 2 if len(below) else 1
    masses = np.bincount(below, 1 - beyond, size)
    masses[1:] += np.bincount(below, beyond, size)[:-1]
    found: Floats = masses / max(len(placed), 1)
    return found
