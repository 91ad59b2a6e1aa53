"""The hour table: what closed files counted, added up file by file, and read back by the day for the indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.basics import SHANGHAI, local_day
from ringwall.desk.doors import Variety
from ringwall.evidence import (
    CertificateCount,
    Counts,
    Interesting,
    Kind,
    SensorFile,
    TrafficBatch,
    distinct,
    merged,
)
from ringwall.shell.store.watched import hour_statements as statements
from ringwall.shell.store.watched.hour_rows import call_row, calls_of, day_row, login_of, names_of, names_row

ROWS_KEPT = timedelta(days=90)
"""Rows of interest name hosts and peers. Source: none (our own rule; docs/sensor.md)."""
CALLS_SETTLE = timedelta(days=7)
"""After that no file of the day can come any more: pairs with too few calls to be a beacon keep no instants."""
NONE_GIVEN = -1


class HourRows:
    """The counted traffic of the objects that the acting organisation may see."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def hold(self, object_id: UUID, sensor: str) -> None:
        self._connection.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"hours:{object_id}:{sensor}",)
        )

    def add(self, object_id: UUID, sensor: str, batch: TrafficBatch) -> None:
        place = (self._me, object_id, sensor)
        self._columns(statements.HOURS, place, batch.hourly)
        days: list[tuple[object, ...]] = [
            (c.host, c.day, "certificate", c.shown, c.expired) for c in batch.certificates
        ]
        logins: defaultdict[tuple[str, date, str], int] = defaultdict(int)
        for row in batch.interesting:
            if row.kind is Kind.CLEARTEXT_LOGIN:
                logins[row.host, row.day, f"login {row.detail}"] += row.events
        days += [(*key, events, 0) for key, events in logins.items()]
        self._columns(statements.DAYS, place, days)
        self._columns(statements.NAMES, place, [names_row(spread) for spread in batch.names])
        self._columns(statements.CALLS, place, [call_row(calls) for calls in batch.calls])
        self._columns(statements.ROWS, place, [_interesting_row(row) for row in batch.interesting])
        self._add_sketches(place, batch)

    def note(self, object_id: UUID, sensor: str, file: SensorFile, sha256: str) -> None:
        self._connection.execute(statements.NOTE, (self._me, object_id, sensor, *file, sha256))

    def noted(self, object_id: UUID, sensor: str) -> frozenset[SensorFile]:
        rows = self._connection.execute(statements.NOTED, (object_id, sensor))
        return frozenset(SensorFile(row["name"], row["size_bytes"], row["modified_ns"]) for row in rows)

    def counts(self, object_id: UUID, at: datetime, since: date = date.min) -> Counts:
        """What was known at an instant: days up to the last event of a file that was on record by then."""
        asked = {"object": object_id, "at": at, "zone": str(SHANGHAI), "since": since}
        last = self._connection.execute(statements.LAST_KNOWN, asked).fetchone()
        if last is None or last["last_at"] is None:
            return Counts((), (), (), (), ())
        asked |= {"until": local_day(last["last_at"]), "last_at": last["last_at"]}
        days = self._all(statements.READ_DAYS, asked)
        return Counts(
            tuple(day_row(row) for row in self._all(statements.READ_HOURS, asked)),
            tuple(login_of(row) for row in days if row["what"].startswith("login ")),
            tuple(
                CertificateCount(row["host"], row["day"], row["events"], row["bad"])
                for row in days
                if row["what"] == "certificate"
            ),
            tuple(names_of(row) for row in self._all(statements.READ_NAMES, asked)),
            tuple(calls_of(row) for row in self._all(statements.READ_CALLS, asked)),
        )

    def variety(self, object_id: UUID, since: date = date.min) -> tuple[Variety, ...]:
        rows = self._all(statements.READ_SKETCHES, {"object": object_id, "since": since})
        days: defaultdict[tuple[date, str], list[bytes]] = defaultdict(list)
        for row in rows:
            days[row["day"], row["what"]].append(row["registers"])
        return tuple(Variety(*key, distinct(reduce(merged, sketches))) for key, sketches in sorted(days.items()))

    def forget(self, object_id: UUID, at: datetime) -> int:
        before = local_day(at - ROWS_KEPT)
        gone = sum(
            self._connection.execute(statement, (object_id, self._me, before)).rowcount
            for statement in (statements.FORGET_ROWS, statements.FORGET_ALERTS)
        )
        self._connection.execute(statements.FORGET_CALLS, (object_id, self._me, local_day(at - CALLS_SETTLE)))
        return gone

    def _all(self, statement: str, asked: dict[str, object]) -> list[DictRow]:
        return self._connection.execute(statement.encode(), asked).fetchall()

    def _columns(self, statement: str, place: tuple[UUID, UUID, str], rows: Iterable[Sequence[object]]) -> None:
        """All rows in one statement, column by column, since a file may bring tens of thousands."""
        if columns := [list(column) for column in zip(*rows, strict=True)]:
            self._connection.execute(statement.encode(), (*place, *columns))

    def _add_sketches(self, place: tuple[UUID, UUID, str], batch: TrafficBatch) -> None:
        """Merged here, under the lock of `hold`: the database knows no greatest byte by byte."""
        if not batch.sketches:
            return
        _, object_id, sensor = place
        days = list({sketch.day for sketch in batch.sketches})
        known = {
            (row["host"], row["day"], row["what"]): row["registers"]
            for row in self._connection.execute(statements.KNOWN_SKETCHES, (object_id, sensor, days))
        }
        rows = []
        for *key, registers in batch.sketches:
            before = known.get((key[0], key[1], key[2]))
            rows.append((*key, registers if before is None else merged(before, registers)))
        self._columns(statements.SKETCHES, place, rows)


def _interesting_row(row: Interesting) -> tuple[object, ...]:
    port = NONE_GIVEN if row.port is None else row.port
    severity = NONE_GIVEN if row.severity is None else row.severity
    key = (row.kind.value, row.host, row.peer, port, row.day, severity, row.detail)
    return (*key, row.first_at, row.last_at, row.events)
