"""How a write is made once: idempotency keys, and numbers under a lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import Json
from ringwall.shell.store.codec import decode, encode

T = TypeVar("T")


class OnceRows:
    """The same key with the same content gives the stored answer; with other content it is its own refusal."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def __call__(self, key: str, content: Json, answer: type[T], work: Callable[[], T | Refusal]) -> T | Refusal:
        fingerprint = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).digest()
        self._connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"once:{self._me}:{key}",))
        stored = self._stored(key)
        if stored is not None:
            return decode(answer, stored["response"]) if stored["fingerprint"] == fingerprint else _key_reused(key)
        result = work()
        if not isinstance(result, Refusal):
            self._connection.execute(
                "insert into ringwall.idempotency (owner_id, key, fingerprint, response) values (%s, %s, %s, %s)",
                (self._me, key, fingerprint, Jsonb(encode(result))),
            )
        return result

    def recall(self, key: str, answer: type[T]) -> T | None:
        stored = self._stored(key)
        return None if stored is None else decode(answer, stored["response"])

    def _stored(self, key: str) -> DictRow | None:
        return self._connection.execute(
            "select fingerprint, response from ringwall.idempotency where owner_id = %s and key = %s", (self._me, key)
        ).fetchone()


def _key_reused(key: str) -> Refusal:
    return refuse(
        "idempotency_key_reused",
        key,
        zh=f"幂等键 {key} 已用于内容不同的另一请求；请为新请求换一个键，或按原内容重发。",
        en=f"Idempotency key {key} was used for a request with other content; "
        "send the new request with a new key, or the old one unchanged.",
    )


class NumberRows:
    """Series without gaps: a number that a rolled-back transaction drew was never drawn."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def next(self, series: str) -> str:
        row = self._connection.execute(
            "insert into ringwall.number_series (owner_id, series, last) values (%s, %s, 1) "
            "on conflict (owner_id, series) do update set last = number_series.last + 1 returning last",
            (self._me, series),
        ).fetchone()
        assert row is not None, "an upsert gives back its row"
        return f"{series}-{row['last']:06d}"
