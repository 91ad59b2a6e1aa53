"""Delivery status notifications of mail servers (RFC 3464): what became of a mail that we handed over, by whose word.

A file of one notification, or a maildir: what is read of a maildir moves from `new` to `cur`, flagged if of no use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import HeaderParser
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import Outcome
from ringwall.desk.message.take_status import DeliveryStatus

REPORT = "delivery-status"
ACTIONS = {"delivered": Outcome.DELIVERED, "failed": Outcome.REFUSED}
"""RFC 3464 2.3.3; delayed, relayed and expanded prove neither delivery nor failure."""
LARGEST_BYTES = 2_000_000
SEEN, FLAGGED = ":2,S", ":2,F"


def read_statuses(content: bytes, name: str) -> tuple[DeliveryStatus, ...] | Refusal:
    """Each recipient of one notification; the digest of the whole file goes with each as its evidence."""
    mail = message_from_bytes(content[:LARGEST_BYTES], policy=default)
    parts = [part for part in mail.walk() if part.get_content_type() == f"message/{REPORT}"]
    blocks = parts[0].get_payload() if parts else None
    if not isinstance(blocks, list) or len(blocks) < 2:
        return _unreadable(name)
    whole, *recipients = (block for block in blocks if isinstance(block, Message))
    key = _key(whole, mail)
    if key is None:
        return _of_nobody(name)
    server, digest = _value(whole, "Reporting-MTA"), hashlib.sha256(content).hexdigest()
    found = (_status(each, key, server, digest, mail) for each in recipients)
    return tuple(each for each in found if each is not None)


@contextmanager
def opened_box(place: Path) -> Iterator[Iterator[tuple[str, bytes, Callable[[bool], None]]]]:
    """The notifications of a file or a maildir, each with what is called once it has been read: was it of use?"""
    box = place / "new"
    yield _of_maildir(place, box) if box.is_dir() else iter([(place.name, place.read_bytes(), lambda _: None)])


def _of_maildir(place: Path, box: Path) -> Iterator[tuple[str, bytes, Callable[[bool], None]]]:
    read = place / "cur"
    read.mkdir(exist_ok=True)
    for file in sorted(box.iterdir()):

        def done(of_use: bool, file: Path = file) -> None:
            file.rename(read / f"{file.name}{SEEN if of_use else FLAGGED}")

        yield file.name, file.read_bytes(), done


def _status(
    block: Message, key: tuple[UUID, UUID], server: str, digest: str, mail: EmailMessage
) -> DeliveryStatus | None:
    outcome = ACTIONS.get(_value(block, "Action").lower())
    if outcome is None:
        return None
    recipient = _typed(_value(block, "Original-Recipient")) or _typed(_value(block, "Final-Recipient"))
    said = (_value(block, "Status"), _typed(_value(block, "Diagnostic-Code")), _typed(server), f"SHA-256 {digest}")
    at = _instant(_value(block, "Last-Attempt-Date")) or _instant(_value(mail, "Date"))
    return DeliveryStatus(*key, recipient, outcome, at, "; ".join(each for each in said if each))


def _key(whole: Message, mail: EmailMessage) -> tuple[UUID, UUID] | None:
    """The parcel by the envelope's id, else by the Message-ID of the headers that were sent back."""
    for text in (_value(whole, "Original-Envelope-Id"), *_returned_ids(mail)):
        message, dot, person = text.strip("<>").partition("@")[0].partition(".")
        try:
            if dot:
                return UUID(message), UUID(person)
        except ValueError:
            continue
    return None


def _returned_ids(mail: EmailMessage) -> Iterator[str]:
    for part in mail.walk():
        match part.get_content_type():
            case "text/rfc822-headers":
                yield _value(HeaderParser(policy=default).parsestr(str(part.get_content())), "Message-ID")
            case "message/rfc822":
                yield _value(part.get_content(), "Message-ID")


def _value(block: Message, name: str) -> str:
    """A header as one line; one that breaks the rules of mail is as good as none."""
    try:
        return " ".join(str(block.get(name, "")).split())
    except (MessageError, ValueError, IndexError):
        return ""


def _typed(text: str) -> str:
    """The value of `type; value`."""
    return text.partition(";")[2].strip() or text


def _instant(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _unreadable(name: str) -> Refusal:
    return refuse(
        "status_unreadable",
        name,
        zh=f"{name} 不是投递状态通知（应含 message/{REPORT} 及收件人一节）；请核对该邮件，回执以外的回复请人工处理。",
        en=f"{name} is no delivery status notification (a part message/{REPORT} with a recipient is expected); look at "
        "the mail, an answer that is no receipt is for a person.",
    )


def _of_nobody(name: str) -> Refusal:
    return refuse(
        "status_of_nobody",
        name,
        zh=f"{name} 没有本平台邮件的信封编号，退回的邮件头也没有其 Message-ID；请核对它是否属于本平台发出的邮件。",
        en=f"{name} names neither the envelope of a mail of ours nor its Message-ID in the headers sent back; check "
        "whether the mail was ours.",
    )
