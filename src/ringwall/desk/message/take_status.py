"""A mail server's later word on a parcel that it took: delivered starts the clock, failed opens the next channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import Outcome, Outgoing, Parcel, SendingState
from ringwall.monitoring import Channel, DeliveryReceipt, Mark, take_receipt

MARKS = {Outcome.DELIVERED: Mark.DELIVERED, Outcome.REFUSED: Mark.FAILED}


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What a server says of one recipient of one parcel; `at` is None where it names no instant."""

    message: UUID
    person: UUID
    recipient: str
    outcome: Outcome
    at: datetime | None
    said: str

    @property
    def key(self) -> str:
        return f"{self.message}.{self.person}"


@dataclass(frozen=True, slots=True)
class StatusTaken:
    """What came of it; `next_channel` is the way that was opened because this one failed."""

    parcel: str
    to: str
    mark: Mark
    is_new: bool
    next_channel: Channel | None = None


def take_status(
    outgoing: Outgoing, status: DeliveryStatus, channels: Sequence[Channel], *, now: datetime
) -> StatusTaken | Refusal:
    """The receipt with the server's own words; the same again changes nothing, a failure after a delivery neither."""
    parcel = outgoing.handed_in(status.message, status.person, Channel.SMTP)
    if parcel is None:
        return _unknown(status)
    sent = next((each for each in parcel.message.receipts if _is_of(each, status)), None)
    if sent is None:
        return _other_address(status, parcel)
    mark, known = MARKS[status.outcome], parcel.message.receipts
    way = [each.mark for each in known if each.way == sent.way]
    if mark in way or Mark.DELIVERED in way:
        return StatusTaken(status.key, sent.to, mark, is_new=False)
    at = min(max(status.at or now, sent.at), max(now, sent.at))
    taken = take_receipt(parcel.message, DeliveryReceipt(Channel.SMTP, mark, sent.to, at, status.said))
    if isinstance(taken, Refusal):
        return taken
    state: SendingState = "done" if mark is Mark.DELIVERED else "dead"
    outgoing.settle(parcel, taken.receipts[len(known) :], state, now)
    opened = None if mark is Mark.DELIVERED else _next_channel(outgoing, status, channels, now)
    return StatusTaken(status.key, sent.to, mark, is_new=True, next_channel=opened)


def _next_channel(
    outgoing: Outgoing, status: DeliveryStatus, channels: Sequence[Channel], now: datetime
) -> Channel | None:
    """The first other way that is open, reaches the person, and has not been tried with this message."""
    others = (channel for channel in channels if channel is not Channel.SMTP)
    return next((each for each in others if outgoing.open_way(status.message, status.person, each, now)), None)


def _is_of(receipt: DeliveryReceipt, status: DeliveryStatus) -> bool:
    way = (Channel.SMTP, Mark.SENT, status.recipient.lower())
    return (receipt.channel, receipt.mark, receipt.to.lower()) == way


def _unknown(status: DeliveryStatus) -> Refusal:
    return refuse(
        "status_unknown",
        status.key,
        zh=f"没有编号为 {status.key} 的已交寄邮件；请核对通知是否属于本平台，或先恢复消息记录。",
        en=f"No mail {status.key} was handed over by this platform; check whether the notification is ours.",
    )


def _other_address(status: DeliveryStatus, parcel: Parcel) -> Refusal:
    tried = [each.to for each in parcel.message.receipts if (each.channel, each.mark) == (Channel.SMTP, Mark.SENT)]
    return refuse(
        "status_other_address",
        status.key,
        zh=f"通知称收件人为 {status.recipient}，而该邮件发往 {'、'.join(tried) or '（无）'}；不予采信，请核对来源。",
        en=f"The notification is about {status.recipient}, the mail went to {', '.join(tried) or 'nobody on record'}; "
        "check where it comes from, it proves nothing.",
    )
