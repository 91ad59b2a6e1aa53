"""What a settlement gives: verdicts, three numbers for each part, and the trace from the invoice to the payment.

The records of which one claim makes many are structs, which are made in a third of the time of a named tuple; they hold
no circle, so that the collector of circles need not look at them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from msgspec import Struct

from ringwall.basics import Words


class Verdict(StrEnum):
    """What cover logic says of one loss item."""

    __hash__ = str.__hash__

    COVERED = "covered"
    LIMITED = "limited"
    CONDITIONAL = "conditional"
    EXCLUDED = "excluded"
    NOMINAL_ONLY = "nominal_only"
    UNMAPPED = "unmapped"
    UNKNOWN = "unknown"


class Between(Struct, frozen=True, gc=False):
    """An amount in whole minor units, known exactly (low = high) or up to open points."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def __add__(self, other: Between) -> Between:
        return Between(self.low + other.low, self.high + other.high)


class ItemOutcome(Struct, frozen=True, gc=False):
    """One item: its verdict, the clause that settles it, and what is within cover."""

    name: str
    part: str
    verdict: Verdict
    clause: str
    factual_minor: int
    within_cover: Between
    covered_if: tuple[str, ...] = ()
    """For an item that is not covered: the facts that would change the answer, as `fact=value` or a clause number."""


class PartOutcome(Struct, frozen=True, gc=False):
    """One coverage part: factual loss, loss within cover, payable (whole minor units)."""

    part: str
    factual_minor: int
    within_cover: Between
    payable: Between


@dataclass(frozen=True, slots=True)
class ParameterRead:
    """A number of the contract that the settlement used, with where it stands."""

    name: str
    value: int
    unit: str
    source: str
    since: date | None = None


class TraceNode(Struct, frozen=True, gc=False):
    """One step of the calculation; its inputs are the steps before it. `value` is whole minor units (or seconds)."""

    label: str
    clause: str
    operation: str
    value: int
    text: Words
    inputs: tuple[TraceNode, ...] = ()
    parameters: tuple[ParameterRead, ...] = ()
    tried: tuple[str, ...] = ()
    """Rules that were tried and not fulfilled, as clause numbers."""


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A fact or ruling still missing, and what it would add to the payment."""

    item: str
    clause: str
    fact: str
    adds_minor: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one event under one policy: three numbers, each with its parts, and the state afterwards."""

    items: tuple[ItemOutcome, ...]
    parts: tuple[PartOutcome, ...]
    contract: Between
    statutory: Between
    state_before: Mapping[str, int]
    state_after: Mapping[str, int]
    open_points: tuple[OpenPoint, ...]
    trace: TraceNode
    in_kind: tuple[PartOutcome, ...] = ()
    """Services drawn down, in their own units or in money: no part of any payment."""
    charges: Mapping[str, int] = field(default_factory=dict)
    """Premium due for what this event has reinstated, by limit."""

    @property
    def factual_minor(self) -> int:
        return sum(part.factual_minor for part in self.parts)

    @property
    def within_cover(self) -> Between:
        return sum((part.within_cover for part in self.parts), Between(0, 0))

    @property
    def payable(self) -> Between:
        """Contract and statutory payments together; the low side is payable now (Insurance Law 25)."""
        return self.contract + self.statutory
