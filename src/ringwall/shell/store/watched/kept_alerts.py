"""The alerts that stand, kept for each reader: a row holds as long as nothing that it rests on has changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.desk.doors import AlertMark
from ringwall.monitoring import KeptAlerts
from ringwall.shell.store.codec import decode, encode

# How much is known of each object by an instant, how many alerts its sensors gave, what became of the reader's own
# messages about it, and as what the reader sees it.
MARKS = """
with marked as (
    select o.id, o.number,
        concat_ws(':', %(edition)s::text, coalesce(c.rows, 0), coalesce(t.alerts, 0), coalesce(p.receipts, 0),
            g.roles) as mark
    from ringwall.object o
    join (select distinct object_id from ringwall.submission where known_at <= %(at)s) s on s.object_id = o.id
    left join (select object_id, count(*) as rows from ringwall.object_change where known_at <= %(at)s
               group by object_id) c on c.object_id = o.id
    left join (select object_id, sum(alerts) as alerts from ringwall.sensor_tail group by object_id) t
        on t.object_id = o.id
    left join (select m.object_id, count(*) as receipts
               from ringwall.message m join ringwall.message_receipt r on r.message_id = m.id
               where m.sender_id = %(me)s and r.mark in ('failed', 'delivered') and r.at <= %(at)s
               group by m.object_id) p on p.object_id = o.id
    left join (select object_id, string_agg(distinct role, ',' order by role) as roles from ringwall.object_grant
               where organisation_id = %(me)s and now() >= valid_from and now() < valid_until
               group by object_id) g on g.object_id = o.id
)
select marked.id, marked.number, marked.mark, k.body from marked
left join ringwall.kept_alerts k on k.object_id = marked.id and k.owner_id = %(me)s and k.mark = marked.mark
    and k.made_at <= %(at)s and %(at)s < k.holds_until
order by marked.number
"""
KEEP = """
insert into ringwall.kept_alerts as kept (owner_id, object_id, mark, made_at, holds_until, body)
values (%(me)s, %(object)s, %(mark)s, %(made_at)s, %(until)s, %(body)s)
on conflict (owner_id, object_id) do update set
    mark = excluded.mark, made_at = excluded.made_at, holds_until = excluded.holds_until, body = excluded.body
where kept.made_at <= excluded.made_at
"""


class KeptAlertRows:
    """Implements `ringwall.desk.doors.AlertShelf`."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def marks(self, edition: str, at: datetime) -> tuple[AlertMark, ...]:
        rows = self._connection.execute(MARKS, {"me": self._me, "edition": edition, "at": at})
        return tuple(
            AlertMark(
                row["id"],
                row["number"],
                row["mark"],
                None if row["body"] is None else decode(KeptAlerts, row["body"]),
            )
            for row in rows
        )

    def keep(self, of: AlertMark, kept: KeptAlerts, at: datetime) -> None:
        """An older look never takes the place of a newer one."""
        values = {"me": self._me, "object": of.object_id, "mark": of.mark, "made_at": at, "until": kept.until}
        self._connection.execute(KEEP, {**values, "body": Jsonb(encode(kept))})
