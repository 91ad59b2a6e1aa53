"""Memcached: does the cache answer `version` to anybody?"""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "memcached"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (11211,)
SAYS: tuple[str, ...] = ("open", "auth_required", "not_memcached")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        answer = await conversation.ask(b"version\r\n")
    version = answer.split(b"\r\n")[0].decode("latin-1")[:40].removeprefix("VERSION ")
    says = _meaning(answer)
    return (observe(NAME, target, says, answer, f"memcached {version}" if says == "open" else ""),)


def _meaning(answer: bytes) -> str:
    if answer.startswith(b"VERSION "):
        return "open"
    return "auth_required" if answer.startswith(b"CLIENT_ERROR unauthenticated") else "not_memcached"
