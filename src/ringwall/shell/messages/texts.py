"""A parcel in the words of its channel: an e-mail with subject and text, or the few characters of a text message."""

from __future__ import annotations

import re
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address

from ringwall.basics import Words
from ringwall.desk.doors import Parcel

OPEN_AT = Words("在门户中查看：", "On the portal: ")
SENT_BY = Words("本邮件由 Ringwall 发出，请勿直接回复。", "Sent by Ringwall; please do not answer this e-mail.")


def as_mail(parcel: Parcel, sender: str, portal: str, at: datetime) -> bytes:
    """The e-mail; its Message-ID is the same in every attempt, so that a second copy is known as one."""
    message = parcel.message
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Ringwall", addr_spec=sender)
    mail["To"] = Address(addr_spec=parcel.to)
    mail["Subject"] = message.subject.in_language(parcel.language)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{parcel.key}@{sender.rpartition('@')[2]}>"
    mail["Content-Language"] = "zh-CN" if parcel.language == "zh" else "en"
    mail["Auto-Submitted"] = "auto-generated"
    parts = [message.text.in_language(parcel.language), _link(parcel, portal), SENT_BY.in_language(parcel.language)]
    mail.set_content("\n\n".join(part for part in parts if part))
    return mail.as_bytes()


def as_text(parcel: Parcel, portal: str) -> str:
    """The subject and where to read on; the text itself is for the portal."""
    return " ".join(
        part for part in (parcel.message.subject.in_language(parcel.language), _link(parcel, portal)) if part
    )


def _link(parcel: Parcel, portal: str) -> str:
    return f"{OPEN_AT.in_language(parcel.language)}{portal}/inbox/{parcel.message.id}" if portal else ""


def is_mail_address(text: str) -> bool:
    """An address that every mail server takes: one part each side of the @, in ASCII."""
    try:
        return text.isascii() and Address(addr_spec=text).domain != ""
    except (ValueError, IndexError, MessageError):
        return False


def is_phone_number(text: str) -> bool:
    """A number as gateways take it: with its country, digits only."""
    return re.fullmatch(r"\+[1-9][0-9]{6,14}", text) is not None


def is_loopback(host: str) -> bool:
    """Whether what is said to a host stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
