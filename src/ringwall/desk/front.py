"""The one way in: a speaker asks, permission is checked, one transaction runs, and a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.doors import Json, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit

T = TypeVar("T")


class _NothingChanged(Exception):
    """Leaves the transaction with nothing written; caught in `perform` and nowhere else."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Request:
    """One write: who asks, for what, about which object, under which idempotency key, with which content."""

    speaker: Speaker
    action: str
    key: str
    content: Json
    object_number: str = ""


class Front:
    """Every shell asks here; `open_office` gives an office in a transaction that acts for one organisation."""

    def __init__(self, open_office: Callable[[UUID], AbstractContextManager[Office]]) -> None:
        self._open_office = open_office

    def ask(self, speaker: Speaker, question: Callable[[Office], T]) -> T:
        """A read inside the speaker's walls."""
        with self._open_office(speaker.organisation_id) as office:
            return question(office)

    def recall(self, speaker: Speaker, key: str, answer: type[T]) -> T | None:
        """The answer that a write under this key has already given, so that slow work before it is not done again."""
        with self._open_office(speaker.organisation_id) as office:
            return office.once.recall(key, answer)

    def perform(self, request: Request, answer: type[T], work: Callable[[Office], T | Refusal]) -> T | Refusal:
        """A write, once for its key; a refusal rolls everything back, so that nothing is changed and nothing lost."""
        try:
            with self._open_office(request.speaker.organisation_id) as office:
                if (refusal := self._refuse_at_the_door(request, office)) is not None:
                    return refusal
                result = office.once(request.key, request.content, answer, lambda: work(office))
                if isinstance(result, Refusal):
                    raise _NothingChanged(result)
                return result
        except _NothingChanged as ended:
            return ended.refusal

    def move(
        self, speaker: Speaker, action: str, number: str, work: Callable[[Office, UUID], T | Refusal]
    ) -> T | Refusal:
        """A write that what it moves makes once, such as a checkpoint: it needs no key, and leaves none behind."""
        try:
            with self._open_office(speaker.organisation_id) as office:
                object_id = office.objects.by_number(number)
                holding = None if object_id is None else office.objects.roles(object_id)
                if (refusal := permit(speaker, action, holding)) is not None:
                    return refusal
                result = not_visible(number) if object_id is None else work(office, object_id)
                if isinstance(result, Refusal):
                    raise _NothingChanged(result)
                return result
        except _NothingChanged as ended:
            return ended.refusal

    def _refuse_at_the_door(self, request: Request, office: Office) -> Refusal | None:
        if not request.object_number:
            return permit(request.speaker, request.action, None)
        object_id = office.objects.by_number(request.object_number)
        if object_id is None:
            return permit(request.speaker, request.action, None) or not_visible(request.object_number)
        return permit(request.speaker, request.action, office.objects.roles(object_id))
