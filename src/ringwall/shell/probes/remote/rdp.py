"""RDP: does the remote desktop answer its connection request, and does it insist on network-level authentication?

One X.224 connection request that offers TLS only ([MS-RDPBCGR] 2.2.1.1 and 2.2.1.2); nothing is logged in.
"""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "rdp"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (3389,)
SAYS: tuple[str, ...] = ("nla_required", "nla_not_required", "not_rdp")

OFFER_TLS = 1
NEGOTIATION_REQUEST = bytes([1, 0, 8, 0]) + OFFER_TLS.to_bytes(4, "little")
CONNECTION_REQUEST = bytes([3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0]) + NEGOTIATION_REQUEST
CONNECTION_CONFIRM = 0xD0
FAILURE = 3
NLA_FAILURES = (5, 6)  # HYBRID_REQUIRED_BY_SERVER, SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        await conversation.send(CONNECTION_REQUEST)
        answer = await conversation.read_until(_is_whole)
    return (observe(NAME, target, _meaning(answer), answer),)


def _is_whole(answer: bytes) -> bool:
    return len(answer) >= 4 and (answer[0] != 3 or len(answer) >= int.from_bytes(answer[2:4]))


def _meaning(answer: bytes) -> str:
    if len(answer) < 11 or answer[0] != 3 or answer[5] & 0xF0 != CONNECTION_CONFIRM:
        return "not_rdp"
    negotiation = answer[11:19]
    if len(negotiation) == 8 and negotiation[0] == FAILURE:
        failure = int.from_bytes(negotiation[4:8], "little")
        return "nla_required" if failure in NLA_FAILURES else "nla_not_required"
    return "nla_not_required"
