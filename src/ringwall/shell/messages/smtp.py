"""E-mail by SMTP: one connection for a batch, encrypted, a delivery status asked for where the server offers it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from enum import StrEnum

from ringwall.desk.doors import Carried, Outcome, Parcel
from ringwall.monitoring import Channel
from ringwall.shell.messages.texts import as_mail

TIMEOUT_SECONDS = 20.0
PERMANENT = 500
LONGEST_PROOF = 500
Clock = Callable[[], datetime]


class Transport(StrEnum):
    """How the connection is kept private; `none` is for a server on this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `receives`: the server keeps the addressees' boxes, so that its final reply is delivery;
    a server that passes mail on has only taken it, and proves no delivery."""

    host: str
    port: int
    transport: Transport
    sender: str
    user: str = ""
    password: str = ""
    authority: str = ""
    receives: bool = False


class _Refused(Exception):
    """The server's answer to one parcel; the connection stands."""

    def __init__(self, code: int, reply: bytes) -> None:
        super().__init__(_said(code, reply))
        self.permanent = code >= PERMANENT


class SmtpDoor:
    """Implements `ringwall.desk.doors.MessageDoor`."""

    channel = Channel.SMTP

    def __init__(self, server: MailServer, portal: str, now: Clock, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._server = server
        self._portal = portal
        self._now = now
        self._timeout = timeout

    def carry(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Carried]]:
        """A connection that cannot be made, or that breaks, puts off whatever was not answered yet."""
        left = list(parcels)
        began = self._now()
        try:
            with self._connect() as client:
                while left:
                    began = self._now()
                    carried = self._one(client, left[0], began)
                    yield left.pop(0), carried
        except (OSError, smtplib.SMTPException) as broken:
            reason = f"{type(broken).__name__}: {broken}"[:LONGEST_PROOF]
            for parcel in left:
                yield parcel, Carried(Outcome.PUT_OFF, began, self._now(), reason)

    def ask(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Carried]]:
        """A mail server says nothing more after its final reply."""
        at = self._now()
        return ((parcel, Carried(Outcome.SILENT, at, at, "")) for parcel in parcels)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context(cafile=server.authority or None)
        if server.transport is Transport.TLS:
            client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if server.transport is Transport.STARTTLS:
                client.starttls(context=context)
                client.ehlo()
            if server.user:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    def _one(self, client: smtplib.SMTP, parcel: Parcel, began: datetime) -> Carried:
        try:
            proof = self._hand_in(client, parcel, began)
        except (ValueError, IndexError, MessageError) as unusable:
            return Carried(Outcome.REFUSED, began, self._now(), f"{parcel.to!r}: {unusable}"[:LONGEST_PROOF])
        except _Refused as refused:
            client.rset()
            outcome = Outcome.REFUSED if refused.permanent else Outcome.PUT_OFF
            return Carried(outcome, began, self._now(), str(refused))
        outcome = Outcome.DELIVERED if self._server.receives else Outcome.HANDED_OVER
        return Carried(outcome, began, self._now(), proof)

    def _hand_in(self, client: smtplib.SMTP, parcel: Parcel, began: datetime) -> str:
        """The server's final reply, after it has the whole mail."""
        status = client.has_extn("dsn")
        mail = as_mail(parcel, self._server.sender, self._portal, began)
        _expect(client.mail(self._server.sender, ["RET=HDRS", f"ENVID={parcel.key}"] if status else []), 250)
        _expect(client.rcpt(parcel.to, ["NOTIFY=SUCCESS,FAILURE"] if status else []), 250, 251)
        try:
            return _said(*_expect(client.data(mail), 250))
        except smtplib.SMTPDataError as refused:
            reply = refused.smtp_error
            raise _Refused(refused.smtp_code, reply if isinstance(reply, bytes) else reply.encode()) from refused


def _expect(answer: tuple[int, bytes], *good: int) -> tuple[int, bytes]:
    code, reply = answer
    if code not in good:
        if code <= 0:
            raise smtplib.SMTPServerDisconnected("the connection was lost")
        raise _Refused(code, reply)
    return answer


def _said(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"[:LONGEST_PROOF]
