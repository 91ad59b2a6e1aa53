"""One GET of one path, as plainly as can be: no redirect is followed, no cookie kept, and we say who we are."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target

USER_AGENT = "Ringwall-Scanner/1 (authorised by the owner; contact: security.txt of the insurer)"
USUAL_PORTS = (80, 443)
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Response:
    """A header's name is in lower case; of a header sent twice both values are kept, a line each."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


async def get(
    gate: Gate, target: Target, path: str, tls: ssl.SSLContext | None = None, method: LookMethod = LookMethod.ACTIVE
) -> Response | None:
    """The response, or nothing where what answers does not speak HTTP."""
    host = target.asset if target.port in USUAL_PORTS else target.locator
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {USER_AGENT}\r\n"
    request += "Accept: */*\r\nConnection: close\r\n\r\n"
    async with gate.open(target, method, tls) as conversation:
        await conversation.send(request.encode("ascii"))
        return read_response(await conversation.read_until(_is_whole))


def _is_whole(seen: bytes) -> bool:
    """Whether a body of declared length has come; a body without one ends when the other side closes."""
    if seen and not b"HTTP/".startswith(seen[:5]) and not seen.startswith(b"HTTP/"):
        return True
    head, found, body = seen.partition(END_OF_HEAD)
    length = _headers(head).get("content-length", "") if found else ""
    return length.isascii() and length.isdigit() and len(body) >= int(length)


def read_response(raw: bytes) -> Response | None:
    head, _, body = raw.partition(END_OF_HEAD)
    parts = head.split(b"\r\n", 1)[0].split(b" ")
    if not raw.startswith(b"HTTP/") or len(parts) < 2 or not parts[1].isdigit():
        return None
    headers = _headers(head)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunk(body)
    return Response(int(parts[1]), headers, body)


def _headers(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.split(b"\r\n")[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            key = name.strip().lower()
            found[key] = f"{found[key]}\n{value.strip()}" if key in found else value.strip()
    return found


def _unchunk(body: bytes) -> bytes:
    whole = b""
    while body:
        size_text, _, rest = body.partition(b"\r\n")
        try:
            size = int(size_text.split(b";")[0], 16)
        except ValueError:
            break
        if size <= 0:
            break
        whole += rest[:size]
        body = rest[size + 2 :]
    return whole
