"""What the queue calls for messages: carrying them out of the house, and telling their senders' clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.doors import MessageDoor
from ringwall.desk.message.send_outside import send_outside
from ringwall.desk.message.tell_clocks import tell_clocks
from ringwall.desk.office import Office
from ringwall.shell.store.post.outgoing import outgoing_rows


class ClockNotTold(Exception):
    """A delivery could not be taken over; the queue tries again, and keeps the job where that does not help."""


def now() -> datetime:
    """The clock of this installation."""
    return datetime.now(UTC)


def sender(owner_url: str, doors: Sequence[MessageDoor]) -> Callable[[UUID | None], int] | None:
    """Carries what is due; None where no way out of the house is configured."""
    if not doors:
        return None

    def send(letter: UUID | None) -> int:
        with outgoing_rows(owner_url) as outgoing:
            return send_outside(outgoing, doors, now, letter=letter)

    return send


def clock_teller(open_office: Callable[[UUID], AbstractContextManager[Office]]) -> Callable[[UUID, UUID], None]:
    """Acts for the sender of a message within its own walls, as its own people would."""

    def tell(organisation: UUID, object_id: UUID) -> None:
        with open_office(organisation) as office:
            told = tell_clocks(office, object_id, at=now())
            if isinstance(told, Refusal):
                raise ClockNotTold(f"{told.code}: {told.where}")

    return tell
