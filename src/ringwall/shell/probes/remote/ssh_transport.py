"""As much of the SSH transport (RFC 4253) as it takes to ask a server how one may sign in; it never signs in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from ringwall.shell.probes.gate import Conversation

OUR_BANNER = b"SSH-2.0-Ringwall_Scanner_1"
EXCHANGES = ("curve25519-sha256", "curve25519-sha256@libssh.org", "diffie-hellman-group14-sha256")
CIPHERS = ("aes128-ctr", "aes256-ctr")
MACS = ("hmac-sha2-256",)
HOST_KEYS = (
    "ssh-ed25519", "rsa-sha2-256", "rsa-sha2-512", "ssh-rsa",
    "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
)  # fmt: skip
LONGEST_PACKET = 35_000
LONGEST_BANNER = 255
BANNER_LINES = 20
KEXINIT, NEWKEYS, KEX_SEND, KEX_REPLY = 20, 21, 30, 31
SERVICE_REQUEST, SERVICE_ACCEPT, AUTH_REQUEST, AUTH_FAILURE, AUTH_SUCCESS = 5, 6, 50, 51, 52
SKIPPED = (2, 3, 4, 7, 53)  # ignore, unimplemented, debug, extensions, banner
MAC_BYTES = 32
GROUP_14 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)  # RFC 3526 3


@dataclass(frozen=True, slots=True)
class Offer:
    """What the server says in its KEXINIT: names in its order of preference."""

    payload: bytes
    exchanges: tuple[str, ...]
    host_keys: tuple[str, ...]
    ciphers: tuple[str, ...]
    macs: tuple[str, ...]


async def greet(conversation: Conversation) -> bytes:
    """The server's identification line, after lines of greeting where it sends some."""
    await conversation.send(OUR_BANNER + b"\r\n")
    for _ in range(BANNER_LINES):
        line = b""
        while not line.endswith(b"\n") and len(line) < LONGEST_BANNER:
            try:
                line += await conversation.read_exactly(1)
            except EOFError:
                return line
        if line.startswith(b"SSH-"):
            return line.rstrip(b"\r\n")
        if not line.isascii():
            return line
    return line


async def read_offer(conversation: Conversation) -> Offer:
    payload = await _read_plain(conversation)
    if payload[:1] != bytes([KEXINIT]):
        raise ValueError("the server does not begin with its algorithms")
    lists, place = [], 17
    for _ in range(10):
        text, place = _take_string(payload, place)
        lists.append(tuple(text.decode("ascii", "replace").split(",")) if text else ())
    return Offer(payload, lists[0], lists[1], lists[3], lists[5])


