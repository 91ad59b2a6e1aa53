"""One TLS greeting (ClientHello) with ciphers that no library of today offers, to see whether the server takes one.

Weak is what RFC 9325 4.1 forbids or advises against: no encryption, no authentication, export, RC4, DES and 3DES. The
numbers are those of the IANA registry of TLS cipher suites (2026-11, from memory).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target

WEAK_CIPHERS: Mapping[int, str] = {
    0x0001: "RSA_NULL_MD5", 0x0002: "RSA_NULL_SHA", 0x003B: "RSA_NULL_SHA256",
    0xC001: "ECDH_ECDSA_NULL_SHA", 0xC006: "ECDHE_ECDSA_NULL_SHA", 0xC00B: "ECDH_RSA_NULL_SHA",
    0xC010: "ECDHE_RSA_NULL_SHA", 0xC015: "ECDH_anon_NULL_SHA",
    0x0003: "RSA_EXPORT_RC4_40_MD5", 0x0006: "RSA_EXPORT_RC2_CBC_40_MD5", 0x0008: "RSA_EXPORT_DES40_CBC_SHA",
    0x0014: "DHE_RSA_EXPORT_DES40_CBC_SHA",
    0x0018: "DH_anon_RC4_128_MD5", 0x001B: "DH_anon_3DES_EDE_CBC_SHA", 0x0034: "DH_anon_AES_128_CBC_SHA",
    0x003A: "DH_anon_AES_256_CBC_SHA", 0x006C: "DH_anon_AES_128_CBC_SHA256", 0x00A6: "DH_anon_AES_128_GCM_SHA256",
    0xC016: "ECDH_anon_RC4_128_SHA", 0xC017: "ECDH_anon_3DES_EDE_CBC_SHA", 0xC018: "ECDH_anon_AES_128_CBC_SHA",
    0xC019: "ECDH_anon_AES_256_CBC_SHA",
    0x0004: "RSA_RC4_128_MD5", 0x0005: "RSA_RC4_128_SHA", 0xC007: "ECDHE_ECDSA_RC4_128_SHA",
    0xC011: "ECDHE_RSA_RC4_128_SHA",
    0x0009: "RSA_DES_CBC_SHA", 0x0015: "DHE_RSA_DES_CBC_SHA",
    0x000A: "RSA_3DES_EDE_CBC_SHA", 0x0016: "DHE_RSA_3DES_EDE_CBC_SHA", 0xC008: "ECDHE_ECDSA_3DES_EDE_CBC_SHA",
    0xC012: "ECDHE_RSA_3DES_EDE_CBC_SHA",
}  # fmt: skip
TLS_1_0, TLS_1_2 = b"\x03\x01", b"\x03\x03"
HANDSHAKE, CLIENT_HELLO, SERVER_HELLO = 22, 1, 2
GROUPS = bytes.fromhex("0006001700180019")  # P-256, P-384, P-521
SIGNATURES = bytes.fromhex("001004030503060304010501060102030201")


async def weak_cipher(target: Target, gate: Gate, method: LookMethod) -> str:
    """The name of the weak cipher that the server chooses; empty where it takes none."""
    try:
        async with gate.open(target, method) as conversation:
            await conversation.send(client_hello(target.asset, tuple(WEAK_CIPHERS)))
            answer = await conversation.read_until(_is_enough)
    except (ConnectionError, EOFError):
        return ""
    return WEAK_CIPHERS.get(chosen_cipher(answer), "")


def client_hello(host: str, ciphers: tuple[int, ...]) -> bytes:
    name = host.encode("ascii", "ignore")
    server_name = _sized(b"\x00" + _sized(name))
    extensions = b"".join(
        number + _sized(body)
        for number, body in (
            (b"\x00\x00", server_name), (b"\x00\x0a", GROUPS), (b"\x00\x0b", b"\x01\x00"), (b"\x00\x0d", SIGNATURES),
        )
    )  # fmt: skip
    suites = _sized(b"".join(cipher.to_bytes(2) for cipher in ciphers))
    body = TLS_1_2 + secrets.token_bytes(32) + b"\x00" + suites + b"\x01\x00" + _sized(extensions)
    message = bytes([CLIENT_HELLO]) + len(body).to_bytes(3) + body
    return bytes([HANDSHAKE]) + TLS_1_0 + _sized(message)


def chosen_cipher(answer: bytes) -> int:
    """The cipher in a ServerHello; -1 where the answer is none."""
    hello = answer[5:]
    if answer[:1] != bytes([HANDSHAKE]) or hello[:1] != bytes([SERVER_HELLO]) or len(hello) < 39:
        return -1
    place = 39 + hello[38]
    return int.from_bytes(hello[place : place + 2]) if len(hello) >= place + 2 else -1


def _is_enough(seen: bytes) -> bool:
    """One whole record, whatever it is."""
    return len(seen) >= 5 and len(seen) >= 5 + int.from_bytes(seen[3:5])


def _sized(body: bytes) -> bytes:
    return len(body).to_bytes(2) + body
