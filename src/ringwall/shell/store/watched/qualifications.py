"""The register of qualifications: a provider adds to its own, an insurer vets, everybody who is signed in reads."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.service import Qualification, Vetting


class QualificationRows:
    """Implements `ringwall.desk.doors.Qualifications`; nothing on the register is changed or taken away."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def of(self, provider: UUID) -> tuple[Qualification, ...]:
        rows = self._connection.execute(
            "select scheme, direction, grade, certificate, valid_from, expires_on, evidence_sha256, "
            'group_code as "group" from ringwall.qualification where owner_id = %s order by recorded_at, certificate',
            (provider,),
        )
        return tuple(Qualification(**row) for row in rows)

    def add(self, qualification: Qualification) -> None:
        """One certificate more of the acting provider; the same one again changes nothing."""
        of = qualification
        self._connection.execute(
            "insert into ringwall.qualification (owner_id, scheme, direction, grade, certificate, valid_from, "
            "expires_on, evidence_sha256, group_code) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) "
            "on conflict do nothing",
            (
                self._me,
                of.scheme,
                of.direction,
                of.grade,
                of.certificate,
                of.valid_from,
                of.expires_on,
                of.evidence_sha256,
                of.group,
            ),
        )

    def vettings(self, provider: UUID, insurer: UUID | None = None) -> tuple[Vetting, ...]:
        rows = self._connection.execute(
            "select certificate, accepted, vetted_by, vetted_at, evidence_sha256, reason from ringwall.vetting "
            "where provider_id = %(provider)s and (%(insurer)s::uuid is null or owner_id = %(insurer)s) order by id",
            {"provider": provider, "insurer": insurer},
        )
        return tuple(
            Vetting(
                row["certificate"],
                row["accepted"],
                row["vetted_by"],
                row["vetted_at"],
                row["evidence_sha256"],
                row["reason"],
            )
            for row in rows
        )

    def vet(self, provider: UUID, vetting: Vetting) -> None:
        of = vetting
        self._connection.execute(
            "insert into ringwall.vetting (owner_id, provider_id, certificate, accepted, vetted_by, vetted_at, "
            "evidence_sha256, reason) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (self._me, provider, of.certificate, of.accepted, of.by, of.at, of.evidence_sha256, of.reason),
        )
