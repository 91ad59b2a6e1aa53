"""The register of qualifications: a provider adds to its own, everybody who is signed in reads."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.service import Qualification


class QualificationRows:
    """Implements `ringwall.desk.doors.Qualifications`; nothing on the register is changed or taken away."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def of(self, provider: UUID) -> tuple[Qualification, ...]:
        rows = self._connection.execute(
            "select scheme, direction, grade, certificate, valid_from, expires_on from ringwall.qualification "
            "where owner_id = %s order by recorded_at, certificate",
            (provider,),
        )
        return tuple(Qualification(**row) for row in rows)

    def add(self, qualification: Qualification) -> None:
        """One certificate more of the acting provider; the same one again changes nothing."""
        of = qualification
        self._connection.execute(
            "insert into ringwall.qualification (owner_id, scheme, direction, grade, certificate, valid_from, "
            "expires_on) values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (self._me, of.scheme, of.direction, of.grade, of.certificate, of.valid_from, of.expires_on),
        )
