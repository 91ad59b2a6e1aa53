"""The whole case told once through the API, and for every test a copy of the house as it stands after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.conftest import FreshDatabase, copied
from tests.shell.api.story import Clock, Desk, Numbers, Story

from ringwall.desk.catalogue import Catalogue, load_catalogue
from ringwall.desk.life.case import Case
from ringwall.shell.feeds.built_in import built_in
from ringwall.shell.jobs.queue import drain
from ringwall.shell.store import embedded
from ringwall.wiring.house import from_package, furnish
from ringwall.wiring.people import enrol_everybody, shipped_case, try_out_password
from ringwall.wiring.world import LabWorld


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A database in which everybody of the case is enrolled and signed in, and nothing has happened."""

    database: FreshDatabase
    home: Path
    case: Case
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """Where the told case stands: its database, its folder, and every number of it."""

    database: FreshDatabase
    home: Path
    case: Case
    numbers: Numbers
    told_until: datetime
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    read = load_catalogue(from_package, built_in())
    assert isinstance(read, Catalogue), read
    return read


@pytest.fixture(scope="session")
def case() -> Case:
    return shipped_case()


def inside(database: FreshDatabase) -> psycopg.Connection[tuple[Any, ...]]:
    """A look past the walls, so that a test sees what really stands there."""
    return psycopg.connect(database.url_for(embedded.SUPERUSER), autocommit=True)


@contextmanager
def opened(
    database: FreshDatabase, home: Path, catalogue: Catalogue, at: datetime, tokens: dict[str, str]
) -> Iterator[Desk]:
    with furnish(home, database, catalogue) as house:
        yield Desk(house, Clock(at), try_out_password(home), tokens)


@pytest.fixture(scope="session")
def enrolled(
    server: embedded.EmbeddedServer,
    template: str,
    catalogue: Catalogue,
    case: Case,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Enrolled]:
    home, at, tokens = tmp_path_factory.mktemp("house"), case.at["applied_at"], {}
    with copied(server, template) as database:
        with opened(database, home, catalogue, at, tokens) as desk:
            enrol_everybody(desk.house, case)
            for person in case.people:
                desk.token(person.sign_in_name)
        yield Enrolled(database, home, case, tokens)


@pytest.fixture(scope="session")
def told(enrolled: Enrolled, server: embedded.EmbeddedServer, catalogue: Catalogue) -> Iterator[Told]:
    """The case from the application to the market's figures, through the API alone."""
    case, home, tokens = enrolled.case, enrolled.home, enrolled.tokens
    with copied(server, enrolled.database.name) as database:
        with (
            opened(database, home, catalogue, case.at["applied_at"], tokens) as desk,
            closing(LabWorld(desk.house.server_key)) as world,
        ):
            found = Story(desk, case, world).tell()
            drain(desk.house.queue)
            until = desk.clock.at
        yield Told(database, home, case, found, until, tokens)


@pytest.fixture(scope="session")
def seen(told: Told, server: embedded.EmbeddedServer, catalogue: Catalogue) -> Iterator[Desk]:
    """The API over the told house, for tests that only look, or that are refused."""
    with (
        copied(server, told.database.name) as database,
        opened(database, told.home, catalogue, told.told_until, told.tokens) as open_desk,
    ):
        yield open_desk


@pytest.fixture
def database_of(told: Told, server: embedded.EmbeddedServer) -> Iterator[FreshDatabase]:
    """A copy of the database in which the case has been told."""
    with copied(server, told.database.name) as database:
        yield database


@pytest.fixture
def desk(told: Told, database_of: FreshDatabase, catalogue: Catalogue) -> Iterator[Desk]:
    """The API over a copy of the told house; what a test writes there, no other test sees."""
    with opened(database_of, told.home, catalogue, told.told_until, told.tokens) as open_desk:
        yield open_desk


@pytest.fixture
def empty_desk(enrolled: Enrolled, server: embedded.EmbeddedServer, catalogue: Catalogue) -> Iterator[Desk]:
    """The API over a house in which everybody is enrolled and nothing has happened."""
    with (
        copied(server, enrolled.database.name) as database,
        opened(database, enrolled.home, catalogue, enrolled.case.at["applied_at"], enrolled.tokens) as open_desk,
    ):
        yield open_desk
