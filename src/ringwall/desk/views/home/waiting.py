"""What waits for a person: the thing, its clock, what hangs on it, and where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ringwall.basics import Words
from ringwall.desk.doors import Row
from ringwall.desk.records import PolicyFile
from ringwall.desk.views.parts import Bar, BarState, Case, Figure, last_instant_before

RENEWAL_NEAR = timedelta(days=60)
"""How long before its end a policy is on the desk of whoever renews it (our own choice, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: `amount_minor` hangs on it (below nil: saved), `since` is its age where it has no clock."""

    kind: str
    what: Words
    about: Words
    link: str
    action: Words
    bar: Bar | None = None
    since: datetime | None = None
    amount_minor: int | None = None
    amount_is: Words | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The first page after signing in."""

    tasks: tuple[Waiting, ...]
    figures: tuple[Figure, ...]
    cases: tuple[Case, ...]


def most_urgent_first(tasks: Iterable[Waiting], now: datetime) -> tuple[Waiting, ...]:
    """Overdue, then by the next deadline; then what has no clock, the greatest amount first."""

    def urgency(task: Waiting) -> tuple[int, float, int]:
        if task.bar is None:
            return 2, 0.0, -abs(task.amount_minor or 0)
        standing = task.bar.state(now) is BarState.STANDING
        return (1 if standing else 0), task.bar.due_at.timestamp(), 0

    return tuple(sorted(tasks, key=urgency))


def cover_ends(row: Row[PolicyFile], insured: Words, now: datetime) -> tuple[Waiting, ...]:
    """A policy that ends soon, and has not ended yet."""
    period = row.record.policy.newest.content.period
    near = period.end - RENEWAL_NEAR
    if not near <= now < period.end:
        return ()
    return (
        Waiting(
            "cover_ends",
            Words(f"保险单 {row.number} 即将到期", f"Policy {row.number} ends soon"),
            insured,
            f"/policy/{row.number}",
            Words("查看保单", "See the policy"),
            Bar(near, last_instant_before(period.end)),
        ),
    )
