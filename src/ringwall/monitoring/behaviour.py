"""What the insured did about written suggestions on exploited weaknesses, as a fact that a product's clause can ask.

The clause (catalogue/endorsements/patched-in-time) asks one question of one instant: was every suggestion that had been
delivered before it carried out within its term? Each suggestion is judged by its delivery and by the looks at its
place, so that a statement "it is fixed" moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ringwall.basics import Words, due_before, local_day
from ringwall.evidence import Finding
from ringwall.monitoring.looks import Look
from ringwall.monitoring.notice import Notice

SUGGESTIONS_IN_TIME = "suggestions_in_time"
"""The fact's name in every product that asks it."""


class Promptness(StrEnum):
    """How one suggestion stands at one instant."""

    IN_TIME = "in_time"
    LATE = "late"
    RUNNING = "running"
    """Its term is not over, and no look has shown the place without the weakness."""
    NOT_SEEN = "not_seen"
    """Its term is over, and no look after its delivery says whether the weakness was gone by then."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One suggestion with the instants that decide; `fixed_at` is the first look that no longer saw the weakness."""

    notice: str
    finding: str
    delivered_at: datetime
    due_before: datetime
    fixed_at: datetime | None
    standing: Promptness
    because: Words


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The answer at one instant (None: open until a look or a ruling settles it), with the suggestions behind it."""

    at: datetime
    suggestions: tuple[Kept, ...]
    in_time: bool | None


def behaviour_at(
    notices: Iterable[Notice], findings: Iterable[Finding], looks: Sequence[Look], at: datetime
) -> Behaviour:
    """How the suggestions on exploited weaknesses delivered before `at` stand then.

    One that is late makes the answer no. Otherwise one that nobody looked at leaves it open, and terms that still run
    do not count. Where no term has come to its end or to its fix there is nothing to reward: the answer is no.
    """
    exploited = {finding.uid for finding in findings if finding.known_exploited}
    kept = tuple(
        judged
        for notice in sorted(notices, key=lambda each: each.number)
        if notice.finding in exploited and (judged := kept_at(notice, looks, at)) is not None
    )
    standings = {each.standing for each in kept}
    if Promptness.LATE in standings:
        return Behaviour(at, kept, False)
    if Promptness.NOT_SEEN in standings:
        return Behaviour(at, kept, None)
    return Behaviour(at, kept, Promptness.IN_TIME in standings)


def kept_at(notice: Notice, looks: Sequence[Look], at: datetime) -> Kept | None:
    """How one suggestion stands at an instant; None where it had not reached the insured."""
    delivered, last_day = notice.delivered_at, notice.deadline
    if delivered is None or last_day is None or delivered >= at:
        return None
    due = due_before(last_day)
    mine = sorted(
        (look for look in looks if look.finding == notice.finding and delivered < look.looked_at < at),
        key=lambda look: look.looked_at,
    )
    fixed_at = _gone_since(mine)
    standing = _standing(mine, fixed_at, due, at)
    because = _because(notice, due, standing)
    return Kept(notice.number, notice.finding, delivered, due, fixed_at, standing, because)


def _gone_since(looks: Sequence[Look]) -> datetime | None:
    """The first look without the weakness that no later look contradicts."""
    gone: datetime | None = None
    for look in looks:
        if look.sees_it is not None:
            gone = None if look.sees_it else gone or look.looked_at
    return gone


def _standing(looks: Sequence[Look], fixed_at: datetime | None, due: datetime, at: datetime) -> Promptness:
    if fixed_at is not None and fixed_at < due:
        return Promptness.IN_TIME
    if at < due:
        return Promptness.RUNNING
    seen_after = any(look.sees_it for look in looks if look.looked_at >= due)
    if seen_after:
        return Promptness.LATE
    return Promptness.NOT_SEEN


def _because(notice: Notice, due: datetime, standing: Promptness) -> Words:
    day = due.date().isoformat()
    found = {
        Promptness.IN_TIME: (
            f"期限于 {day} 零时届满，此前复测已确认整改",
            f"a re-test before {day} 00:00 confirmed it",
        ),
        Promptness.LATE: (
            f"期限于 {day} 零时届满，其后检测仍可见",
            f"its term ended at {day} 00:00, a later look saw it",
        ),
        Promptness.RUNNING: (f"期限至 {day} 零时，尚未届满", f"its term runs until {day} 00:00"),
        Promptness.NOT_SEEN: (
            f"期限于 {day} 零时届满，无检测说明届满时的状态",
            f"its term ended at {day} 00:00, and no look tells how it stood then",
        ),
    }
    zh, en = found[standing]
    delivered = local_day(notice.delivered_at).isoformat() if notice.delivered_at else ""
    return Words(
        f"书面建议 {notice.number}（{delivered} 送达）：{zh}。",
        f"Suggestion {notice.number} (delivered {delivered}): {en}.",
    )
