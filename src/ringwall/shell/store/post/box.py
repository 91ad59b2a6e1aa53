"""The outbox and the in-portal inbox of one organisation, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.desk.doors import Letter
from ringwall.monitoring import DeliveryReceipt, Mark, Message
from ringwall.shell.store.codec import encode
from ringwall.shell.store.post.rows import INSERT_RECEIPT, SELECT_MESSAGES, message_of, receipt_values

INSERT_LETTER = (
    "insert into ringwall.outbox (owner_id, object_id, topic, to_role, about, body, written_at) "
    "values (%s, %s, %s, %s, %s, %s, %s) returning id"
)
IS_READ = "exists (select from ringwall.message_receipt r where r.message_id = m.id and r.mark = 'read')"


class PostRows:
    """A letter is placed in the inboxes by its own transaction; the queue is told to carry it out of the house."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def send(self, letter: Letter) -> None:
        body = {"subject": encode(letter.subject), "text": encode(letter.text), "link": letter.link}
        row = self._connection.execute(
            INSERT_LETTER,
            (
                self._me,
                letter.object_id,
                letter.topic,
                letter.to_role,
                letter.about,
                Jsonb(body),
                letter.written_at,
            ),
        ).fetchone()
        assert row is not None, "an insert gives back its row"
        self._connection.execute("select ringwall.wake_post(%s)", (row["id"],))
        self._connection.execute("select ringwall.deliver(%s)", (row["id"],))

    def inbox(self) -> tuple[Message, ...]:
        return self._messages(f"where m.owner_id = %s order by {IS_READ}, m.written_at desc, m.id desc", self._me)

    def unread(self) -> int:
        row = self._connection.execute(
            f"select count(*) as n from ringwall.message m where m.owner_id = %s and not {IS_READ}",
            (self._me,),
        ).fetchone()
        assert row is not None, "a count gives back its row"
        return int(row["n"])

    def sent(self, object_id: UUID | None = None) -> tuple[Message, ...]:
        if object_id is None:
            return self._messages("where m.sender_id = %s order by m.written_at, m.id", self._me)
        return self._messages(
            "where m.sender_id = %s and m.object_id = %s order by m.written_at, m.id", self._me, object_id
        )

    def received(self, message: UUID) -> Message | None:
        found = self._messages("where m.id = %s and m.owner_id = %s", message, self._me)
        return found[0] if found else None

    def keep(self, message: Message, receipts: Sequence[DeliveryReceipt]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(INSERT_RECEIPT, receipt_values(message, receipts))
        if any(receipt.mark is Mark.DELIVERED for receipt in receipts):
            self._connection.execute("select ringwall.wake_clock(%s)", (message.id,))

    def _messages(self, where: str, *values: object) -> tuple[Message, ...]:
        rows = self._connection.execute((SELECT_MESSAGES + where).encode(), values)
        return tuple(message_of(row) for row in rows)
