"""The command `watch` as a real process: ended, killed and started again, it loses nothing and counts nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.forked import Forked
from tests.shell.sensors.lines import INSIDE, KEY, alerts_among, eve_lines

from ringwall.basics import OrganisationId, Words
from ringwall.desk.doors import Member
from ringwall.shell.store import embedded
from ringwall.shell.store.connection import acting_for, open_pool
from ringwall.shell.store.people import NewPerson, ObjectRows, enrol

NUMBER = "FACTORY-SUB-000001"
PATIENCE_SECONDS = 120
LONG_AGO = time.time() - 3600
KNOWN = (
    "select coalesce((select lines from ringwall.sensor_tail), 0), "
    "coalesce((select alerts from ringwall.sensor_tail), 0), "
    "coalesce((select sum(events) from ringwall.sensor_hour), 0)::int, (select count(*) from ringwall.sensor_file)"
)


@dataclass(slots=True)
class Site:
    """One insured's sensor folder beside a house; the sensor writes by `write`."""

    environment: dict[str, str]
    url: str
    folder: Path
    files: int = 0
    written: int = 0
    closed: int = 0

    def write(self, lines: int) -> None:
        """A further file, an hour old, so that those before it are closed."""
        self.closed = self.written
        path = self.folder / f"eve-{self.files:04d}.json"
        path.write_bytes(eve_lines(self.written, self.written + lines))
        self.files += 1
        self.written += lines
        os.utime(path, (LONG_AGO + self.files, LONG_AGO + self.files))

    def start(self, *more: str) -> Forked:
        key = self.folder.parent / "key"
        key.write_bytes(KEY)
        options = ["--as", "warden", "--inside", INSIDE, "--spool", str(self.folder), "--key-file", str(key)]
        return Forked(["watch", NUMBER, *options, *more], self.environment, self.folder.parent / "complaints")

    def read_all(self) -> dict[str, Any]:
        code, out, err = self.start("--once", "--json").end()
        assert code == 0, err
        told: dict[str, Any] = json.loads(out)
        return told

    def known(self) -> tuple[int, ...]:
        """Lines and alerts of the tail, events of the hour table, files taken."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(KNOWN).fetchone()
            assert row is not None
            return row

    def wait_for(self, process: Forked, place: int, least: int) -> None:
        """Until the figure is reached; the database waits, not the test."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            give_up = time.monotonic() + PATIENCE_SECONDS
            while not process.has_ended() and time.monotonic() < give_up:
                row = connection.execute(KNOWN).fetchone()
                if row is not None and row[place] >= least:
                    return
                connection.execute("select pg_sleep(0.01)")
        raise AssertionError(f"{least} was not reached: {process.end()}")


@pytest.fixture
def site(database: Any, tmp_path: Path) -> Site:
    with open_pool(database.url_for("ringwall_app"), most=2) as pool:
        insured = OrganisationId(uuid4())
        warden = NewPerson("warden", "看守", "risk_manager", "a password")
        broker = NewPerson("broker", "经纪", "broker", "a password")
        enrol(pool, Member(insured, "factory", "insured", Words("工厂", "Factory")), [warden, broker], listed=False)
        with acting_for(pool, UUID(str(insured))) as connection:
            ObjectRows(connection, insured).open(NUMBER)
    spool, feeds = tmp_path / "spool", tmp_path / "no-feeds"
    spool.mkdir()
    feeds.mkdir()
    environment = {
        **os.environ,
        "RINGWALL_HOME": str(tmp_path / "home"),
        "RINGWALL_LANG": "en",
        "RINGWALL_FEEDS": str(feeds),
        "DATABASE_URL": database.url_for("ringwall_app"),
        "DATABASE_OWNER_URL": database.url_for("ringwall_owner"),
    }
    return Site(environment, database.url_for(embedded.SUPERUSER), spool)


def test_closed_files_are_counted_the_open_one_is_followed_and_sigterm_ends_it_cleanly(site: Site) -> None:
    site.write(700)
    site.write(300)
    process = site.start()
    site.wait_for(process, 3, 1)
    process.signal(signal.SIGTERM)
    code, _, err = process.end()
    assert code == 0, err
    assert "live: 1000 lines, 143 alerts; counted: 1 files, 700 lines (0 rejected)" in " ".join(err.split())
    assert site.known() == (1000, alerts_among(0, 1000), 700, 1)
    again = site.read_all()
    assert (again["lines"], again["files"]) == (0, 0), "a second process finds everything done"


def test_only_the_insured_s_own_risk_manager_may_watch(site: Site) -> None:
    code, _, err = site.start("--once", "--as", "broker").end()
    assert "does not do ingest_traffic" in " ".join(err.split())
    assert code == 1


def kill(site: Site, chance: random.Random, kills: int) -> None:
    """Each time the sensor writes some files more, and the process dies once so much of them has been committed."""
    for turn in range(kills):
        for _ in range(3):
            site.write(chance.randrange(200, 3_000))
        process = site.start()
        place = (0, 2, 3)[turn % 3]
        before = site.known()[place]
        site.wait_for(process, place, before + 1)
        process.signal(signal.SIGKILL)
        process.end()
    site.read_all()
    assert site.known() == (site.written, alerts_among(0, site.written), site.closed, site.files - 1)
    site.read_all()
    assert site.known() == (site.written, alerts_among(0, site.written), site.closed, site.files - 1)


def test_killed_twice_it_loses_nothing_and_counts_nothing_twice(site: Site) -> None:
    kill(site, random.Random(20261127), kills=2)


@pytest.mark.full
def test_killed_fifty_times_it_loses_nothing_and_counts_nothing_twice(site: Site) -> None:
    kill(site, random.Random(3), kills=50)
