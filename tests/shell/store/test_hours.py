"""The hour table: files add up once, the indicators read it as they read the files, and what is over goes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from ipaddress import ip_network
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from tests.shell.store.conftest import Town

from ringwall.desk.catalogue import Catalogue
from ringwall.desk.evidence.put_on_record import record_traffic, take_file
from ringwall.evidence import (
    Calls,
    CertificateCount,
    HourlyCount,
    Interesting,
    Kind,
    NameSpread,
    SensorFile,
    TrafficBatch,
    indicators,
    indicators_of,
)
from ringwall.shell.sensors import ingest
from ringwall.shell.store.files import FileStore
from ringwall.shell.store.office import StoreOffice, office_opener

KEY = bytes(range(32))
INSIDE = (ip_network("10.41.0.0/16"),)
NOW = datetime(2026, 11, 25, tzinfo=UTC)
DAYS = 120
FIRST = date(2026, 6, 1)


class Houses:
    """Opens offices on the town's database."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town = town
        self._open = office_opener(town.pool, cast(Catalogue, None), FileStore(folder, KEY))

    def office(self, organisation: UUID | None = None) -> AbstractContextManager[StoreOffice]:
        return self._open(organisation or self.town.insured)

    def take(self, *batches: TrafficBatch, sensor: str = "main") -> None:
        for batch in batches:
            with self.office() as office:
                record_traffic(office, self.town.object_id, batch, at=NOW, sensor=sensor)


@pytest.fixture
def houses(town: Town, tmp_path: Path) -> Houses:
    return Houses(town, tmp_path)


def a_day(day: date) -> TrafficBatch:
    """One host's day: flows, a certificate, a beacon; now and then a login, a tunnel, a large outflow."""
    place = (day - FIRST).days
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    start = int(noon.timestamp())
    out = 5_000_000_000 if place == DAYS - 1 else 1_000_000 + place % 3
    rows = [Interesting(Kind.CLEARTEXT_LOGIN, "h-1", "198.51.100.9", 21, day, noon, noon, 2, None, "ftp")]
    marks = tuple(range(place, place + 200))
    return TrafficBatch(
        f"eve-{place}.json",
        100,
        f"{place:064x}",
        10,
        0,
        noon,
        noon,
        (HourlyCount("h-1", noon, "flow", 9, out, 5, 0), HourlyCount("h-1", noon, "dns", 1, 0, 0, 0)),
        tuple(rows if place % 10 == 0 else []),
        (CertificateCount("h-1", day, 4, int(place % 7 == 0)),),
        (NameSpread("h-1", day, "example.net", 200, 30.0, 3.8, marks),) if place % 20 == 0 else (),
        (Calls("h-1", "203.0.113.5", 443, day, tuple(range(start - 43_200, start + 43_200, 600)), (100,) * 144),),
    )


def test_the_table_says_the_same_as_the_files_after_months(houses: Houses) -> None:
    batches = [a_day(FIRST + timedelta(days=place)) for place in range(DAYS)]
    houses.take(*batches)
    with houses.office() as office:
        from_table = indicators_of(office.hours.counts(houses.town.object_id, NOW))
    assert from_table == indicators(batches)
    raised = {each.code for each in from_table if each.raised}
    assert raised == {"beacons", "cleartext_logins", "dns_tunnel", "expired_certificates", "outbound_volume"}


def test_a_file_cut_into_pieces_says_what_the_whole_said(houses: Houses, tmp_path: Path) -> None:
    lines = (files("ringwall.catalogue") / "lab" / "eve.ndjson").read_text("utf-8").splitlines(keepends=True)
    whole, pieces = tmp_path / "whole.json", [tmp_path / f"piece-{number}.json" for number in range(4)]
    whole.write_text("".join(lines))
    batches = []
    for number, path in enumerate(pieces):
        path.write_text("".join(lines[number::4]))
    for path in (whole, *pieces):
        batch = ingest(path, key=KEY, inside=INSIDE)
        assert isinstance(batch, TrafficBatch), batch
        batches.append(batch)
    houses.take(*batches[1:])
    with houses.office() as office:
        from_table = indicators_of(office.hours.counts(houses.town.object_id, NOW))
        variety = office.hours.variety(houses.town.object_id)
    assert [(i.code, i.host, i.day, i.raised) for i in from_table] == [
        (i.code, i.host, i.day, i.raised) for i in indicators(batches[:1])
    ]
    houses.take(batches[0], sensor="second")
    with houses.office() as office:
        assert office.hours.variety(houses.town.object_id) == variety, "the same things seen again are no more things"


def test_the_same_content_adds_nothing_under_whatever_name(houses: Houses) -> None:
    batch = a_day(FIRST)
    houses.take(batch, batch)
    with houses.office() as office:
        file = SensorFile("eve-renamed.json", 100, 5)
        take_file(office, houses.town.object_id, file, batch, at=NOW, sensor="main")
    with houses.office() as office:
        counted = office.hours.counts(houses.town.object_id, NOW).hourly
        assert sum(row.events for row in counted) == sum(row.events for row in batch.hourly)
        assert office.hours.noted(houses.town.object_id, "main") == {file}
        (receipt,) = office.traffic.of_object(houses.town.object_id)
        assert (receipt.record.sha256, receipt.record.hourly, receipt.record.calls) == (batch.sha256, (), ())


def test_rows_go_after_ninety_days_and_the_indicators_stay(houses: Houses) -> None:
    houses.take(*(a_day(FIRST + timedelta(days=place)) for place in range(0, DAYS, 10)))
    object_id = houses.town.object_id
    with houses.office() as office:
        before = indicators_of(office.hours.counts(object_id, NOW))
        last = datetime(2026, 9, 28, tzinfo=UTC)
        assert office.hours.forget(object_id, last) == 3, "those of 1 to 21 June"
        assert office.hours.forget(object_id, last) == 0, "a second time nothing is left to do"
    with houses.office() as office:
        assert indicators_of(office.hours.counts(object_id, NOW)) == before


def test_what_was_not_known_yet_does_not_count(houses: Houses) -> None:
    houses.take(a_day(FIRST))
    with houses.office() as office:
        assert office.hours.counts(houses.town.object_id, NOW - timedelta(seconds=1)).hourly == ()


def test_the_lead_reads_the_hours_and_a_stranger_none(houses: Houses) -> None:
    houses.take(a_day(FIRST))
    for organisation, rows in ((houses.town.lead, 2), (houses.town.follower, 0), (houses.town.strangers["insurer"], 0)):
        with houses.office(organisation) as office:
            assert len(office.hours.counts(houses.town.object_id, NOW).hourly) == rows
