"""The few SMB and NTLM messages ([MS-SMB], [MS-SMB2], [MS-NLMP]) that it takes to ask a file server who may come in."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

NEGOTIATE, SESSION_SETUP = 0, 1
STATUS_OK, STATUS_MORE = 0, 0xC0000016
SIGNING_REQUIRED = 2
IS_GUEST, IS_NULL = 1, 2
SMB1, SMB2 = b"\xffSMB", b"\xfeSMB"
HEADER_BYTES = 64
DIALECTS_2 = (0x0202, 0x0210, 0x0300, 0x0302)
GUEST = "guest"
HASH_OF_NO_PASSWORD = bytes.fromhex("31d6cfe0d16ae931b73c59d7e0c089c0")  # MD4 of the empty text
NTLM_FLAGS = 0x00088207  # Unicode, OEM, target, NTLM, always sign, extended security
LM_ALWAYS_24 = bytes(24)


@dataclass(frozen=True, slots=True)
class Answer:
    """An SMB2 message: its status, its session and what follows the header."""

    status: int
    session: int
    body: bytes


def framed(message: bytes) -> bytes:
    """As it goes over TCP: a zero and three bytes of length before it."""
    return len(message).to_bytes(4) + message


def is_whole(seen: bytes) -> bool:
    return len(seen) >= 4 and len(seen) >= 4 + int.from_bytes(seen[1:4])


def negotiate_1() -> bytes:
    """An offer of the dialect of 1996 alone."""
    header = SMB1 + b"\x72" + bytes(4) + b"\x18" + (0xC801).to_bytes(2, "little") + bytes(20)
    dialects = b"\x02NT LM 0.12\x00"
    return framed(header + b"\x00" + len(dialects).to_bytes(2, "little") + dialects)


def takes_version_1(answer: bytes) -> bool:
    """The server chose our only dialect: index 0, where 0xFFFF would be none."""
    message = answer[4:]
    return message[:5] == SMB1 + b"\x72" and message[5:9] == bytes(4) and message[33:35] == b"\x00\x00"


def negotiate_2() -> bytes:
    dialects = b"".join(dialect.to_bytes(2, "little") for dialect in DIALECTS_2)
    body = (
        (36).to_bytes(2, "little") + len(DIALECTS_2).to_bytes(2, "little") + (1).to_bytes(2, "little")
        + bytes(6) + secrets.token_bytes(16) + bytes(8) + dialects
    )  # fmt: skip
    return framed(_header(NEGOTIATE, 0, 0) + body)


def session_setup(token: bytes, message: int, session: int = 0) -> bytes:
    body = (
        (25).to_bytes(2, "little") + b"\x00\x01" + bytes(8)
        + (HEADER_BYTES + 24).to_bytes(2, "little") + len(token).to_bytes(2, "little") + bytes(8) + token
    )  # fmt: skip
    return framed(_header(SESSION_SETUP, message, session) + body)


def read_answer(data: bytes) -> Answer | None:
    message = data[4:]
    if message[:4] != SMB2 or len(message) < HEADER_BYTES + 8:
        return None
    status, session = int.from_bytes(message[8:12], "little"), int.from_bytes(message[40:48], "little")
    return Answer(status, session, message[HEADER_BYTES:])


def signing_required(answer: Answer) -> bool:
    return bool(int.from_bytes(answer.body[2:4], "little") & SIGNING_REQUIRED)


def session_flags(answer: Answer) -> int:
    return int.from_bytes(answer.body[2:4], "little")


def hello() -> bytes:
    """NTLM's first message."""
    return b"NTLMSSP\x00" + (1).to_bytes(4, "little") + NTLM_FLAGS.to_bytes(4, "little") + bytes(16)


def challenge_of(answer: Answer) -> tuple[bytes, bytes]:
    """The server's challenge and its target information out of NTLM's second message."""
    place = answer.body.find(b"NTLMSSP\x00\x02\x00\x00\x00")
    if place < 0:
        raise ValueError("the server does not speak NTLM")
    message = answer.body[place:]
    length, start = int.from_bytes(message[40:42], "little"), int.from_bytes(message[44:48], "little")
    if len(message) < 48 or start + length > len(message):
        raise ValueError("the server's challenge is cut")
    return message[24:32], message[start : start + length]


def as_guest(challenge: bytes, target_information: bytes) -> bytes:
    """NTLM's third message: the name `guest` with no password, which is a guest's, as `anonymous` is FTP's."""
    key = hmac.digest(HASH_OF_NO_PASSWORD, GUEST.upper().encode("utf-16-le"), "md5")
    blob = b"\x01\x01" + bytes(6) + bytes(8) + secrets.token_bytes(8) + bytes(4) + target_information + bytes(4)
    proof = hmac.digest(key, challenge + blob, "md5")
    parts = (LM_ALWAYS_24, proof + blob, b"", GUEST.encode("utf-16-le"), b"", b"")
    fields, place = b"", 64
    for part in parts:
        fields += len(part).to_bytes(2, "little") * 2 + place.to_bytes(4, "little")
        place += len(part)
    return b"NTLMSSP\x00" + (3).to_bytes(4, "little") + fields + NTLM_FLAGS.to_bytes(4, "little") + b"".join(parts)


def _header(command: int, message: int, session: int) -> bytes:
    return (
        SMB2 + HEADER_BYTES.to_bytes(2, "little") + bytes(6) + command.to_bytes(2, "little") + (1).to_bytes(2, "little")
        + bytes(8) + message.to_bytes(8, "little") + bytes(8) + session.to_bytes(8, "little") + bytes(16)
    )  # fmt: skip
