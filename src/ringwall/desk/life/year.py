"""The teller of the year: it does each step through the front, under a key of the step's own, as a person would.

A second run finds the answers that were acknowledged and goes on after them; nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from ringwall.basics import Refusal, Words, yuan
from ringwall.desk.doors import Speaker
from ringwall.desk.front import Front, Request
from ringwall.desk.life.case import Case
from ringwall.desk.life.world import World
from ringwall.desk.message.open_message import open_message
from ringwall.desk.office import Office
from ringwall.monitoring import Message
from ringwall.portfolio import Portfolio
from ringwall.underwriting import Submission

T = TypeVar("T")
APPLICATION_KEY = "life:apply"


class StoryRefused(Exception):
    """A step of the story was refused: the case as it stands cannot go on."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.where}")
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the closing table: what it says, as text, and the same for every run of the same case."""

    label: Words
    value: str


Figures = tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the year: its name, and the use cases behind it."""

    name: str
    title: Words
    run: Callable[[Year], Figures]


class Year:
    """The case, the people who act in it, and the world outside."""

    def __init__(
        self, front: Front, case: Case, world: World, opening_book: Portfolio, people: Mapping[str, Speaker]
    ) -> None:
        self.front = front
        self.case = case
        self.world = world
        self.opening_book = opening_book
        self._people = people

    @property
    def number(self) -> str:
        """The number under which everything of this insured stands."""
        return self.recalled("insured", APPLICATION_KEY, Submission).number

    def do(
        self,
        person: str,
        action: str,
        key: str,
        answer: type[T],
        work: Callable[[Office, UUID], T | Refusal],
    ) -> T:
        """One write on the insured's object; a refusal ends the story with its reason."""
        number = self.number

        def at_work(office: Office) -> T | Refusal:
            object_id = office.objects.by_number(number)
            assert object_id is not None, "the front has checked that the person may see the object"
            return work(office, object_id)

        return self.write(person, action, key, answer, at_work, number)

    def write(
        self,
        person: str,
        action: str,
        key: str,
        answer: type[T],
        work: Callable[[Office], T | Refusal],
        number: str = "",
    ) -> T:
        """A write for this case; under the same key another case is refused, and `--fresh` is its next step."""
        request = Request(self._people[person], action, f"life:{key}", {"case": self.case.sha256}, number)
        result = self.front.perform(request, answer, work)
        if isinstance(result, Refusal):
            raise StoryRefused(result)
        return result

    def opens_what_waits(self, person: str, key: str, topic: str, at: datetime) -> None:
        """A person opens every message of a topic that waits in their inbox."""
        speaker = self._people[person]

        def open_all(office: Office) -> tuple[Message, ...] | Refusal:
            opened = []
            for each in office.post.inbox():
                if each.topic != topic or each.read_at is not None:
                    continue
                message = open_message(office, each.id, by=speaker.display_name, at=at)
                if isinstance(message, Refusal):
                    return message
                opened.append(message)
            return tuple(opened)

        self.write(person, "open_message", f"inbox:{key}", tuple[Message, ...], open_all)

    def read(self, person: str, question: Callable[[Office, UUID], T]) -> T:
        number = self.number

        def ask(office: Office) -> T:
            object_id = office.objects.by_number(number)
            assert object_id is not None, "whoever asks in the story may see the object"
            return question(office, object_id)

        return self.front.ask(self._people[person], ask)

    def recall(self, person: str, key: str, answer: type[T]) -> T | None:
        """What a step has already given, so that the slow work before it is not done again."""
        return self.front.recall(self._people[person], f"life:{key}", answer)

    def recalled(self, person: str, key: str, answer: type[T]) -> T:
        found = self.front.recall(self._people[person], key, answer)
        assert found is not None, f"{key} has been done by now"
        return found


def money(minor: int) -> str:
    return f"¥ {yuan(minor)}"
