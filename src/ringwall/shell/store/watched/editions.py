"""The editions of feeds that an insurer has taken."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.basics import local_day
from ringwall.evidence import EpssTable, KevEdition
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

    def add_scores(self, feed: str, table: EpssTable, source: str, at: datetime) -> None:
        packed = zlib.compress(msgspec.json.encode(table.pairs))
        digest, day = hashlib.sha256(packed).hexdigest(), table.score_date
        self._connection.execute(
            "insert into ringwall.feed_edition (owner_id, feed, version, dated, entries, source, taken_at, digest, "
            "scores) select %(me)s, %(feed)s, %(version)s, %(dated)s, '{}', %(source)s, %(at)s, %(digest)s, "
            "case when exists (select from ringwall.feed_edition where digest = %(digest)s and scores is not null) "
            "then null else %(packed)s::bytea end",
            {
                "me": self._me,
                "feed": feed,
                "version": day.isoformat(),
                "dated": day,
                "source": source,
                "at": at,
                "digest": digest,
                "packed": packed,
            },
        )

    def scores(self, feed: str, takers: Sequence[UUID], at: datetime) -> EpssTable | None:
        row = self._connection.execute(
            "select taken.dated, kept.scores from ringwall.feed_edition taken join ringwall.feed_edition kept "
            "on kept.digest = taken.digest and kept.scores is not null where taken.owner_id = any(%s) "
            "and taken.feed = %s and taken.taken_at <= %s and taken.dated <= %s "
            "order by taken.dated desc, taken.taken_at desc, taken.id desc limit 1",
            (list(takers), feed, at, local_day(at)),
            binary=True,
        ).fetchone()
        return None if row is None else EpssTable(row["dated"], _unpacked(row["scores"]))

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


@lru_cache(maxsize=2)
def _unpacked(scores: bytes) -> Mapping[str, tuple[float, float]]:
    """Some 360,000 rows take a tenth of a second, and every look of a day asks for the same ones."""
    return msgspec.json.decode(zlib.decompress(scores), type=dict[str, tuple[float, float]])
