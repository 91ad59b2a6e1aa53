"""What events ask of the period terms of a graph, on a grid; only where a year hangs on nothing but the sum of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringwall.price.compound.annual_loss import Period
from ringwall.price.compound.grid import Floats, Grid, drawn_masses
from ringwall.terms import ApartOutcome, CompiledTerms, Op, PeriodState

SPAN = 8
"""The grid of a year ends at so many times the most that one event can add, where hardly any probability is left."""


@dataclass(frozen=True, slots=True)
class AskedOfPeriod:
    """Masses of what one event of each kind asks, in fen; a year pays the sum above the deductible, up to the limit."""

    grid: Grid
    deductible_minor: int
    limit_minor: int | None
    masses: Mapping[str, Floats]

    @property
    def period(self) -> Period | None:
        if self.limit_minor is None and not self.deductible_minor:
            return None
        limit = self.grid.span if self.limit_minor is None else float(self.limit_minor)
        return Period(limit, float(self.deductible_minor))


def asked_of_period(terms: CompiledTerms, settled: Mapping[str, ApartOutcome], points: int) -> AskedOfPeriod | None:
    """From events settled each as the only one of its period.

    A graph may have no period terms, an annual deductible, an aggregate limit (what reinstatements restore is in its
    ceiling), or the one after the other. Anything else is None: then a year hangs on more than a sum.
    """
    found = _running_totals(terms)
    if found is None:
        return None
    kept, used = found
    ceilings = next(iter(settled.values())).ceilings
    deductible, limit = (0 if kept is None else ceilings[kept.name]), (None if used is None else ceilings[used.name])
    first = kept or used
    asked = {k: np.atleast_1d(each.asked[first.name] if first else each.contract) for k, each in settled.items()}
    if limit is not None:
        asked = {kind: np.minimum(column, deductible + limit) for kind, column in asked.items()}
    return _on_grid(asked, deductible, limit, points)


def _running_totals(terms: CompiledTerms) -> tuple[PeriodState | None, PeriodState | None] | None:
    """The annual deductible and the aggregate limit of the contract, where these are all the states there are."""
    states = [state for state in terms.states if state.ceiling is not None]
    if len(states) != len(terms.states) or len(states) > 2:
        return None
    kept = states[0] if states and _left_by(terms, states[0]) is not None else None
    used = states[-1] if len(states) > (kept is not None) else None
    if len(states) == 2 and (kept is None or used is None or used.asked != _left_by(terms, kept)):
        return None
    paid = used.drawn if used else _left_by(terms, kept) if kept else terms.contract
    return (kept, used) if paid == terms.contract else None


def _left_by(terms: CompiledTerms, state: PeriodState) -> int | None:
    """The node of what an annual deductible leaves of an event, min(asked, asked − left), if the state is one."""
    drawn = terms.nodes[state.drawn]
    if drawn.op is not Op.LEAST or drawn.inputs[0] != state.asked:
        return None
    found = {(node.op, node.inputs): index for index, node in enumerate(terms.nodes)}
    after = found.get((Op.LESS, drawn.inputs))
    return None if after is None else found.get((Op.LEAST, (state.asked, after)))


def _on_grid(asked: Mapping[str, NDArray[np.int64]], deductible: int, limit: int | None, points: int) -> AskedOfPeriod:
    """The limit is a point of the grid; the deductible moves to the nearest, at most half a step."""
    most = max(1, *(int(column.max()) for column in asked.values())) if limit is None else max(limit, 1)
    grid = Grid(most * SPAN / points, points)
    while deductible and limit is not None and deductible + limit >= grid.span / 2:
        grid = Grid(grid.step, 2 * grid.size)
    return AskedOfPeriod(grid, deductible, limit, {kind: drawn_masses(column, grid) for kind, column in asked.items()})
