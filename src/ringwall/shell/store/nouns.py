"""The shelves: one append-only table a noun, read and written as frozen records inside the walls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.desk.doors import Row
from ringwall.shell.store.codec import decode, encode

T = TypeVar("T")


class NounShelf(Generic[T]):
    """The histories of one noun; `record` is the type of its bodies."""

    def __init__(self, connection: Connection[DictRow], me: UUID, noun: str, record: type[T]) -> None:
        self._connection = connection
        self._me = me
        self._noun = noun
        self._table = sql.Identifier("ringwall", noun)
        self._record = record

    def newest(self, number: str) -> Row[T] | None:
        rows = self._select("where number = %s order by version desc limit 1", (number,))
        return rows[0] if rows else None

    def history(self, number: str) -> tuple[Row[T], ...]:
        return self._select("where number = %s order by version", (number,))

    def of_object(self, object_id: UUID) -> tuple[Row[T], ...]:
        """The newest version of each thing of one object, in order of number."""
        return self._newest_of_each("where object_id = %s", (object_id,))

    def all(self) -> tuple[Row[T], ...]:
        """The newest version of everything that the acting organisation may see, in order of number."""
        return self._newest_of_each("", ())

    def add(
        self,
        number: str,
        record: T,
        *,
        object_id: UUID,
        effective_at: datetime,
        known_at: datetime,
        state: str = "",
    ) -> Row[T]:
        query = sql.SQL(
            "insert into {table} (owner_id, object_id, number, version, state, effective_at, known_at, body) "
            "select %(me)s, %(object)s, %(number)s, coalesce(max(version), 0) + 1, %(state)s, %(effective)s, "
            "%(known)s, %(body)s from {table} where object_id = %(object)s and number = %(number)s returning *"
        ).format(table=self._table)
        values = {
            "me": self._me,
            "object": object_id,
            "number": number,
            "state": state,
            "effective": effective_at,
            "known": known_at,
            "body": Jsonb(encode(record)),
        }
        stored = self._connection.execute(query, values).fetchone()
        assert stored is not None, "an insert gives back its row"
        return self._row(stored)

    def _newest_of_each(self, where: str, values: tuple[object, ...]) -> tuple[Row[T], ...]:
        query = sql.SQL("select distinct on (number) * from {table} {where} order by number, version desc").format(
            table=self._table, where=sql.SQL(cast(Any, where))
        )
        return self._rows(self._connection.execute(query, values))

    def _select(self, rest: str, values: tuple[object, ...]) -> tuple[Row[T], ...]:
        query = sql.SQL("select * from {table} {rest}").format(table=self._table, rest=sql.SQL(cast(Any, rest)))
        return self._rows(self._connection.execute(query, values))

    def _rows(self, stored: Iterable[DictRow]) -> tuple[Row[T], ...]:
        return tuple(self._row(row) for row in stored)

    def _row(self, stored: DictRow) -> Row[T]:
        return Row(
            id=stored["id"],
            owner_id=stored["owner_id"],
            object_id=stored["object_id"],
            number=stored["number"],
            version=stored["version"],
            state=stored["state"],
            effective_at=stored["effective_at"],
            known_at=stored["known_at"],
            record=decode(self._record, stored["body"]),
        )
