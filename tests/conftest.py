"""What every test may ask for: a database server for the session, a fresh migrated database, a browser."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from playwright.sync_api import Page, sync_playwright
from psycopg import sql
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from ringwall.shell.store import embedded, people

if TYPE_CHECKING:  # only who asks for them waits for these rooms
    from tests.told_year import ToldYear

    from ringwall.desk.catalogue import Catalogue

# A test's database may lose its data when the machine falls over; a user's may not (embedded.SETTINGS).
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
TEMPLATE = "ringwall_template"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TOGETHER = {
    "tests/shell/web": "told year",
    "tests/journeys/test_a_year_in_the_life.py": "told year",
    "tests/journeys": "journeys",
    "tests/docs/test_doc_figures.py": "told year",
    "tests/desk": "desk",
    "tests/shell/api": "api",
}
"""What sets up much that it shares is run by one worker; everything else goes by files."""
LONGEST = ("told year", "journeys", "desk", "api", "tests/shell/store/test_embedded.py")
"""What is started first, so that no worker begins it when the others have ended."""
settings.register_profile("small", deadline=None, max_examples=50)  # benchmarks measure, tests do not time
settings.register_profile("full", settings.get_profile("small"), max_examples=150)


def pytest_configure(config: pytest.Config) -> None:
    """Laws are tried on fewer examples where the large counts are left out."""
    settings.load_profile("small" if "not full" in config.getoption("markexpr") else "full")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Which groups come first; within a group chance decides."""
    places = {group: place for place, group in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(group_of(item.nodeid), len(places)))


class ByGroup(LoadScopeScheduling):
    """Deals out groups, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByGroup:
    return ByGroup(config, log)


def group_of(nodeid: str) -> str:
    path = nodeid.partition("::")[0]
    return next((group for place, group in TOGETHER.items() if path.startswith(place)), path)


@dataclass(frozen=True, slots=True)
class FreshDatabase:
    """A database of one test, made from the migrated template."""

    server: embedded.EmbeddedServer
    name: str

    def url_for(self, role: str = embedded.APP) -> str:
        return self.server.url_for(role, self.name)


@pytest.fixture(scope="session")
def real_hasher() -> Iterator[PasswordHasher]:
    """The product's hasher of passwords; until the session ends a quick one stands in its place."""
    real = people.HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield real


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, real_hasher: PasswordHasher) -> Iterator[embedded.EmbeddedServer]:
    """One embedded server for the session (one per worker under xdist), whose passwords are quickly hashed."""
    assert people.HASHER is not real_hasher, "with the real one each sign-in takes a quarter of a second"
    running = embedded.start(tmp_path_factory.mktemp("postgres"), settings=FORGETFUL)
    yield running
    running.stop()
    if running.place.moved:
        shutil.rmtree(running.place.moved)


@pytest.fixture(scope="session")
def template(server: embedded.EmbeddedServer) -> str:
    """The name of a database that holds every migration and no row."""
    with as_superuser(server) as connection:
        connection.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(TEMPLATE), sql.Identifier(embedded.OWNER))
        )
    if importlib.util.find_spec("ringwall.shell.store.migrate"):
        importlib.import_module("ringwall.shell.store.migrate").migrate(server.url_for(embedded.OWNER, TEMPLATE))
    with as_superuser(server) as connection:  # a template with a visitor cannot be copied
        connection.execute(sql.SQL("alter database {} allow_connections false").format(sql.Identifier(TEMPLATE)))
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [TEMPLATE])
    return TEMPLATE


@pytest.fixture
def database(server: embedded.EmbeddedServer, template: str) -> Iterator[FreshDatabase]:
    """A fresh database: `database.url_for("ringwall_app")`, `database.url_for("ringwall_owner")`."""
    with copied(server, template) as fresh:
        yield fresh


@contextmanager
def copied(server: embedded.EmbeddedServer, template: str) -> Iterator[FreshDatabase]:
    """A database of its own, made from another one that nobody is visiting; whole files are the quickest copy."""
    name = f"test_{uuid4().hex}"
    made = "create database {} template {} owner {} strategy file_copy"
    with as_superuser(server) as connection:
        connection.execute(sql.SQL(made).format(*map(sql.Identifier, (name, template, embedded.OWNER))))
    yield FreshDatabase(server, name)
    with as_superuser(server) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory, loops: Path) -> Catalogue:
    """The shipped catalogue, with the built-in table of vulnerabilities and no look at the network."""
    from ringwall.desk.catalogue import Catalogue, load_catalogue
    from ringwall.shell.feeds import load_intelligence
    from ringwall.shell.loops import kept_in
    from ringwall.wiring.house import from_package

    nowhere = tmp_path_factory.mktemp("no-feeds")
    loaded = load_catalogue(from_package, load_intelligence(nowhere, nowhere / "cache")[0])
    assert isinstance(loaded, Catalogue), loaded
    return replace(loaded, loops=kept_in(loops))


@pytest.fixture(scope="session")
def told_year(
    server: embedded.EmbeddedServer, template: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ToldYear]:
    """The whole story of the shipped case, once."""
    from tests.told_year import year_told

    with year_told(server, template, catalogue, tmp_path_factory.mktemp("told")) as told:
        yield told


def as_superuser(server: embedded.EmbeddedServer) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(server.url_for(embedded.SUPERUSER, embedded.SUPERUSER), autocommit=True)


@pytest.fixture(scope="session")
def loops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled loops are kept: what one test has compiled, the others and the processes that they start find."""
    return tmp_path_factory.mktemp("loops")


def with_loops(home: Path, loops: Path) -> Path:
    """The folder of an installation, made with the loops that were compiled before."""
    home.mkdir(parents=True)
    (home / "loops").symlink_to(loops)
    return home


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The machine's browser; a test that needs it is skipped with this reason where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(CHROMIUM_NAMES)} is on the path (.ci/run installs chromium)")
    return Path(found)


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: Path) -> dict[str, Any]:
    """How pytest-playwright's `page` and `browser` start the machine's own Chromium."""
    return {"executable_path": os.fspath(chromium), "args": list(CHROMIUM_FLAGS), "headless": True}


@pytest.fixture
def page(browser_type_launch_args: dict[str, Any]) -> Iterator[Page]:
    """A browser of the test's own: one that stayed open would leave its event loop running under every later test."""
    with sync_playwright() as tool:
        browser = tool.chromium.launch(**browser_type_launch_args)
        yield browser.new_page()
        browser.close()
