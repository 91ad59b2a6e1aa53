"""Messages as rows, read with everything that became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import DictRow

from ringwall.basics import Words
from ringwall.monitoring import Channel, DeliveryReceipt, Mark, Message
from ringwall.shell.store.codec import decode

SELECT_MESSAGES = (
    "select m.*, coalesce((select jsonb_agg(jsonb_build_object('channel', r.channel, 'mark', r.mark, 'to', r.sent_to, "
    "'at', r.at, 'proof', r.proof) order by r.id) from ringwall.message_receipt r where r.message_id = m.id), '[]') "
    "as receipts from ringwall.message m "
)
INSERT_RECEIPT = (
    "insert into ringwall.message_receipt (message_id, owner_id, sender_id, channel, mark, sent_to, at, proof) "
    "values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (message_id, channel, sent_to, mark) do nothing"
)
"""The same receipt twice is one row."""


def message_of(row: DictRow) -> Message:
    return Message(
        id=row["id"],
        sender=row["sender_id"],
        addressee=row["owner_id"],
        object_id=row["object_id"],
        topic=row["topic"],
        about=row["about"],
        subject=decode(Words, row["body"]["subject"]),
        text=decode(Words, row["body"]["text"]),
        link=row["body"]["link"],
        written_at=row["written_at"],
        receipts=decode(tuple[DeliveryReceipt, ...], row["receipts"]),
    )


def receipt_values(message: Message, receipts: Sequence[DeliveryReceipt]) -> list[tuple[Any, ...]]:
    """What `INSERT_RECEIPT` takes, for each of a message's receipts."""
    whose = (message.id, message.addressee, message.sender)
    return [(*whose, Channel(r.channel), Mark(r.mark), r.to, r.at, r.proof) for r in receipts]
