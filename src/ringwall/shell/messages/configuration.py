"""Which ways out are open, by the environment: a way with half a configuration keeps the house shut, and says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import MessageDoor
from ringwall.shell.messages.sms import SmsDoor, SmsGateway
from ringwall.shell.messages.smtp import MailServer, SmtpDoor, Transport
from ringwall.shell.messages.texts import is_loopback, is_mail_address

SUBMISSION_PORT = 587
PREFIX = "RINGWALL_"


def message_doors(environment: Mapping[str, str], now: Callable[[], datetime]) -> tuple[MessageDoor, ...] | Refusal:
    """SMTP where RINGWALL_SMTP_HOST is set, SMS where RINGWALL_SMS_URL is; no connection before there is a letter."""
    given = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    portal = given.get("PORTAL_URL", "").rstrip("/")
    doors: list[MessageDoor] = []
    if given.get("SMTP_HOST"):
        server = _mail_server(given)
        if isinstance(server, Refusal):
            return server
        doors.append(SmtpDoor(server, portal, now))
    if given.get("SMS_URL"):
        gateway = _gateway(given)
        if isinstance(gateway, Refusal):
            return gateway
        doors.append(SmsDoor(gateway, portal, now))
    return tuple(doors)


def returns_box(environment: Mapping[str, str]) -> Path | Refusal | None:
    """The maildir that keeps mail servers' answers; None where RINGWALL_SMTP_RETURNS is not set."""
    given = environment.get(f"{PREFIX}SMTP_RETURNS", "")
    if not given:
        return None
    return Path(given) if (Path(given) / "new").is_dir() else _faulty("RINGWALL_SMTP_RETURNS", given, "a maildir")


def _mail_server(given: Mapping[str, str]) -> MailServer | Refusal:
    host, transport = given["SMTP_HOST"], given.get("SMTP_TLS", Transport.STARTTLS.value)
    port, authority = given.get("SMTP_PORT", str(SUBMISSION_PORT)), given.get("SMTP_CA", "")
    if transport not in set(Transport):
        return _faulty("RINGWALL_SMTP_TLS", transport, "starttls, tls, none")
    if transport == Transport.NONE and not is_loopback(host):
        return _faulty("RINGWALL_SMTP_TLS", f"none, {host}", "starttls, tls (none only on loopback)")
    if not (port.isdecimal() and 0 < int(port) < 65_536):
        return _faulty("RINGWALL_SMTP_PORT", port, "1–65535")
    if authority and not Path(authority).is_file():
        return _faulty("RINGWALL_SMTP_CA", authority, "a file of certificates")
    if not is_mail_address(given.get("SMTP_FROM", "")):
        return _faulty("RINGWALL_SMTP_FROM", given.get("SMTP_FROM", ""), "notices@example.org")
    return MailServer(
        host=host,
        port=int(port),
        transport=Transport(transport),
        sender=given["SMTP_FROM"],
        user=given.get("SMTP_USER", ""),
        password=given.get("SMTP_PASSWORD", ""),
        authority=authority,
        receives=given.get("SMTP_RECEIVES", "") == "yes",
    )


def _gateway(given: Mapping[str, str]) -> SmsGateway | Refusal:
    url = urlsplit(given["SMS_URL"])
    secret_is_safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))
    if not secret_is_safe:
        return _faulty("RINGWALL_SMS_URL", given["SMS_URL"], "https://… (http only on loopback)")
    if not given.get("SMS_KEY"):
        return _faulty("RINGWALL_SMS_KEY", "", "the gateway's key")
    return SmsGateway(given["SMS_URL"].rstrip("/"), given["SMS_KEY"])


def _faulty(name: str, value: str, wanted: str) -> Refusal:
    return refuse(
        "message_door_faulty",
        name,
        zh=f"{name} 的值“{value}”不可用（应为：{wanted}）；请更正该环境变量，或去掉该通道的全部变量。",
        en=f"{name} is '{value}', expected {wanted}; correct the variable, or unset every variable of that channel.",
    )
