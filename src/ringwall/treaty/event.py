"""Which payments make one treaty event, and whether policy and treaty mean the same by the word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from ringwall.treaty.contract import EventDefinition


@dataclass(frozen=True, slots=True)
class PolicyPayment:
    """What one policy pays for one loss from one cause, and when the insured's loss began."""

    policy: str
    cause: str
    began_at: datetime
    payable_minor: int


@dataclass(frozen=True, slots=True)
class TreatyEvent:
    """The payments that form one event; where it does not qualify, the subject loss is nil."""

    cause: str
    qualifies: bool
    subject_minor: int
    policies_with_payment: int
    outside: tuple[str, ...]
    """Policies hit by the cause that the event definition leaves out."""


def find_event(definition: EventDefinition, cause: str, payments: Sequence[PolicyPayment]) -> TreatyEvent:
    """The event of one cause: losses that begin within the window of the first, if enough policies pay."""
    hit = sorted((p for p in payments if p.cause == cause), key=lambda p: (p.began_at, p.policy))
    inside = [p for p in hit if _within(definition, hit[0].began_at, p.began_at)]
    paying = sum(p.payable_minor > 0 for p in inside)
    qualifies = bool(inside) and paying >= (definition.min_policies_with_payment or 0)
    return TreatyEvent(
        cause,
        qualifies,
        sum(p.payable_minor for p in inside) if qualifies else 0,
        paying,
        tuple(p.policy for p in hit if p not in inside),
    )


def _within(definition: EventDefinition, first: datetime, began: datetime) -> bool:
    """The window is half-open: a loss that begins exactly at its end is outside."""
    return definition.hours_window is None or began - first < timedelta(hours=definition.hours_window)


def back_to_back(policy: EventDefinition, treaty: EventDefinition) -> tuple[str, ...]:
    """The points in which the policy's event and the treaty's event differ; empty = they match."""
    return tuple(f.name for f in fields(EventDefinition) if getattr(policy, f.name) != getattr(treaty, f.name))
