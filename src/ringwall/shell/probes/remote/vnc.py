"""VNC: does the remote screen ask for a password (RFC 6143 7.1)? It is greeted and left before anything is chosen."""

from __future__ import annotations

import re

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "vnc"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (5900,)
SAYS: tuple[str, ...] = ("open", "auth_required", "refused", "not_vnc")

GREETING = re.compile(rb"RFB (\d{3})\.(\d{3})\n")
VERSION_BYTES = 12
NOBODY_ASKED = 1


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        greeting = await conversation.read_until(lambda seen: len(seen) >= VERSION_BYTES)
        spoken = GREETING.match(greeting)
        if not spoken:
            return (observe(NAME, target, "not_vnc", greeting[:VERSION_BYTES]),)
        numbered = spoken[0] < b"RFB 003.007\n"  # the older form names one type in four bytes
        await conversation.send(b"RFB 003.003\n" if numbered else b"RFB 003.008\n")
        types = await conversation.read_until(lambda seen: len(seen) >= (4 if numbered else 1 + (seen[:1] or b"\0")[0]))
    return (observe(NAME, target, _meaning(types, numbered), greeting[:VERSION_BYTES] + types),)


def _meaning(types: bytes, numbered: bool) -> str:
    """No type at all is how a server refuses the visitor, for whatever reason."""
    offered = types[3:4] if numbered else types[1 : 1 + (types[:1] or b"\0")[0]]
    if not offered.strip(b"\0"):
        return "refused"
    return "open" if NOBODY_ASKED in offered else "auth_required"
