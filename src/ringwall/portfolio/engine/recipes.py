"""The model's severity as a table that the loops follow; the law itself is that of `ringwall.risk`, as for a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.portfolio.engine.kernels.items import AMOUNT, OUTAGE, RECORDS
from ringwall.portfolio.engine.kernels.tile import MOST_STEPS
from ringwall.risk import Recipe, Step

LEVELS = 1024
"""A share of output lost is one of so many equally likely values."""
MOST_GATES = 4
"""Draws of one event that open a step or set a share of output lost."""


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
