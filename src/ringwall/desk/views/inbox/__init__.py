"""The inbox, one message, and what became of the messages that were sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.message.open_message import message_unknown
from ringwall.desk.office import Office
from ringwall.monitoring import CHANNEL_NAMES, MARK_NAMES, DeliveryReceipt, Message

SHOWN_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class MarkShown:
    """One receipt in words: over which channel, to which address, and what proves it."""

    receipt: DeliveryReceipt

    @property
    def mark(self) -> Words:
        return MARK_NAMES[self.receipt.mark]

    @property
    def channel(self) -> Words:
        return CHANNEL_NAMES[self.receipt.channel]


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message beside the party at its other end."""

    message: Message
    other: Words

    @property
    def marks(self) -> tuple[MarkShown, ...]:
        """In the order in which they happened."""
        return tuple(MarkShown(each) for each in sorted(self.message.receipts, key=lambda each: each.at))


@dataclass(frozen=True, slots=True)
class MessageList:
    """Messages of one organisation, at most so many; `unread` counts all of them."""

    unread: int
    rows: tuple[MessageShown, ...]


def inbox(office: Office, now: datetime) -> MessageList:
    """What was sent to the reader's organisation: unread first, then the newest."""
    rows = tuple(_shown(office, each, each.sender) for each in messages_known(office.post.inbox(), now))
    unread = sum(row.message.read_at is None for row in rows)
    return MessageList(unread, rows[:SHOWN_AT_MOST])


def sent_messages(office: Office, now: datetime) -> MessageList:
    """What the reader's organisation has sent, the newest first."""
    known = messages_known(office.post.sent(), now)
    rows = tuple(_shown(office, each, each.addressee) for each in reversed(known))
    return MessageList(sum(row.message.read_at is None for row in rows), rows[:SHOWN_AT_MOST])


def sent_about(office: Office, object_id: UUID, now: datetime) -> dict[str, tuple[MessageShown, ...]]:
    """What the reader's organisation has sent on one object, by the number that each is about."""
    found: dict[str, tuple[MessageShown, ...]] = {}
    for each in messages_known(office.post.sent(object_id), now):
        found[each.about] = (*found.get(each.about, ()), _shown(office, each, each.addressee))
    return found


def message_page(office: Office, message_id: UUID, now: datetime) -> MessageShown | Refusal:
    """One message of the reader's inbox."""
    found = office.post.received(message_id)
    if found is None or found.written_at > now:
        return message_unknown(message_id)
    return _shown(office, _as_known(found, now), found.sender)


def messages_known(messages: tuple[Message, ...], now: datetime) -> tuple[Message, ...]:
    """Messages with what had become of them at an instant."""
    return tuple(_as_known(each, now) for each in messages if each.written_at <= now)


def _as_known(message: Message, now: datetime) -> Message:
    return replace(message, receipts=tuple(each for each in message.receipts if each.at <= now))


def _shown(office: Office, message: Message, other: UUID) -> MessageShown:
    member = office.directory.by_id(other)
    return MessageShown(message, member.name if member else Words("—", "—"))