async def sign_in_methods(conversation: Conversation, banner: bytes, offer: Offer) -> tuple[str, ...]:
    """The ways to sign in that the server offers; nothing where we share no algorithm with it."""
    exchange = _first_common(EXCHANGES, offer.exchanges)
    cipher = _first_common(CIPHERS, offer.ciphers)
    host_key = _first_common(HOST_KEYS, offer.host_keys)
    if not (exchange and cipher and host_key and set(MACS) & set(offer.macs)):
        return ()
    ours = _our_offer(exchange, host_key, cipher)
    await conversation.send(_packet(ours))
    secret, digest = await _exchange_keys(conversation, exchange, (OUR_BANNER, banner, ours, offer.payload))
    await conversation.send(_packet(bytes([NEWKEYS])))
    if (await _read_plain(conversation))[:1] != bytes([NEWKEYS]):
        raise ValueError("the server does not change keys")
    channel = _Channel(conversation, secret, digest, int(cipher[3:6]) // 8)
    await channel.send(bytes([SERVICE_REQUEST]) + _string(b"ssh-userauth"))
    await channel.read(SERVICE_ACCEPT)
    await channel.send(
        bytes([AUTH_REQUEST]) + _string(b"ringwall-scanner") + _string(b"ssh-connection") + _string(b"none")
    )
    answer = await channel.read(AUTH_FAILURE, AUTH_SUCCESS)
    if answer[0] == AUTH_SUCCESS:
        return ("none",)
    names, _ = _take_string(answer, 1)
    return tuple(names.decode("ascii", "replace").split(","))


class _Channel:
    """The encrypted channel: AES-CTR with HMAC-SHA-256 both ways; three packets have gone each way before it."""

    def __init__(self, conversation: Conversation, secret: bytes, digest: bytes, key_bytes: int) -> None:
        self._conversation = conversation

        def derive(letter: bytes, size: int) -> bytes:
            return hashlib.sha256(secret + digest + letter + digest).digest()[:size]

        self._outgoing = _stream(derive(b"C", key_bytes), derive(b"A", 16))
        self._incoming = _stream(derive(b"D", key_bytes), derive(b"B", 16))
        self._out_key, self._in_key = derive(b"E", MAC_BYTES), derive(b"F", MAC_BYTES)
        self._sent = self._received = 3

    async def send(self, payload: bytes) -> None:
        packet = _packet(payload, block=16)
        tag = hmac.digest(self._out_key, self._sent.to_bytes(4) + packet, "sha256")
        self._sent += 1
        await self._conversation.send(self._outgoing.update(packet) + tag)

    async def read(self, *wanted: int) -> bytes:
        """The next packet that is not one of those a server may send at any time."""
        while True:
            payload = await self._next()
            if payload[0] in wanted:
                return payload
            if payload[0] not in SKIPPED:
                raise ValueError(f"the server answers with message {payload[0]}")

    async def _next(self) -> bytes:
        first = self._incoming.update(await self._conversation.read_exactly(16))
        size = int.from_bytes(first[:4])
        if not 12 <= size <= LONGEST_PACKET:
            raise ValueError("a packet of impossible length")
        packet = first + self._incoming.update(await self._conversation.read_exactly(size - 12))
        tag = await self._conversation.read_exactly(MAC_BYTES)
        expected = hmac.digest(self._in_key, self._received.to_bytes(4) + packet, "sha256")
        if not hmac.compare_digest(tag, expected):
            raise ValueError("a packet was changed on its way")
        self._received += 1
        return _payload(packet)


async def _exchange_keys(
    conversation: Conversation, exchange: str, texts: tuple[bytes, bytes, bytes, bytes]
) -> tuple[bytes, bytes]:
    """The shared secret as an mpint and the exchange hash. The host's signature is not judged: no secret is sent."""
    if exchange.startswith("curve25519"):
        key = X25519PrivateKey.generate()
        public = _string(key.public_key().public_bytes_raw())
        host_key, theirs = await _swap(conversation, public)
        secret = int.from_bytes(key.exchange(X25519PublicKey.from_public_bytes(theirs)))
        their_part = _string(theirs)
    else:
        private = secrets.randbits(256) | 1
        public = _mpint(pow(2, private, GROUP_14))
        host_key, theirs = await _swap(conversation, public)
        secret = pow(int.from_bytes(theirs), private, GROUP_14)
        their_part = _mpint(int.from_bytes(theirs))
    shared = _mpint(secret)
    seen = b"".join(map(_string, texts)) + _string(host_key) + public + their_part + shared
    return shared, hashlib.sha256(seen).digest()


async def _swap(conversation: Conversation, public: bytes) -> tuple[bytes, bytes]:
    """Our public part for the server's host key and public part."""
    await conversation.send(_packet(bytes([KEX_SEND]) + public))
    reply = await _read_plain(conversation)
    if reply[:1] != bytes([KEX_REPLY]):
        raise ValueError("the server does not exchange keys")
    host_key, place = _take_string(reply, 1)
    theirs, _ = _take_string(reply, place)
    return host_key, theirs


async def _read_plain(conversation: Conversation) -> bytes:
    size = int.from_bytes(await conversation.read_exactly(4))
    if not 2 <= size <= LONGEST_PACKET:
        raise ValueError("a packet of impossible length")
    return _payload(size.to_bytes(4) + await conversation.read_exactly(size))


def _payload(packet: bytes) -> bytes:
    payload = packet[5 : len(packet) - packet[4]]
    if not payload:
        raise ValueError("an empty packet")
    return payload


def _packet(payload: bytes, block: int = 8) -> bytes:
    padding = block - (5 + len(payload)) % block
    padding += block if padding < 4 else 0
    return (1 + len(payload) + padding).to_bytes(4) + bytes([padding]) + payload + secrets.token_bytes(padding)


def _our_offer(exchange: str, host_key: str, cipher: str) -> bytes:
    """One name in each list: the one that was found in common, so that nothing is left to choose."""
    both = (cipher, cipher, MACS[0], MACS[0], "none", "none", "", "")
    lists = b"".join(_string(name.encode()) for name in (exchange, host_key, *both))
    return bytes([KEXINIT]) + secrets.token_bytes(16) + lists + bytes(5)


def _stream(key: bytes, counter: bytes) -> CipherContext:
    return Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor()


def _first_common(ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    return next((name for name in ours if name in theirs), "")


def _string(text: bytes) -> bytes:
    return len(text).to_bytes(4) + text


def _mpint(number: int) -> bytes:
    return _string(number.to_bytes(number.bit_length() // 8 + 1) if number else b"")


def _take_string(data: bytes, place: int) -> tuple[bytes, int]:
    end = place + 4 + int.from_bytes(data[place : place + 4])
    if place + 4 > len(data) or end > len(data):
        raise ValueError("a text runs past the end of its packet")
    return data[place + 4 : end], end
