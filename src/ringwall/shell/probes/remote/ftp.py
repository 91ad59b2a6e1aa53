"""FTP: does the service let anybody in as `anonymous`, and does it offer TLS (RFC 4217)? No folder is read."""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Conversation, Gate
from ringwall.shell.probes.target import Target, observe

NAME = "ftp"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (21, 2121)
SAYS: tuple[str, ...] = ("anonymous_allowed", "login_required", "tls_offered", "clear_only", "not_ftp")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        greeting = await conversation.read_until(is_whole)
        if not greeting.startswith(b"220"):
            return (observe(NAME, target, "not_ftp", greeting),)
        answer = await _ask(conversation, b"USER anonymous\r\n")
        if answer.startswith(b"331"):
            answer = await _ask(conversation, b"PASS scanner@ringwall.invalid\r\n")
        await conversation.send(b"QUIT\r\n")
    seen = observe(NAME, target, _meaning(answer), greeting + answer, detail=first_line(greeting))
    return (seen,) if seen.says == "not_ftp" else (seen, *await _look_for_tls(target, gate))


async def _look_for_tls(target: Target, gate: Gate) -> tuple[Observation, ...]:
    """In a conversation of its own: a server that says yes expects TLS from then on. Only a clear no is one."""
    async with gate.open(target, METHOD) as conversation:
        await conversation.read_until(is_whole)
        answer = await _ask(conversation, b"AUTH TLS\r\n")
    if answer.startswith((b"234", b"334")):
        return (observe(NAME, target, "tls_offered", answer),)
    return (observe(NAME, target, "clear_only", answer),) if answer.startswith(b"5") else ()


def _meaning(answer: bytes) -> str:
    """Other services greet with 220 too, but do not know the command."""
    if answer.startswith(b"230"):
        return "anonymous_allowed"
    return "login_required" if answer.startswith((b"331", b"332", b"421", b"53")) else "not_ftp"


async def _ask(conversation: Conversation, command: bytes) -> bytes:
    await conversation.send(command)
    return await conversation.read_until(is_whole)


def is_whole(reply: bytes) -> bool:
    """The last line of a reply is the one with a blank after its number."""
    lines = reply.split(b"\r\n")
    return any(line[:3].isdigit() and line[3:4] in (b" ", b"") for line in lines[:-1])


def first_line(reply: bytes) -> str:
    return reply.split(b"\r\n")[0].decode("latin-1")[:120]
