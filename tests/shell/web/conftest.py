"""The portal over the told year: one house for all that only read, and a copy of it for every test that writes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.conftest import copied
from tests.told_year import ToldYear

from ringwall.desk.catalogue import Catalogue
from ringwall.desk.doors import Speaker
from ringwall.desk.exposure.prove_control import ControlCheck
from ringwall.shell.probes.uploads import read_upload
from ringwall.shell.store import embedded
from ringwall.shell.web.portal import make_portal
from ringwall.shell.web.site import Installation
from ringwall.wiring.house import House, furnish
from ringwall.wiring.people import try_out_password

NOW = datetime.fromisoformat("2026-11-02T09:00:00+08:00")
"""Two days after the book and the market of the story."""
PROVED_AT = datetime.fromisoformat("2026-09-22T17:00:00+08:00")
"""When the claim of the story is decided, all documents having come."""


class Portal:
    """The portal of one house, as each person of the case sees it after signing in."""

    def __init__(self, house: House, now: datetime = NOW, control: ControlCheck | None = None) -> None:
        self.house = house
        self.control = control
        installation = Installation(now=lambda: now, read_report=read_upload, control=control)
        self.app: FastAPI = make_portal(house.front, house.gate, installation)
        self.password = try_out_password(house.home)
        self._clients: dict[str, TestClient] = {}

    def of(self, person: str) -> TestClient:
        """A browser in which the person is signed in; pages are in English unless `?lang=zh` says otherwise."""
        if person not in self._clients:
            client = TestClient(self.app, base_url="http://ringwall.test", follow_redirects=False)
            answer = client.post("/sign-in", data={"name": person, "password": self.password})
            assert answer.status_code == 303, answer.text
            self._clients[person] = client
        client = self._clients[person]
        client.cookies.set("ringwall_language", "en", domain="ringwall.test")
        client.cookies.set("ringwall_unit", "whole", domain="ringwall.test")
        return client

    def speaker(self, person: str) -> Speaker:
        found = self.house.gate.speaker(self.of(person).cookies["ringwall_session"])
        assert found is not None
        return found


@pytest.fixture(scope="session")
def reading(told_year: ToldYear, server: embedded.EmbeddedServer, catalogue: Catalogue) -> Iterator[Portal]:
    """The portal for tests that change nothing."""
    with copied(server, told_year.database.name) as database, furnish(told_year.home, database, catalogue) as house:
        yield Portal(house)


@pytest.fixture
def writing(told_year: ToldYear, server: embedded.EmbeddedServer, catalogue: Catalogue) -> Iterator[Portal]:
    """The portal over a house of the test's own."""
    with copied(server, told_year.database.name) as database, furnish(told_year.home, database, catalogue) as house:
        yield Portal(house)


@pytest.fixture
def proved(told_year: ToldYear, server: embedded.EmbeddedServer, catalogue: Catalogue) -> Iterator[Portal]:
    """The portal over a house of the test's own, in which the claim is proved and not yet decided."""
    with copied(server, told_year.proved.name) as database, furnish(told_year.home, database, catalogue) as house:
        yield Portal(house, PROVED_AT)


@pytest.fixture
def address_of() -> Iterator[Callable[[Portal], str]]:
    """Serves a portal on this machine for a browser, and gives its address."""
    with _servers() as serve:
        yield serve


@contextmanager
def _servers() -> Iterator[Callable[[Portal], str]]:
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(portal: Portal) -> str:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(portal.app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=10)
