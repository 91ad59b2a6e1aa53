"""What views are made of: a figure that leads somewhere, a clock as a bar, a thing as it was known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, TypeVar
from uuid import UUID

from ringwall.basics import Refusal, Term, Words
from ringwall.desk.doors import Row, Shelf
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible

T = TypeVar("T")
FigureKind = Literal["money", "change", "count", "share", "words", "day"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its label; `kind` says how it is written, `link` where its parts stand."""

    label: Words
    value: int | Fraction | Words | str | date | None
    kind: FigureKind = "words"
    link: str = ""


class BarState(StrEnum):
    """How a clock stands: running in time, running over, done in time, done late, or standing still."""

    RUNNING = "running"
    OVERDUE = "overdue"
    MET = "met"
    LATE = "late"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock to draw: from its start to the instant at which it is due, and when it was done."""

    started_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    stopped_since: datetime | None = None

    def state(self, now: datetime) -> BarState:
        """Done at the due instant is in time."""
        if self.done_at is not None and self.done_at <= now:
            return BarState.MET if self.done_at <= self.due_at else BarState.LATE
        if self.stopped_since is not None:
            return BarState.STANDING
        return BarState.OVERDUE if now > self.due_at else BarState.RUNNING

    def percent_gone(self, now: datetime) -> int:
        """How much of the time is used up, for the length of the bar; a clock that stands still stays where it is."""
        until = min(each for each in (now, self.done_at, self.stopped_since) if each is not None)
        whole = self.due_at - self.started_at
        gone = (until - self.started_at) * 100 // whole if whole else 100
        return max(0, min(100, gone))


def last_instant_before(instant: datetime) -> datetime:
    """What is to be done before 00:00 is shown with the last instant at which it is in time."""
    return instant - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One insured's business in a list: under which number it stands, and how far it has come."""

    number: str
    insured: Words
    stage: Words
    policy: str
    period: Term | None


def known(shelf: Shelf[T], row: Row[T] | None, at: datetime) -> Row[T] | None:
    """The newest version of a thing that was known at an instant; nothing where it was not known yet."""
    if row is None or row.known_at <= at:
        return row
    return next((version for version in reversed(shelf.history(row.number)) if version.known_at <= at), None)


def all_known(shelf: Shelf[T], at: datetime, object_id: UUID | None = None) -> tuple[Row[T], ...]:
    """Everything on a shelf (or of one object) as it was known at an instant."""
    rows: Iterable[Row[T]] = shelf.all() if object_id is None else shelf.of_object(object_id)
    versions = (known(shelf, row, at) for row in rows)
    return tuple(version for version in versions if version is not None)


def last_known(shelf: Shelf[T], at: datetime, object_id: UUID) -> T | None:
    """The record of the last thing on an object's shelf, as it was known at an instant."""
    rows = all_known(shelf, at, object_id)
    return rows[-1].record if rows else None


def object_called(office: Office, number: str) -> UUID | Refusal:
    """The object that a person names, if its organisation may see it."""
    return office.objects.by_number(number) or not_visible(number)


def case_of(office: Office, row: Row[Any] | None) -> tuple[UUID, str] | None:
    """The object under which a thing stands, and its number; None where there is no such thing in sight."""
    return (row.object_id, office.objects.number_of(row.object_id)) if row else None


def insured_name(office: Office, object_id: UUID) -> Words:
    """What the insured is called, from its profile or, for whoever may not see that, from the policy."""
    profiles = office.profiles.of_object(object_id)
    if profiles:
        return profiles[-1].record.name
    policies = office.policies.of_object(object_id)
    if policies:
        return policies[-1].record.policy.newest.content.parties.insured.name
    number = office.objects.number_of(object_id)
    return Words(number, number)
