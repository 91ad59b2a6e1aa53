"""What every test may ask for: a database server for the session, a fresh migrated database, a browser."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from playwright.sync_api import Page, sync_playwright
from psycopg import sql

from ringwall.shell.store import embedded

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
numbers = itertools.count(1)
settings.register_profile("ringwall", deadline=None)  # benchmarks measure, tests do not time
settings.load_profile("ringwall")


@dataclass(frozen=True, slots=True)
class FreshDatabase:
    """A database of one test, made from the migrated template."""

    server: embedded.EmbeddedServer
    name: str

    def url_for(self, role: str = embedded.APP) -> str:
        return self.server.url_for(role, self.name)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.EmbeddedServer]:
    """One embedded server for the session (one per worker under xdist)."""
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
    name = f"test_{next(numbers)}"
    made = "create database {} template {} owner {} strategy file_copy"
    with as_superuser(server) as connection:
        connection.execute(sql.SQL(made).format(*map(sql.Identifier, (name, template, embedded.OWNER))))
    yield FreshDatabase(server, name)
    with as_superuser(server) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def as_superuser(server: embedded.EmbeddedServer) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(server.url_for(embedded.SUPERUSER, embedded.SUPERUSER), autocommit=True)


@pytest.fixture(scope="session")
def loops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes that tests start keep their compiled loops: the first compiles them for all."""
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
