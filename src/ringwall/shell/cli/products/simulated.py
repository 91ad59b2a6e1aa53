"""Simulated losses settled under both terms: the same draws of the risk model, column by column, to the fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ringwall.risk import Peril, RiskModel, draw_losses, frequency, reference_profile
from ringwall.terms import CompiledTerms, EventColumns, Op, settle_columns


@dataclass(frozen=True, slots=True)
class PerilUnderBoth:
    """So many drawn events of one peril under both terms; sums are whole minor units."""

    peril: str
    events: int
    events_a_year: float
    before_minor: int
    after_minor: int
    gained_minor: int
    lost_minor: int
    events_gaining: int
    events_losing: int

    @property
    def difference_minor(self) -> int:
        return self.after_minor - self.before_minor

    @property
    def difference_a_year_minor(self) -> float:
        """An estimate: events a year × mean difference of an event."""
        return self.events_a_year * float(Fraction(self.difference_minor, max(self.events, 1)))


def simulate_both(
    model: RiskModel,
    before: CompiledTerms,
    after: CompiledTerms,
    events: int,
    seed: int,
) -> tuple[PerilUnderBoth, ...]:
    """Draw `events` losses of every peril for the model's reference organisation; each is settled alone."""
    profile = reference_profile(model)
    often = frequency(model, profile)
    found = []
    for peril in Peril:
        drawn = draw_losses(model, profile, peril, events, seed)
        old, new = (_contract(terms, drawn.subject, events) for terms in (before, after))
        moved = new - old
        found.append(
            PerilUnderBoth(
                peril.value,
                events,
                often[peril],
                int(old.sum()),
                int(new.sum()),
                int(moved[moved > 0].sum()),
                int(-moved[moved < 0].sum()),
                int((moved > 0).sum()),
                int((moved < 0).sum()),
            )
        )
    return tuple(found)


def _contract(terms: CompiledTerms, drawn: Mapping[str, np.ndarray], events: int) -> np.ndarray:
    """What the contract pays for each event; a column that the terms do not have is nothing that they pay for."""
    subject = {
        node.name: np.clip(drawn[node.name], node.low, node.high)
        for node in terms.nodes
        if node.op is Op.SUBJECT and node.name in drawn
    }
    return settle_columns(terms, EventColumns(np.arange(events, dtype=np.int64), subject), {}).contract
