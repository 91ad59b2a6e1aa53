"""A town whose insured has a person with an address, and a notice that is on its way to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from procrastinate import App
from tests.shell.messages.parcels import WRITTEN_AT
from tests.shell.store.conftest import Town, pool, town

from ringwall.basics import OrganisationId, Words
from ringwall.desk.doors import Letter, Member, MessageDoor
from ringwall.monitoring import Message, Notice
from ringwall.shell.jobs import queue
from ringwall.shell.store.files import FileStore, master_key
from ringwall.shell.store.office import StoreOffice, office_opener
from ringwall.shell.store.people import NewPerson, enrol, reach
from ringwall.wiring.messages import clock_teller, reader, sender

__all__ = ["pool", "town"]
LIN, PHONE = "lin@factory.example", "+8613800000000"
NUMBER = "LEAD-N-000001"
NOTICE = Notice(NUMBER, "P-1", "F-1", Words("请整改", "Fix it"), Words("后果", "What follows"), WRITTEN_AT, 10)


@dataclass(frozen=True, slots=True)
class Street:
    """The town, its offices, and a queue with the given ways out."""

    town: Town
    open_office: Callable[[UUID], AbstractContextManager[StoreOffice]]

    def queue(self, *doors: MessageDoor, returns: Path | None = None) -> App:
        url = self.town.owner_url
        told, read = clock_teller(self.open_office), reader(url, doors, returns)
        return queue.make_queue(url, send=sender(url, doors), read=read, tell_clock=told)

    def send_notice(self) -> None:
        """As the lead writes one: the notice and its letter in one transaction."""
        town = self.town
        subject = Words("安全整改书面建议", "Written suggestion on security")
        letter = Letter(town.object_id, "notice", "insured", subject, NOTICE.text, "/policy/P-1", WRITTEN_AT, NUMBER)
        with self.open_office(town.lead) as office:
            office.notices.add(
                NUMBER, NOTICE, object_id=town.object_id, effective_at=WRITTEN_AT, known_at=WRITTEN_AT, state="sent"
            )
            office.post.send(letter)

    def sent(self) -> Message:
        """The message as its sender sees it."""
        with self.open_office(self.town.lead) as office:
            (message,) = office.post.sent(self.town.object_id)
            return message

    def notices(self) -> list[Notice]:
        """Every version of the notice."""
        with self.open_office(self.town.lead) as office:
            return [row.record for row in office.notices.history(NUMBER)]


@pytest.fixture
def street(town: Town, tmp_path: Path) -> Street:
    queue.install(town.owner_url)
    insured = Member(OrganisationId(town.insured), "factory", "insured", Words("工厂", "Factory"))
    enrol(town.pool, insured, [NewPerson("lin", "林", "risk_manager", "x")], listed=False)
    assert reach(town.pool, "lin", email=LIN, phone=PHONE)
    no_catalogue = cast(Any, None)
    files = FileStore(tmp_path / "files", master_key(tmp_path / "key"))
    return Street(town, office_opener(town.pool, no_catalogue, files))
