"""How far each live sensor was read, and its alerts, as rows that move in one transaction."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.evidence import Checkpoint, Interesting, Kind, TailStep

NO_PORT = -1
BEGIN = (
    "insert into ringwall.sensor_tail (owner_id, object_id, sensor, inode, byte_offset, crc, modified_ns, lines, "
    "alerts, rejected) values (%(me)s, %(object)s, %(sensor)s, %(inode)s, %(offset)s, %(crc)s, %(modified_ns)s, "
    "%(lines)s, %(alerts)s, %(rejected)s) on conflict do nothing"
)
ADVANCE = (
    "update ringwall.sensor_tail set inode = %(inode)s, byte_offset = %(offset)s, crc = %(crc)s, "
    "modified_ns = %(modified_ns)s, lines = lines + %(lines)s, alerts = alerts + %(alerts)s, "
    "rejected = rejected + %(rejected)s, read_at = now() where object_id = %(object)s and sensor = %(sensor)s "
    "and (inode, byte_offset, crc) = (%(old_inode)s, %(old_offset)s, %(old_crc)s)"
)
RAISE = (
    "insert into ringwall.sensor_alert as known (owner_id, object_id, sensor, day, host, peer, port, severity, detail, "
    "first_at, last_at, events) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
    "on conflict (object_id, sensor, day, host, peer, port, severity, detail) do update set "
    "events = known.events + excluded.events, first_at = least(known.first_at, excluded.first_at), "
    "last_at = greatest(known.last_at, excluded.last_at) returning xmax = 0 as is_new"
)


class TailRows:
    """The live sensors of the objects that the acting organisation may see."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def checkpoint(self, object_id: UUID, sensor: str) -> Checkpoint | None:
        row = self._connection.execute(
            "select inode, byte_offset, crc, modified_ns from ringwall.sensor_tail "
            "where object_id = %s and sensor = %s",
            (object_id, sensor),
        ).fetchone()
        return None if row is None else Checkpoint(row["inode"], row["byte_offset"], row["crc"], row["modified_ns"])

    def advance(self, object_id: UUID, step: TailStep) -> tuple[Interesting, ...] | None:
        """The row of the checkpoint is the lock: of two that start from the same one only the first moves it."""
        before, after = step.before, step.after
        values: dict[str, object] = {
            "me": self._me,
            "object": object_id,
            "sensor": step.sensor,
            "inode": after.inode,
            "offset": after.offset,
            "crc": after.crc,
            "modified_ns": after.modified_ns,
            "lines": step.lines,
            "alerts": sum(alert.events for alert in step.alerts),
            "rejected": step.rejected,
        }
        if before is not None:
            values |= {"old_inode": before.inode, "old_offset": before.offset, "old_crc": before.crc}
        moved = self._connection.execute(BEGIN if before is None else ADVANCE, values)
        if moved.rowcount != 1:
            return None
        return tuple(alert for alert in step.alerts if self._raise(object_id, step.sensor, alert))

    def alerts(self, object_id: UUID) -> tuple[Interesting, ...]:
        rows = self._connection.execute(
            "select * from ringwall.sensor_alert where object_id = %s order by last_at desc, host, peer, detail",
            (object_id,),
        )
        return tuple(_alert(row) for row in rows)

    def _raise(self, object_id: UUID, sensor: str, alert: Interesting) -> bool:
        port = NO_PORT if alert.port is None else alert.port
        place = (self._me, object_id, sensor, alert.day, alert.host, alert.peer, port, alert.severity or 0)
        row = self._connection.execute(
            RAISE, (*place, alert.detail, alert.first_at, alert.last_at, alert.events)
        ).fetchone()
        assert row is not None, "an upsert gives back its row"
        return bool(row["is_new"])


def _alert(row: DictRow) -> Interesting:
    port = None if row["port"] == NO_PORT else row["port"]
    instants = (row["first_at"], row["last_at"])
    return Interesting(
        Kind.ALERT, row["host"], row["peer"], port, row["day"], *instants, row["events"], row["severity"], row["detail"]
    )
