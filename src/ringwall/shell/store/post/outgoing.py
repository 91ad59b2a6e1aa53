"""What the worker has still to carry out of the house, read and settled as the owner of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from ringwall.desk.doors import Parcel, SendingState
from ringwall.monitoring import Channel, DeliveryReceipt, Mark
from ringwall.shell.store.post.rows import INSERT_RECEIPT, SELECT_MESSAGES, message_of, receipt_values

PLAN = (
    "insert into jobs.sending (message_id, person_id, channel, due_at) "
    "select m.id, p.id, %(channel)s, %(at)s from ringwall.message m join ringwall.person p on p.owner_id = m.owner_id "
    "where m.outbox_id = %(letter)s and (case %(channel)s when 'smtp' then p.email else p.phone end) <> '' "
    "on conflict do nothing"
)
OPEN_WAY = (
    "insert into jobs.sending (message_id, person_id, channel, due_at) "
    "select m.id, p.id, %(channel)s, %(at)s from ringwall.message m join ringwall.person p on p.owner_id = m.owner_id "
    "where m.id = %(message)s and p.id = %(person)s "
    "and (case %(channel)s when 'smtp' then p.email else p.phone end) <> '' on conflict do nothing"
)
PARCELS = (
    "select m.*, s.person_id, s.attempts, p.language, "
    "coalesce(case s.channel when 'smtp' then p.email else p.phone end, '') as reached_at "
    "from jobs.sending s join (" + SELECT_MESSAGES + ") m on m.id = s.message_id "
    "join ringwall.person p on p.id = s.person_id "
)
DUE = PARCELS + "where s.channel = %s and s.state = %s and s.due_at <= %s order by s.due_at, s.message_id limit %s"
ONE = PARCELS + "where s.message_id = %s and s.person_id = %s and s.channel = %s"


class OutgoingRows:
    """Implements `ringwall.desk.doors.Outgoing`; each call is a transaction of its own."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def plan(self, letter: UUID, channels: Iterable[Channel], at: datetime) -> None:
        for channel in channels:
            self._connection.execute(PLAN, {"letter": letter, "channel": channel.value, "at": at})

    @contextmanager
    def alone(self, channel: Channel) -> Iterator[None]:
        lock = (f"sending:{channel.value}",)
        self._connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", lock)
        try:
            yield
        finally:
            self._connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", lock)

    def waiting(self, channel: Channel, at: datetime, most: int) -> tuple[Parcel, ...]:
        return self._due(channel, "waiting", at, most)

    def handed_over(self, channel: Channel, at: datetime, most: int) -> tuple[Parcel, ...]:
        return self._due(channel, "handed", at, most)

    def settle(
        self, parcel: Parcel, receipts: Sequence[DeliveryReceipt], state: SendingState, due_at: datetime
    ) -> None:
        message = parcel.message
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(INSERT_RECEIPT, receipt_values(message, receipts))
            cursor.execute(
                "update jobs.sending set state = %s, attempts = attempts + 1, due_at = %s "
                "where message_id = %s and person_id = %s and channel = %s",
                (state, due_at, message.id, parcel.person, parcel.channel.value),
            )
            if any(receipt.mark is Mark.DELIVERED for receipt in receipts):
                cursor.execute("select jobs.wake_clock(%s, %s)", (message.sender, message.object_id))

    def handed_in(self, message: UUID, person: UUID, channel: Channel) -> Parcel | None:
        row = self._connection.execute(ONE.encode(), (message, person, channel.value)).fetchone()
        return _parcel(row, channel) if row else None

    def open_way(self, message: UUID, person: UUID, channel: Channel, at: datetime) -> bool:
        named = {"message": message, "person": person, "channel": channel.value, "at": at}
        return self._connection.execute(OPEN_WAY, named).rowcount == 1

    def try_again(self, at: datetime) -> int:
        """Everything that was given up waits again, from the first attempt; gives how many."""
        again = self._connection.execute(
            "update jobs.sending set state = 'waiting', attempts = 0, due_at = %s where state = 'dead'", (at,)
        )
        return again.rowcount

    def given_up(self, at: datetime) -> tuple[Parcel, ...]:
        """Dead letters, those that were given up first at the top."""
        found = (self._due(channel, "dead", at, None) for channel in (Channel.SMTP, Channel.SMS))
        return tuple(parcel for parcels in found for parcel in parcels)

    def _due(self, channel: Channel, state: SendingState, at: datetime, most: int | None) -> tuple[Parcel, ...]:
        rows = self._connection.execute(DUE.encode(), (channel.value, state, at, most))
        return tuple(_parcel(row, channel) for row in rows)


def _parcel(row: DictRow, channel: Channel) -> Parcel:
    return Parcel(message_of(row), row["person_id"], channel, row["reached_at"], row["language"], row["attempts"])


@contextmanager
def outgoing_rows(owner_url: str) -> Iterator[OutgoingRows]:
    """A connection of the worker; what it does is committed call by call."""
    with Connection[DictRow].connect(owner_url, row_factory=dict_row, autocommit=True) as connection:
        yield OutgoingRows(connection)
