"""The alert centre's list: what was raised, how urgent it is, what to do next, and who has taken note of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ringwall.basics import Words
from ringwall.evidence import Severity


class AlertKind(StrEnum):
    """Where an alert comes from."""

    TRAFFIC = "traffic"
    EXPLOITED = "exploited"
    DRIFT = "drift"
    DEADLINE = "deadline"
    CONTRADICTION = "contradiction"
    MESSAGE = "message"


class AlertState(StrEnum):
    """New until somebody of the reader's organisation has taken note of it since it was last raised."""

    NEW = "new"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who has taken note of an alert, and when; `raised_at` says of which raising."""

    alert: str
    raised_at: datetime
    by: str
    organisation: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at. `key` stays as long as it is the same thing; `due_at` is set where a clock runs."""

    key: str
    kind: AlertKind
    severity: Severity
    what: Words
    because: Words
    next_step: Words
    link: str
    raised_at: datetime
    due_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        """At the due instant it is still in time."""
        return self.due_at is not None and now > self.due_at


@dataclass(frozen=True, slots=True)
class KeptAlerts:
    """The alerts of one insured as they were derived, and until when time alone changes none of them."""

    insured: Words
    alerts: tuple[Alert, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class NotedAlert:
    """An alert with everybody who has taken note of it as it stands."""

    alert: Alert
    state: AlertState
    notes: tuple[Acknowledgement, ...]


TRAFFIC_SEVERITY = {
    "severe_alerts": Severity.HIGH,
    "beacons": Severity.HIGH,
    "dns_tunnel": Severity.HIGH,
    "outbound_volume": Severity.MEDIUM,
    "cleartext_logins": Severity.MEDIUM,
    "expired_certificates": Severity.LOW,
}
"""Our own judgement of 2026-11 (source: none): a sign of a break-in is high, a bad habit medium or low."""


def is_near(due_at: datetime, now: datetime, near_days: int) -> bool:
    """Whether a deadline belongs in the list: it has passed, or it comes within so many days."""
    return due_at - now <= timedelta(days=near_days)


def deadline_severity(due_at: datetime, now: datetime) -> Severity:
    """A deadline that has passed is graver than one that is near."""
    return Severity.HIGH if now > due_at else Severity.MEDIUM


def noted(alert: Alert, acknowledgements: Iterable[Acknowledgement], organisation: str) -> NotedAlert:
    """An acknowledgement holds for the raising that it was given to: raised again, the alert is new again."""
    notes = tuple(
        sorted(
            (each for each in acknowledgements if each.alert == alert.key and each.raised_at >= alert.raised_at),
            key=lambda each: each.at,
        )
    )
    ours = any(each.organisation == organisation for each in notes)
    return NotedAlert(alert, AlertState.NOTED if ours else AlertState.NEW, notes)


def most_urgent_first(alerts: Sequence[NotedAlert], now: datetime) -> tuple[NotedAlert, ...]:
    """New before noted, overdue first, then by gravity, then by deadline, then the newest raised."""

    def rank(each: NotedAlert) -> tuple[bool, bool, int, float, float, str]:
        alert = each.alert
        due = alert.due_at.timestamp() if alert.due_at else float("inf")
        return (
            each.state is AlertState.NOTED,
            not alert.is_overdue(now),
            -alert.severity,
            due,
            -alert.raised_at.timestamp(),
            alert.key,
        )

    return tuple(sorted(alerts, key=rank))
