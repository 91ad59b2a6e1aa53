"""The journal of each organisation and the panel's chain of postings, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.desk.doors import BookedMovement, Movement, PanelLine

TRANSFERS = UUID("5b0e6f2e-2f53-4f0e-9c0e-6d0f6a1d7a10")
"""Namespace of transfer ids: the same entry and line of the same books is the same transfer."""


class JournalRows:
    """The acting organisation's own books; entering the same entry again changes nothing."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def enter(
        self,
        entry: str,
        movements: Sequence[Movement],
        *,
        object_id: UUID,
        effective_on: date,
        known_at: datetime,
        reference: str,
    ) -> None:
        for line, movement in enumerate(movements, start=1):
            self._connection.execute(
                "insert into ringwall.transfer (id, owner_id, object_id, entry, line, debit, credit, amount_minor, "
                "currency, effective_on, known_at, reference) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    uuid5(TRANSFERS, f"{self._me}:{entry}:{line}"),
                    self._me,
                    object_id,
                    entry,
                    line,
                    movement.debit,
                    movement.credit,
                    movement.amount_minor,
                    movement.currency,
                    effective_on,
                    known_at,
                    reference,
                ),
            )

    def of_object(self, object_id: UUID) -> tuple[BookedMovement, ...]:
        return self._read("and object_id = %s", (object_id,))

    def all(self) -> tuple[BookedMovement, ...]:
        return self._read("", ())

    def _read(self, condition: str, values: tuple[object, ...]) -> tuple[BookedMovement, ...]:
        rows = self._connection.execute(
            # the condition is one of the two texts above, never input
            f"select * from ringwall.transfer where owner_id = ringwall.me() {condition} "
            "order by known_at, entry, line",
            values,
        )
        return tuple(
            BookedMovement(
                entry=row["entry"],
                movement=Movement(row["debit"], row["credit"], row["amount_minor"], row["currency"]),
                effective_on=row["effective_on"],
                known_at=row["known_at"],
                reference=row["reference"],
                state=row["state"],
            )
            for row in rows
        )


class PanelRows:
    """The chain of postings of the panels that the acting organisation leads or follows."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def position(self, panel: str, kind: str) -> tuple[int, int]:
        last = self._connection.execute(
            "select number, running_total_minor from ringwall.panel_sequence(%s, %s, 'CNY')", (panel, kind)
        ).fetchone()
        return (last["number"], last["running_total_minor"]) if last else (0, 0)

    def post(self, object_id: UUID, lines: Sequence[PanelLine]) -> None:
        first = lines[0]
        self._connection.execute(
            "select ringwall.post_to_panel(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                object_id,
                first.panel,
                first.kind,
                first.number,
                first.posting,
                first.amount_minor,
                first.running_total_minor,
                [line.carrier for line in lines],
                [line.part_minor for line in lines],
                first.decided_by,
                first.effective_on,
                first.known_at,
            ),
        )

    def of_object(self, object_id: UUID) -> tuple[PanelLine, ...]:
        return self._read("where object_id = %s", (object_id,))

    def all(self) -> tuple[PanelLine, ...]:
        return self._read("", ())

    def _read(self, condition: str, values: tuple[object, ...]) -> tuple[PanelLine, ...]:
        rows = self._connection.execute(
            "select panel, kind, number, posting, owner_id as carrier, place, amount_minor, running_total_minor, "
            "part_minor, decided_by, effective_on, known_at from ringwall.panel_posting "
            f"{condition} order by panel, kind, number, place",
            values,
        )
        return tuple(PanelLine(**row) for row in rows)
