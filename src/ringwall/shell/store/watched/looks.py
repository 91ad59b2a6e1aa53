"""Word to the queue that a look at an object's assets is waited for."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


class LookRows:
    """Implements `ringwall.desk.doors.Looks`; the word leaves with the transaction that wrote it."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def wake(self, object_id: UUID) -> None:
        self._connection.execute("select ringwall.wake_look(%s)", (object_id,))
