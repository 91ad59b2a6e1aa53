"""A message to another party, with what became of it over each channel: sent, delivered, read, failed, each with proof.

It stands in this room because its first use is the notice beside it, whose term runs from delivery; claim, whose clock
stops at a delivery, may look here, and rooms further left only need the instant, which the desk carries to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ringwall.basics import Refusal, Words, refuse


class Channel(StrEnum):
    """How a message reaches its addressee."""

    INBOX = "inbox"
    SMTP = "smtp"
    SMS = "sms"


class Mark(StrEnum):
    """What became of a message on one way."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


CHANNEL_NAMES: dict[Channel, Words] = {
    Channel.INBOX: Words("站内收件箱", "inbox"),
    Channel.SMTP: Words("电子邮件", "e-mail"),
    Channel.SMS: Words("短信", "text message"),
}

MARK_NAMES: dict[Mark, Words] = {
    Mark.SENT: Words("已发出", "sent"),
    Mark.DELIVERED: Words("已送达", "delivered"),
    Mark.READ: Words("已阅读", "read"),
    Mark.FAILED: Words("未能送达", "failed"),
}

BEFORE: dict[Mark, Mark] = {Mark.DELIVERED: Mark.SENT, Mark.READ: Mark.DELIVERED}
"""What comes before a mark on the same way; a failure stands alone, since a way that failed may be tried again."""


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """One dated mark. `to` is the address that was tried, empty for the inbox; `proof` is what another has said: the
    final reply of the receiving server, the name of the person who opened it, the gateway's receipt."""

    channel: Channel
    mark: Mark
    to: str
    at: datetime
    proof: str

    @property
    def way(self) -> tuple[Channel, str]:
        return self.channel, self.to


@dataclass(frozen=True, slots=True)
class Message:
    """A letter as it went to one addressee. `topic` and `about` say what it is about: a kind of act and its number."""

    id: UUID
    sender: UUID
    addressee: UUID
    object_id: UUID
    topic: str
    about: str
    subject: Words
    text: Words
    link: str
    written_at: datetime
    receipts: tuple[DeliveryReceipt, ...] = ()

    def receipt(self, mark: Mark) -> DeliveryReceipt | None:
        """The earliest receipt of a mark over all ways."""
        found = [each for each in self.receipts if each.mark is mark]
        return min(found, key=lambda each: each.at, default=None)

    @property
    def sent_at(self) -> datetime | None:
        return _at(self.receipt(Mark.SENT))

    @property
    def delivered_at(self) -> datetime | None:
        """The first delivery over any channel: what a clock starts from. A failed channel starts none."""
        return _at(self.receipt(Mark.DELIVERED))

    @property
    def read_at(self) -> datetime | None:
        return _at(self.receipt(Mark.READ))

    @property
    def failures(self) -> tuple[DeliveryReceipt, ...]:
        """Ways that were given up, and on which nothing has been delivered since."""
        delivered = {each.way for each in self.receipts if each.mark is Mark.DELIVERED}
        return tuple(each for each in self.receipts if each.mark is Mark.FAILED and each.way not in delivered)


def take_receipt(message: Message, receipt: DeliveryReceipt) -> Message | Refusal:
    """The message with one more receipt; the first of its kind on its way counts, and the same again changes nothing.

    Nothing precedes the writing, and on one way sent comes before delivered, delivered before read.
    """
    on_way = {each.mark: each for each in message.receipts if each.way == receipt.way}
    if receipt.mark in on_way:
        return message
    if receipt.mark is Mark.READ and Mark.DELIVERED not in on_way:
        return _not_delivered(message, receipt)
    before = on_way.get(BEFORE.get(receipt.mark, receipt.mark))
    if receipt.at < (before.at if before else message.written_at):
        return _out_of_order(message, receipt, before)
    after = next((each for mark, each in on_way.items() if BEFORE.get(mark) is receipt.mark), None)
    if after is not None and receipt.at > after.at:
        return _out_of_order(message, receipt, after)
    return replace(message, receipts=(*message.receipts, receipt))


def _at(receipt: DeliveryReceipt | None) -> datetime | None:
    return None if receipt is None else receipt.at


def _not_delivered(message: Message, receipt: DeliveryReceipt) -> Refusal:
    return refuse(
        "message_not_delivered",
        str(message.id),
        zh=f"消息“{message.subject.zh}”经{CHANNEL_NAMES[receipt.channel].zh}尚未送达，不能记为已阅读；请先登记送达。",
        en=f"'{message.subject.en}' was not delivered by {CHANNEL_NAMES[receipt.channel].en}, so it cannot have been "
        "read there; record its delivery first.",
    )


def _out_of_order(message: Message, receipt: DeliveryReceipt, other: DeliveryReceipt | None) -> Refusal:
    mark = MARK_NAMES[receipt.mark]
    fact = MARK_NAMES[other.mark] if other else Words("写成", "written")
    at = other.at if other else message.written_at
    return refuse(
        "message_out_of_order",
        str(message.id),
        zh=f"消息“{message.subject.zh}”的“{mark.zh}”时间 {receipt.at.isoformat()} 与“{fact.zh}”时间 {at.isoformat()} "
        "先后不符；请核对凭证与时钟。",
        en=f"'{message.subject.en}' is {mark.en} at {receipt.at.isoformat()} and {fact.en} at {at.isoformat()}: "
        "one cannot come before the other; check the proof and the clock.",
    )
