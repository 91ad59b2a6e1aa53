"""MongoDB: does the store answer a command that needs a role to somebody without one? A setting is all it is asked."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "mongodb"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (27017,)
SAYS: tuple[str, ...] = ("open", "auth_required", "refused", "not_mongodb")

OP_MSG = 2013
HEAD_BYTES = 16
UNAUTHORIZED = (13, 18)  # Unauthorized, AuthenticationFailed
FIXED_BYTES = {0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8}
INNER, TEXT, BINARY = (0x03, 0x04), 0x02, 0x05


def command() -> bytes:
    """{getParameter: 1, featureCompatibilityVersion: 1, $db: "admin"} as an OP_MSG."""
    elements = (
        b"\x10getParameter\x00" + struct.pack("<i", 1)
        + b"\x10featureCompatibilityVersion\x00" + struct.pack("<i", 1)
        + b"\x02$db\x00" + struct.pack("<i", 6) + b"admin\x00"
    )  # fmt: skip
    body = bytes(5) + struct.pack("<i", len(elements) + 5) + elements + b"\x00"
    return struct.pack("<iiii", HEAD_BYTES + len(body), 1, 0, OP_MSG) + body


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        await conversation.send(command())
        answer = await conversation.read_until(_is_whole)
    return (observe(NAME, target, _meaning(answer), answer),)


def _is_whole(seen: bytes) -> bool:
    return len(seen) >= 4 and len(seen) >= int.from_bytes(seen[:4], "little")


def _meaning(answer: bytes) -> str:
    if len(answer) < HEAD_BYTES + 10 or int.from_bytes(answer[12:16], "little") != OP_MSG:
        return "not_mongodb"
    said = dict(_numbers(answer[HEAD_BYTES + 5 :]))
    if "ok" not in said:
        return "not_mongodb"
    if said["ok"] == 1:
        return "open"
    return "auth_required" if said.get("code") in UNAUTHORIZED else "refused"


def _numbers(document: bytes) -> Iterator[tuple[str, float]]:
    """The numbers at the top of a BSON document, up to the first element of a kind that is not known here."""
    place = 4
    while place < len(document) and document[place]:
        kind, end = document[place], document.find(b"\x00", place + 1)
        if end < 0:
            return
        name, start = document[place + 1 : end].decode("utf-8", "replace"), end + 1
        size = _size(kind, document[start : start + 4])
        if size is None or start + size > len(document):
            return
        if kind == 0x01:
            yield name, struct.unpack("<d", document[start : start + size])[0]
        elif kind == 0x10:
            yield name, int.from_bytes(document[start : start + size], "little", signed=True)
        place = start + size


def _size(kind: int, head: bytes) -> int | None:
    """How many bytes an element's value has; nothing where its kind is not known."""
    length = int.from_bytes(head, "little")
    if kind in INNER:
        return max(length, 5)
    if kind == TEXT:
        return 4 + length
    return 5 + length if kind == BINARY else FIXED_BYTES.get(kind)
