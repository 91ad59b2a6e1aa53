"""PostgreSQL: is the superuser let in without being asked for a password (`trust`)? No query is sent."""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "postgres"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (5432,)
SAYS: tuple[str, ...] = ("open", "auth_required", "not_postgres")

PROTOCOL_3 = (3 << 16).to_bytes(4)
PARAMETERS = b"user\0postgres\0database\0postgres\0\0"
STARTUP = (8 + len(PARAMETERS)).to_bytes(4) + PROTOCOL_3 + PARAMETERS
TERMINATE = b"X\0\0\0\4"
AUTHENTICATION_OK = 0


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        await conversation.send(STARTUP)
        answer = await conversation.read_until(lambda seen: len(seen) >= 9)
        await conversation.send(TERMINATE)
    answer = answer[:9]
    return (observe(NAME, target, _meaning(answer), answer),)


def _meaning(answer: bytes) -> str:
    if len(answer) < 9:
        return "not_postgres"
    length, first = int.from_bytes(answer[1:5]), int.from_bytes(answer[5:9])
    if answer[:1] == b"R" and 8 <= length <= 256:
        return "open" if first == AUTHENTICATION_OK else "auth_required"
    is_error = answer[:1] == b"E" and 8 <= length <= 8_192 and answer[5:6] == b"S"
    return "auth_required" if is_error else "not_postgres"
