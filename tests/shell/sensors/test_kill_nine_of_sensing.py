"""kill -9 at random points of ingest and of the tail, on a real database: nothing lost, nothing counted twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.shell.sensors.lines import alerts_among, eve_lines

from ringwall.basics import OrganisationId, Words
from ringwall.desk.doors import Member
from ringwall.shell.jobs.queue import install
from ringwall.shell.store import embedded
from ringwall.shell.store.connection import acting_for, open_pool
from ringwall.shell.store.people import ObjectRows, enrol

SCRIPT = Path(__file__).with_name("killed.py")
ROOT = Path(__file__).parents[3]
ANYWHERE, IN_THE_DRIVER = "", "psycopg"
"""Where a fatal call may lie: in any code, or in the database's driver, where a transaction is half done."""
PATIENCE_SECONDS = 120
NUMBER = "FACTORY-SUB-000001"


@dataclass(frozen=True, slots=True)
class Place:
    """One insured with one object, its database, and the folder of its sensor."""

    app_url: str
    superuser_url: str
    insured: UUID
    object_id: UUID
    folder: Path
    feeding: subprocess.Popen[str]

    def run(self, mode: str, where: str = "", fatal: int = 0) -> int | None:
        """The number of calls of a run that was not killed; None for one that was."""
        asked = (mode, self.app_url, str(self.insured), NUMBER, str(self.folder), where, fatal)
        assert self.feeding.stdin is not None
        assert self.feeding.stdout is not None
        print(json.dumps(asked), file=self.feeding.stdin, flush=True)
        answer = self.feeding.stdout.readline()
        assert answer, "the process that feeds has failed, see its words above"
        calls: int | None = json.loads(answer)
        return calls

    def ask(self, question: str) -> tuple[Any, ...]:
        with psycopg.connect(self.superuser_url) as connection:
            row = connection.execute(question.encode(), {"object": self.object_id}).fetchone()
            assert row is not None
            return row


@pytest.fixture
def place(database: Any, tmp_path: Path) -> Iterator[Place]:
    install(database.url_for("ringwall_owner"))
    with open_pool(database.url_for("ringwall_app"), most=2) as pool:
        insured = uuid4()
        enrol(pool, Member(OrganisationId(insured), "factory", "insured", Words("工厂", "Factory")), listed=False)
        with acting_for(pool, insured) as connection:
            object_id = ObjectRows(connection, insured).open(NUMBER)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    command = [sys.executable, str(SCRIPT)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as feeding:
        urls = (database.url_for("ringwall_app"), database.url_for(embedded.SUPERUSER))
        yield Place(*urls, insured, object_id, tmp_path, feeding)
        feeding.communicate(timeout=PATIENCE_SECONDS)


TOLD_BY_TAIL = (
    "select t.lines, t.alerts, (select sum(events) from ringwall.sensor_alert a where a.object_id = %(object)s), "
    "(select count(*) from ringwall.outbox o where o.object_id = %(object)s) from ringwall.sensor_tail t "
    "where t.object_id = %(object)s"
)
TOLD_BY_BATCH = (
    "select count(*), sum((body->>'lines')::int), (select sum(events)::int from ringwall.sensor_hour h "
    "where h.object_id = %(object)s) "
    "from ringwall.traffic_batch where object_id = %(object)s"
)


def kill_tail(place: Place, chance: random.Random, kills: int) -> None:
    """Before each run the sensor writes some more, and now and then begins a new file."""
    written = killed = 0
    for turn in range(kills):
        more = chance.randrange(1_000, 8_000)
        with (place.folder / f"eve-{turn // 3:03d}.json").open("ab") as file:
            file.write(eve_lines(written, written + more))
        written += more
        where = (ANYWHERE, IN_THE_DRIVER)[turn % 2]
        killed += place.run("tail", where, chance.randrange(1, 40_000 if where == ANYWHERE else 2_500)) is None
    assert place.run("tail") is not None
    lines, alerts, events, letters = place.ask(TOLD_BY_TAIL)
    assert killed > kills // 2
    assert (lines, alerts, events) == (written, alerts_among(0, written), alerts_among(0, written))
    assert letters % 2 == 0
    assert place.run("tail") is not None
    assert place.ask(TOLD_BY_TAIL) == (lines, alerts, events, letters), "a further run changes nothing"


def kill_ingest(place: Place, chance: random.Random, kills: int) -> None:
    for number in range(3):
        (place.folder / f"eve-{number}.json").write_bytes(eve_lines(number * 1000, number * 1000 + 1000))
    killed = 0
    for turn in range(kills):
        where = (ANYWHERE, IN_THE_DRIVER)[turn % 2]
        killed += place.run("batch", where, chance.randrange(1, 30_000 if where == ANYWHERE else 1_000)) is None
    assert killed > kills // 2
    assert place.run("batch") is not None
    assert place.ask(TOLD_BY_BATCH) == (3, 3_000, 3_000)


def test_kills_of_the_tail_lose_no_event_and_count_none_twice(place: Place) -> None:
    kill_tail(place, random.Random(20261125), kills=4)


def test_kills_of_ingest_lose_no_event_and_count_none_twice(place: Place) -> None:
    kill_ingest(place, random.Random(20261126), kills=4)


@pytest.mark.full
def test_twenty_five_kills_of_the_tail(place: Place) -> None:
    kill_tail(place, random.Random(1), kills=25)


@pytest.mark.full
def test_twenty_five_kills_of_ingest(place: Place) -> None:
    kill_ingest(place, random.Random(2), kills=25)
