"""SSH: which protocol, key exchanges, ciphers and MACs does the server offer, and does it take passwords?

It is asked which ways to sign in it offers (the method `none`, RFC 4252 5.2); no password and no key is tried.
"""

from __future__ import annotations

from contextlib import suppress

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Conversation, Gate
from ringwall.shell.probes.remote.ssh_transport import (
    Offer,
    greet,
    read_offer,
    sign_in_methods,
)
from ringwall.shell.probes.target import Target, observe

NAME = "ssh"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (22,)
SAYS: tuple[str, ...] = (
    "version_1", "version_2", "exchange_weak", "cipher_weak", "mac_weak", "methods_current",
    "open", "password_offered", "questions_asked", "keys_only", "not_ssh",
)  # fmt: skip

# RFC 9142 (key exchange, 2022-01), RFC 8758 (RC4, 2020-04), RFC 8429 (3DES, 2018-10); CBC modes: CVE-2008-5161.
WEAK_EXCHANGES = frozenset({"diffie-hellman-group1-sha1", "diffie-hellman-group-exchange-sha1", "rsa1024-sha1"})
WEAK_CIPHERS = frozenset({"arcfour", "arcfour128", "arcfour256", "des-cbc", "3des-cbc", "blowfish-cbc", "none"})
WEAK_MACS = frozenset({"hmac-md5", "hmac-md5-96", "hmac-sha1-96", "none"})


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        banner = await greet(conversation)
        if not banner.startswith(b"SSH-"):
            return (observe(NAME, target, "not_ssh", banner),)
        software = banner.split(b"-", 2)[-1].decode("latin-1")[:80]
        if not banner.startswith((b"SSH-2.0-", b"SSH-1.99-")):
            return (observe(NAME, target, "version_1", banner, software),)
        version = "version_1" if banner.startswith(b"SSH-1.99-") else "version_2"
        seen = [observe(NAME, target, version, banner, software)]
        with suppress(OSError, EOFError, ValueError):  # where it breaks off, its greeting stays seen, the rest unknown
            seen += await _offered(target, conversation, banner)
    return tuple(seen)


async def _offered(target: Target, conversation: Conversation, banner: bytes) -> list[Observation]:
    offer = await read_offer(conversation)
    weak = weaknesses(offer)
    seen = [observe(NAME, target, says, offer.payload, names) for says, names in weak.items()]
    seen += [] if weak else [observe(NAME, target, "methods_current", offer.payload)]
    methods = await sign_in_methods(conversation, banner, offer)
    if methods:
        seen.append(observe(NAME, target, sign_in(methods), ",".join(methods).encode(), ",".join(methods)))
    return seen


def sign_in(methods: tuple[str, ...]) -> str:
    """The weakest way in. Questions (keyboard-interactive) may be for a password or for a second factor: not known."""
    ways = {"none": "open", "password": "password_offered", "keyboard-interactive": "questions_asked"}
    return next((says for way, says in ways.items() if way in methods), "keys_only")


def weaknesses(offer: Offer) -> dict[str, str]:
    """Each word of weakness with the names that earn it."""
    found = {
        "exchange_weak": [name for name in offer.exchanges if name in WEAK_EXCHANGES],
        "cipher_weak": [name for name in offer.ciphers if name in WEAK_CIPHERS or name.endswith("-cbc")],
        "mac_weak": [name for name in offer.macs if name in WEAK_MACS],
    }
    return {says: ", ".join(names)[:200] for says, names in found.items() if names}
