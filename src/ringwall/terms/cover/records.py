"""What cover logic says of an item, and what it found about the claim as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from ringwall.terms.facts import Facts, LossItem, Truth
from ringwall.terms.outcome import Between, Verdict

LETS_IN = frozenset({Verdict.COVERED, Verdict.LIMITED, Verdict.CONDITIONAL})


class Finding(Struct, frozen=True, gc=False):
    """What cover logic says of an item, before any money term."""

    verdict: Verdict
    clause: str
    tried: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """The facts on which an unknown verdict hangs."""
    lifted: tuple[str, ...] = ()
    """The write-backs that lifted an exclusion whose condition is met."""
    causes: tuple[str, ...] = ()
    """The exclusions of the whole claim on which an unknown verdict hangs."""


class Judged(Struct, frozen=True, gc=False):
    """One item with its finding, its factual loss and what is within cover; `bounded_by` names a clause that cut it."""

    item: LossItem
    finding: Finding
    factual_minor: int
    within: Between
    open_amount: tuple[str, ...] = ()
    bounded_by: str = ""
    part: str = ""
    """The part whose money terms settle it: its own, or one within that part."""
    event_facts: Facts = MappingProxyType({})
    answers: tuple[int, ...] = ()
    """What the item's facts say to each condition of its part."""

    @property
    def facts(self) -> Facts:
        """What holds for the item: the event's facts and its own."""
        return {**self.event_facts, **self.item.facts} if self.item.facts else self.event_facts

    @property
    def admitted(self) -> bool:
        return self.finding.verdict in LETS_IN


class Cause(NamedTuple):
    """Whether an exclusion of the whole claim is met, and the facts that leave it open."""

    truth: Truth
    missing: tuple[str, ...] = ()


Causes = Mapping[str, Cause]
"""By the clause of each exclusion that defeats a whole claim."""
ITEM_ALONE: Causes = MappingProxyType({})
"""Nothing is known of a claim around the item: its own facts speak for the claim."""
