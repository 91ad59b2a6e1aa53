"""Redis: does the store answer PING and INFO without a password? INFO is the most that is asked."""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "redis"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (6379,)
SAYS: tuple[str, ...] = ("open", "auth_required", "not_redis")

PING = b"*1\r\n$4\r\nPING\r\n"
INFO = b"*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"
GUARDED = (b"-NOAUTH", b"-DENIED", b"-NOPERM", b"-WRONGPASS", b"-ERR operation not permitted")
PACKAGED = b"/usr/bin/"


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        pong = info = await conversation.ask(PING)
        if pong.startswith(b"+PONG"):
            await conversation.send(INFO)
            info = await conversation.read_until(_is_whole)
    return (observe(NAME, target, _meaning(pong, info), info, _version(info)),)


def _meaning(pong: bytes, info: bytes) -> str:
    """Whoever gets a PONG may send commands, unless INFO then asks who he is."""
    if info.startswith(GUARDED):
        return "auth_required"
    return "open" if pong.startswith(b"+PONG") else "not_redis"


def _is_whole(answer: bytes) -> bool:
    """A bulk answer says its length first; any other answer is one line."""
    head, ended, body = answer.partition(b"\r\n")
    if head.startswith(b"$") and head[1:].isdigit():
        return len(body) >= int(head[1:]) + 2
    return bool(ended)


def _version(answer: bytes) -> str:
    """A program below /usr/bin was put there by a distribution, whose builds carry repairs under an old version."""
    told = dict(line.split(b":", 1) for line in answer.split(b"\r\n") if b":" in line)
    if b"redis_version" not in told:
        return ""
    packaged = told.get(b"executable", b"").startswith(PACKAGED)
    return "redis " + told[b"redis_version"].decode("latin-1")[:40] + (" (distribution package)" if packaged else "")
