"""The editions of feeds that an insurer has taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.evidence import KevEdition
from ringwall.shell.store.codec import decode, encode


class EditionRows:
    """What the acting insurer has taken, and what others did where they are named; none is ever changed."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def entries(self, feed: str) -> frozenset[str] | None:
        self._connection.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"edition:{self._me}:{feed}",)
        )
        rows = self._connection.execute(
            "select distinct unnest(entries) as entry from ringwall.feed_edition where owner_id = %s and feed = %s",
            (self._me, feed),
        ).fetchall()
        return frozenset(row["entry"] for row in rows) or None

    def add(self, feed: str, version: str, dated: date, source: str, at: datetime) -> None:
        self._connection.execute(
            "insert into ringwall.feed_edition (owner_id, feed, version, dated, entries, source, taken_at) "
            "values (%s, %s, %s, %s, %s, %s, %s)",
            (self._me, feed, version, dated, [], source, at),
        )

    def add_whole(self, feed: str, edition: KevEdition, at: datetime) -> None:
        self._connection.execute(
            "insert into ringwall.feed_edition (owner_id, feed, version, dated, entries, source, taken_at, body) "
            "values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                self._me,
                feed,
                edition.version,
                edition.dated,
                sorted(edition.entries),
                edition.source.en,
                at,
                Jsonb(encode(edition)),
            ),
        )

    def whole(self, feed: str, takers: Sequence[UUID], at: datetime) -> KevEdition | None:
        row = self._connection.execute(
            "select body from ringwall.feed_edition where owner_id = any(%s) and feed = %s and taken_at <= %s "
            "and body is not null order by dated desc, taken_at desc, id desc limit 1",
            (list(takers), feed, at),
        ).fetchone()
        return None if row is None else decode(KevEdition, row["body"])

    def newest(self) -> tuple[tuple[str, str, date, datetime], ...]:
        rows = self._connection.execute(
            "select distinct on (feed) feed, version, dated, taken_at from ringwall.feed_edition where owner_id = %s "
            "order by feed, taken_at desc, id desc",
            (self._me,),
        )
        return tuple((row["feed"], row["version"], row["dated"], row["taken_at"]) for row in rows)
