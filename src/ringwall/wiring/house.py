"""The house, opened: database, catalogue, files, queue and front, all under one folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID

from procrastinate import App

from ringwall.basics import Refusal, refuse
from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue, load_catalogue
from ringwall.desk.doors import MessageDoor
from ringwall.desk.front import Front
from ringwall.desk.intelligence.take_edition import edition_of, note_scores, take_edition
from ringwall.desk.monitoring.standing_alerts import standing_alerts
from ringwall.desk.office import Office
from ringwall.evidence import Intelligence
from ringwall.shell.jobs.queue import install, make_queue
from ringwall.shell.loops import kept_in
from ringwall.shell.messages import message_doors, returns_box
from ringwall.shell.sensors import drop_raw
from ringwall.shell.store import embedded
from ringwall.shell.store.connection import Pool, open_pool
from ringwall.shell.store.files import FileStore, master_key
from ringwall.shell.store.migrate import migrate
from ringwall.shell.store.office import office_opener
from ringwall.shell.store.people import GateRows, insurers
from ringwall.shell.store.post.outgoing import OutgoingRows, outgoing_rows
from ringwall.wiring.installation import known_vulnerabilities, stop_switch
from ringwall.wiring.looks import Eyes, looker, own_eyes
from ringwall.wiring.messages import clock_teller, now, reader, sender

LoadFacts = Callable[[], tuple[Intelligence, tuple[Refusal, ...]]]
OpenOffice = Callable[[UUID], AbstractContextManager[Office]]


class Database(Protocol):
    """A running PostgreSQL by the addresses of its roles."""

    def url_for(self, role: str) -> str: ...


class HouseClosed(Exception):
    """The house cannot be opened; the refusals say why, and what to do."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__(refusals[0].code)
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class House:
    """Everything that is open while a command runs."""

    home: Path
    pool: Pool
    catalogue: Catalogue
    front: Front
    gate: GateRows
    queue: App
    feeds_refused: tuple[Refusal, ...]
    doors: tuple[MessageDoor, ...]
    """The ways out of the house for messages."""
    outgoing: Callable[[], AbstractContextManager[OutgoingRows]]
    """What has still to go out, as the worker sees it."""

    @property
    def server_key(self) -> bytes:
        """What challenge tokens and an insured's traffic key are derived from."""
        return master_key(self.home / "keys" / "server")


@contextmanager
def open_house(home: Path, environment: Mapping[str, str], *, fresh: bool = False) -> Iterator[House]:
    """Start or attach to the database, migrate it, read the catalogue, and close everything at the end."""
    home.mkdir(parents=True, exist_ok=True)
    intelligence, refused = known_vulnerabilities(home, environment)
    catalogue = load_catalogue(from_package, intelligence)
    if isinstance(catalogue, tuple):
        raise HouseClosed(catalogue)
    catalogue = replace(catalogue, loops=kept_in(home / "loops"))
    doors, returns = message_doors(environment, now), returns_box(environment)
    if isinstance(doors, Refusal):
        raise HouseClosed((doors,))
    if isinstance(returns, Refusal):
        raise HouseClosed((returns,))
    load = partial(known_vulnerabilities, home, environment)
    with (
        _database(home, environment, fresh=fresh) as database,
        furnish(home, database, catalogue, refused, doors, load, own_eyes(stop_switch(home), now), returns) as house,
    ):
        yield house


def from_package(folder: str) -> Mapping[str, str]:
    """A folder of the catalogue that ships inside the package."""
    return read_folder(*folder.split("/"))


@contextmanager
def furnish(
    home: Path,
    database: Database,
    catalogue: Catalogue,
    feeds_refused: tuple[Refusal, ...] = (),
    doors: tuple[MessageDoor, ...] = (),
    load: LoadFacts | None = None,
    eyes: Eyes | None = None,
    returns: Path | None = None,
) -> Iterator[House]:
    """The house on a database that runs, with a catalogue that was read; `load` asks the feeds anew, every hour.

    Without `eyes` a look that is asked for waits until somebody puts a scan on record. `returns` is the maildir in
    which mail servers' answers come back.
    """
    owner_url = database.url_for(embedded.OWNER)
    migrate(owner_url)
    install(owner_url)
    files = FileStore(home / "files", master_key(home / "keys" / "master"))
    with open_pool(database.url_for(embedded.APP)) as pool:
        open_office = office_opener(pool, catalogue, files)
        front = Front(open_office)
        chores: list[Callable[[datetime], object]] = [
            partial(drop_raw, home / "spool"),
            partial(_renew_alerts, pool, open_office),
        ]
        if load is not None:
            chores.append(partial(_take_feeds, pool, open_office, load))
        queue = make_queue(
            owner_url,
            hourly=chores,
            send=sender(owner_url, doors),
            read=reader(owner_url, doors, returns),
            tell_clock=clock_teller(open_office),
            look=looker(open_office, eyes),
        )
        outgoing = partial(outgoing_rows, owner_url)
        yield House(home, pool, catalogue, front, GateRows(pool), queue, feeds_refused, doors, outgoing)


def _take_feeds(pool: Pool, open_office: OpenOffice, load: LoadFacts, at: datetime) -> None:
    """For every insurer of the platform: what is new in the feeds, and word to the policies that it touches."""
    facts, _ = load()
    edition = edition_of(facts)
    for insurer in insurers(pool):
        with open_office(insurer) as office:
            note_scores(office, facts, at=at)
            if not isinstance(edition, Refusal):
                take_edition(office, edition, at=at)


def _renew_alerts(pool: Pool, open_office: OpenOffice, at: datetime) -> None:
    """What has changed since is derived before anybody opens the alert centre."""
    for insurer in insurers(pool):
        with open_office(insurer) as office:
            standing_alerts(office, at)


@contextmanager
def _database(home: Path, environment: Mapping[str, str], *, fresh: bool) -> Iterator[embedded.Database]:
    try:
        database = embedded.database_from_environment(environment, home / "postgres")
    except embedded.DatabaseNotStarted as problem:
        raise HouseClosed((problem.refusal,)) from problem
    try:
        if fresh:
            _empty(database, home)
        yield database
    finally:
        database.stop()


def _empty(database: embedded.Database, home: Path) -> None:
    """Start anew; a database that is not ours to empty is left alone."""
    if not isinstance(database, embedded.EmbeddedServer):
        raise HouseClosed(
            (
                refuse(
                    "database_not_ours",
                    "--fresh",
                    zh="--fresh 只清空内置数据库，而 DATABASE_URL 指向外部数据库；请自行清空，或去掉 DATABASE_URL。",
                    en="--fresh empties the embedded database only, and DATABASE_URL names another one; "
                    "empty that one yourself, or unset DATABASE_URL.",
                ),
            )
        )
    database.empty()
    shutil.rmtree(home / "files", ignore_errors=True)
