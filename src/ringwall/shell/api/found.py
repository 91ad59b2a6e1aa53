"""Finding what a route names: a row inside the speaker's walls, the application above it, and lists by number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.doors import Row, Shelf
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.shell.api.caller import Caller

T = TypeVar("T")
PickShelf = Callable[[Office], Shelf[Any]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing of a list: its newest version, its state, and the application under which it stands."""

    number: str
    version: int
    state: str
    application: str
    effective_at: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows in order of number; `next` is the number to go on after, empty at the end."""

    rows: tuple[Listed, ...]
    next: str


def standing(shelf: Shelf[T], number: str) -> Row[T] | Refusal:
    """The newest version of a thing, or the refusal that does not say whether it exists for others."""
    row = shelf.newest(number)
    return not_visible(number) if row is None else row


def record_of(caller: Caller, shelf: PickShelf, number: str, record: type[T]) -> T:
    """The record of the newest version; `record` says of which noun."""

    def read(office: Office) -> T | Refusal:
        row = standing(shelf(office), number)
        if isinstance(row, Refusal):
            return row
        assert isinstance(row.record, record), f"{number} stands on another shelf"
        return row.record

    return caller.ask(read)


def application_of(caller: Caller, shelf: PickShelf, number: str) -> str:
    """The number of the application that a thing belongs to: what the front checks the speaker's holdings on."""

    def read(office: Office) -> str | Refusal:
        row = standing(shelf(office), number)
        if isinstance(row, Refusal):
            return row
        return office.objects.number_of(row.object_id) or not_visible(number)

    return caller.ask(read)


def object_of(office: Office, application: str) -> UUID:
    object_id = office.objects.by_number(application)
    assert object_id is not None, "the front has checked that the speaker may see it"
    return object_id


def within(office: Office, application: str) -> UUID | Refusal:
    """The object of an application for a read, which no front has checked before."""
    return office.objects.by_number(application) or not_visible(application)


def listing(office: Office, rows: Iterable[Row[Any]], limit: int, after: str) -> Listing:
    """A page of rows in order of number."""
    names: dict[UUID, str] = {}
    left = [row for row in rows if row.number > after]
    shown = left[:limit]
    for row in shown:
        if row.object_id not in names:
            names[row.object_id] = office.objects.number_of(row.object_id)
    listed = tuple(
        Listed(row.number, row.version, row.state, names[row.object_id], row.effective_at, row.known_at)
        for row in shown
    )
    return Listing(listed, shown[-1].number if len(left) > limit else "")
