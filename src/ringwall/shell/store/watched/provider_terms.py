"""What stands between providers and insurers beside qualifications, as rows: who is suspended by whom."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.service import Suspension


class ProviderTermRows:
    """Implements `ringwall.desk.doors.ProviderTerms`; nothing is changed or taken away."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def suspension(self, provider: UUID, insurer: UUID) -> Suspension | None:
        row = self._connection.execute(
            "select suspended, decided_by, decided_at, reason from ringwall.suspension "
            "where provider_id = %s and owner_id = %s order by id desc limit 1",
            (provider, insurer),
        ).fetchone()
        return Suspension(row["suspended"], row["decided_by"], row["decided_at"], row["reason"]) if row else None

    def suspend(self, provider: UUID, decision: Suspension) -> None:
        of = decision
        self._connection.execute(
            "insert into ringwall.suspension (owner_id, provider_id, suspended, decided_by, decided_at, reason) "
            "values (%s, %s, %s, %s, %s, %s)",
            (self._me, provider, of.suspended, of.by, of.at, of.reason),
        )
