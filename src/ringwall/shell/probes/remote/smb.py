"""SMB: is a file server reachable, does it let guests in, does it speak version 1 and does it insist on signing?

A guest's session is opened and left; no share is listed and no file is read.
"""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Conversation, Gate
from ringwall.shell.probes.remote import smb_messages as smb
from ringwall.shell.probes.target import Target, observe

NAME = "smb"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (445,)
SAYS: tuple[str, ...] = (
    "reachable", "version_1", "signing_optional", "signing_required", "guest_allowed", "guest_refused", "not_smb",
)  # fmt: skip


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    old = await _ask_old(target, gate)
    said: dict[str, bytes] = {}
    async with gate.open(target, METHOD) as conversation:
        negotiated = await _ask(conversation, smb.negotiate_2())
        answer = smb.read_answer(negotiated)
        if answer is not None and answer.status == smb.STATUS_OK:
            said["signing_required" if smb.signing_required(answer) else "signing_optional"] = negotiated
            said |= await _try_guest(conversation)
    if smb.takes_version_1(old):
        said["version_1"] = old
    if not said:
        return (observe(NAME, target, "not_smb", negotiated),)
    first = observe(NAME, target, "reachable", negotiated or old)
    return (first, *(observe(NAME, target, says, evidence) for says, evidence in said.items()))


async def _ask_old(target: Target, gate: Gate) -> bytes:
    try:
        async with gate.open(target, METHOD) as conversation:
            return await _ask(conversation, smb.negotiate_1())
    except ConnectionError:
        return b""  # to hang up is to refuse


async def _try_guest(conversation: Conversation) -> dict[str, bytes]:
    """Nothing where the exchange breaks off: whether guests come in is then unknown."""
    first = smb.read_answer(await _ask(conversation, smb.session_setup(smb.hello(), 1)))
    if first is None or first.status != smb.STATUS_MORE:
        return {}
    try:
        token = smb.as_guest(*smb.challenge_of(first))
    except ValueError:
        return {}
    answer = await _ask(conversation, smb.session_setup(token, 2, first.session))
    second = smb.read_answer(answer)
    if second is None:
        return {}
    came_in = second.status == smb.STATUS_OK and smb.session_flags(second) & (smb.IS_GUEST | smb.IS_NULL)
    return {"guest_allowed" if came_in else "guest_refused": answer}


async def _ask(conversation: Conversation, question: bytes) -> bytes:
    await conversation.send(question)
    return await conversation.read_until(smb.is_whole)
