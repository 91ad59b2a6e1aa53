"""What the queue calls for messages: carrying them out, reading what came back, and telling their senders' clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.doors import MessageDoor, Outgoing
from ringwall.desk.message.send_outside import send_outside
from ringwall.desk.message.take_status import StatusTaken, take_status
from ringwall.desk.message.tell_clocks import tell_clocks
from ringwall.desk.office import Office
from ringwall.monitoring import Channel
from ringwall.shell.messages import opened_box, read_statuses
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


@dataclass(frozen=True, slots=True)
class AnswersRead:
    """What the notifications of a box came to; a refused one is for a person."""

    taken: tuple[StatusTaken, ...]
    refused: tuple[Refusal, ...]


def read_answers(outgoing: Outgoing, box: Path, doors: Sequence[MessageDoor]) -> AnswersRead:
    """Every notification that waits in a maildir or a file, matched to its message; two readers never share one."""
    channels = [door.channel for door in doors]
    taken: list[StatusTaken] = []
    refused: list[Refusal] = []
    with outgoing.alone(Channel.SMTP), opened_box(box) as waiting:
        for name, content, done in waiting:
            answers = _taken(outgoing, channels, name, content)
            taken += (each for each in answers if isinstance(each, StatusTaken))
            refused += (each for each in answers if isinstance(each, Refusal))
            done(not any(isinstance(each, Refusal) for each in answers))
    return AnswersRead(tuple(taken), tuple(refused))


def _taken(outgoing: Outgoing, channels: Sequence[Channel], name: str, content: bytes) -> list[StatusTaken | Refusal]:
    statuses = read_statuses(content, name)
    if isinstance(statuses, Refusal):
        return [statuses]
    return [take_status(outgoing, each, channels, now=now()) for each in statuses]


def reader(owner_url: str, doors: Sequence[MessageDoor], box: Path | None) -> Callable[[], AnswersRead] | None:
    """Reads the configured maildir; None where none is configured."""
    if box is None:
        return None

    def read() -> AnswersRead:
        with outgoing_rows(owner_url) as outgoing:
            return read_answers(outgoing, box, doors)

    return read


def clock_teller(open_office: Callable[[UUID], AbstractContextManager[Office]]) -> Callable[[UUID, UUID], None]:
    """Acts for the sender of a message within its own walls, as its own people would."""

    def tell(organisation: UUID, object_id: UUID) -> None:
        with open_office(organisation) as office:
            told = tell_clocks(office, object_id, at=now())
            if isinstance(told, Refusal):
                raise ClockNotTold(f"{told.code}: {told.where}")

    return tell
