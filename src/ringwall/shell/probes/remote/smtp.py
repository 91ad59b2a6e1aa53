"""SMTP: does the mail server offer TLS (STARTTLS, RFC 3207)? It is greeted and left; no mail is offered to it."""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.remote.ftp import first_line, is_whole
from ringwall.shell.probes.target import Target, observe

NAME = "smtp"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (25, 587)
SAYS: tuple[str, ...] = ("tls_offered", "clear_only", "not_smtp")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        greeting = await conversation.read_until(is_whole)
        if not greeting.startswith(b"220"):
            return (observe(NAME, target, "not_smtp", greeting),)
        await conversation.send(b"EHLO scanner.ringwall.invalid\r\n")
        answer = await conversation.read_until(is_whole)
        await conversation.send(b"QUIT\r\n")
    return (observe(NAME, target, _meaning(answer), greeting + answer, first_line(greeting)),)


def _meaning(answer: bytes) -> str:
    """Other services greet with 220 too, but do not answer EHLO with their extensions."""
    if not answer.startswith(b"250"):
        return "not_smtp"
    extensions = {line[4:].strip().upper() for line in answer.split(b"\r\n")[1:]}
    return "tls_offered" if b"STARTTLS" in extensions else "clear_only"
