"""What is given to a settlement: an event, its loss items and the facts that somebody has established."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from fractions import Fraction

FactValue = bool | int | str | datetime
"""A fact's value; a fact that is absent has not been established by anybody: it is unknown."""

Facts = Mapping[str, FactValue]


class Truth(IntEnum):
    """Three-valued truth: *and* is the minimum, *or* the maximum, *not* the mirror image."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def negated(self) -> Truth:
        return Truth(2 - self)


@dataclass(frozen=True, slots=True)
class Interruption:
    """One interruption of one insured: when, what each hour cost, and what others paid for it.

    Amounts are whole minor units an hour; `share_lost` is the share of output lost in (0, 1];
    `credits_minor` are service credits and rebates received for the same outage.
    """

    start: datetime
    end: datetime
    lost_revenue_minor_per_hour: int
    saved_cost_minor_per_hour: int = 0
    share_lost: Fraction = Fraction(1)
    credits_minor: int = 0


@dataclass(frozen=True, slots=True)
class LossItem:
    """One loss item: an invoice, a demand, or an interruption (then `amount_minor` is None)."""

    name: str
    part: str
    amount_minor: int | None
    facts: Facts = field(default_factory=dict)
    interruption: Interruption | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class LossEvent:
    """One event with the facts that hold for all of its items."""

    name: str
    facts: Facts
    items: tuple[LossItem, ...]
