"""A loss as a request tells it: items with amounts or an interruption, and the facts that somebody has established."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ringwall.basics import Refusal
from ringwall.product import event_from_mapping
from ringwall.shell.api.forms.fields import Body, Instant, MaybeText, Minor, Ratio, Word
from ringwall.terms import LossEvent

FactName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,79}$")]
Fact = (
    Annotated[bool, Field(strict=True)]
    | Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)]
    | Instant
    | Word
    | Literal["unknown"]
)
Facts = dict[FactName, Fact]


class Outage(Body):
    """One interruption: when, what each hour cost, what others paid for it; whole fen an hour."""

    start: Instant
    end: Instant
    lost_revenue_minor_per_hour: Minor
    saved_cost_minor_per_hour: Minor = 0
    share_lost: Ratio | None = None
    credits_minor: Minor = 0


class Item(Body):
    """One loss item under one coverage part: an amount, or an interruption."""

    name: Word = Field(examples=["A-I1"])
    part: Word = Field(examples=["INRE"])
    amount_minor: Minor | None = Field(default=None, examples=[18_600_000])
    what: MaybeText = ""
    facts: Facts = Field(default_factory=dict, max_length=60, examples=[{"kind": "containment", "prior_consent": True}])
    interruption: Outage | None = Field(default=None, examples=[None])


class LossTold(Body):
    """A loss event: its name, facts that hold for all of it, and its items."""

    name: Word = Field(examples=["A"])
    facts: Facts = Field(default_factory=dict, max_length=60)
    items: list[Item] = Field(min_length=1, max_length=300)

    def record(self) -> LossEvent | Refusal:
        """The room's own record, read by the same reader that reads the worked examples."""
        return event_from_mapping(self.model_dump(mode="json", exclude_none=True))
