"""Reinsurance contracts as records: what was agreed, and nothing computed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What counts as one event: None means that the contract sets no such bound.

    `war_clause` names the wording on war and cyber operations under which the event's loss is covered; empty: none.
    """

    same_cause: bool = True
    hours_window: int | None = None
    min_policies_with_payment: int | None = None
    war_clause: str = ""


@dataclass(frozen=True, slots=True)
class QuotaShare:
    """The reinsurers bear a fixed share of every loss and get the same share of the premium."""

    code: str
    ceded: Fraction

    def __post_init__(self) -> None:
        assert 0 <= self.ceded <= 1, f"{self.code}: a ceded share lies in [0, 1]"


@dataclass(frozen=True, slots=True)
class EventExcess:
    """A layer above an attachment for each event; `charges` has one premium rate for each reinstatement.

    `premium_minor` is for the whole layer; a reinstatement is charged as to amount, without regard to time.
    """

    code: str
    attachment_minor: int
    limit_minor: int
    placed: Fraction = Fraction(1)
    premium_minor: int = 0
    charges: tuple[Fraction, ...] = ()
    event: EventDefinition = EventDefinition()

    def __post_init__(self) -> None:
        assert self.attachment_minor >= 0 < self.limit_minor, f"{self.code}: attachment ≥ 0, limit > 0"
        assert 0 <= self.placed <= 1, f"{self.code}: a placed share lies in [0, 1]"

    @property
    def capacity_minor(self) -> int:
        """What the whole layer can lose in the period: the limit and its reinstatements."""
        return self.limit_minor * (1 + len(self.charges))


@dataclass(frozen=True, slots=True)
class AnnualStopLoss:
    """A layer above an attachment for the sum of a year's losses."""

    code: str
    attachment_minor: int
    limit_minor: int
    placed: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        assert self.attachment_minor >= 0 < self.limit_minor, f"{self.code}: attachment ≥ 0, limit > 0"
        assert 0 <= self.placed <= 1, f"{self.code}: a placed share lies in [0, 1]"


Treaty = QuotaShare | EventExcess | AnnualStopLoss


@dataclass(frozen=True, slots=True)
class Programme:
    """Treaties in inuring order: those of one step act on the same loss, the next step on what is left of it."""

    steps: tuple[tuple[Treaty, ...], ...]

    @property
    def treaties(self) -> tuple[Treaty, ...]:
        return tuple(treaty for step in self.steps for treaty in step)
