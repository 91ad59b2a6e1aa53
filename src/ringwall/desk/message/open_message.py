"""A person opens a message of their inbox: with that it is delivered and read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office
from ringwall.monitoring import Channel, DeliveryReceipt, Mark, Message, take_receipt


def open_message(office: Office, message_id: UUID, *, by: str, at: datetime) -> Message | Refusal:
    """The message with its receipts; who opens it again changes nothing."""
    message = office.post.received(message_id)
    if message is None:
        return message_unknown(message_id)
    opened = message
    for mark in (Mark.DELIVERED, Mark.READ):
        taken = take_receipt(opened, DeliveryReceipt(Channel.INBOX, mark, "", at, by))
        if isinstance(taken, Refusal):
            return taken
        opened = taken
    if opened is not message:
        office.post.keep(message, opened.receipts[len(message.receipts) :])
    return opened


def message_unknown(message_id: UUID) -> Refusal:
    """Deliberately the same for what does not exist and for what was sent to others."""
    return refuse(
        "message_unknown",
        str(message_id),
        zh=f"贵机构的收件箱中没有消息 {message_id}；请从收件箱打开。",
        en=f"Your inbox holds no message {message_id}; open it from the inbox.",
    )
