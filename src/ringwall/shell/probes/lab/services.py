"""The services of the lab: each speaks as much of its real protocol as an honest probe asks for, and nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Options = Mapping[str, str]
Tokens = Mapping[str, str]
PROTECTION = (
    "Strict-Transport-Security: max-age=31536000",
    "X-Content-Type-Options: nosniff",
    "Content-Security-Policy: frame-ancestors 'none'",
)


def http(options: Options, tokens: Tokens) -> Handler:
    """Serves the challenge tokens and what the plan says that it shows."""
    pages = dict(_SHOWN[options.get("shows", "nothing")])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        parts = head.split(b" ", 2)
        path = parts[1].decode("latin-1") if len(parts) > 2 else "/"
        body = tokens.get(path, "").encode() or pages.get(path)
        status, body = ("200 OK", body) if body is not None else ("404 Not Found", b"no such page\n")
        head_lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *PROTECTION, "", "")
        writer.write("\r\n".join(head_lines).encode() + body)

    return serve


_FRONT = {"/": b"<!doctype html><title>Jiangkou</title><p>Welcome.</p>\n"}
_SHOWN: Mapping[str, Mapping[str, bytes]] = {
    "nothing": _FRONT,
    "git": _FRONT | {"/.git/HEAD": b"ref: refs/heads/main\n"},
    "env": _FRONT | {"/.env": b"APP_ENV=production\nDB_PASSWORD=not-a-secret\n"},
    "listing": {"/": b"<html><head><title>Index of /</title></head><body><h1>Index of /</h1></body></html>\n"},
    "portal": {"/": b'<html><script src="/remote/fgt_lang?lang=en"></script><title>Please Login</title></html>\n'},
    "elasticsearch": {"/": b'{"name":"n1","cluster_name":"lab","version":{"number":"7.10.2"}}\n'},
}


def redis(options: Options, _tokens: Tokens) -> Handler:
    info = b"# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n"
    guarded = options.get("asks") == "password"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (command := await _redis_command(reader)) is not None:
            if guarded:
                writer.write(b"-NOAUTH Authentication required.\r\n")
            elif command[:1] == [b"PING"]:
                writer.write(b"+PONG\r\n")
            elif command[:1] == [b"INFO"]:
                writer.write(b"$%d\r\n%b\r\n" % (len(info), info))
            else:
                writer.write(b"-ERR unknown command\r\n")
            await writer.drain()

    return serve


async def _redis_command(reader: asyncio.StreamReader) -> list[bytes] | None:
    head = await reader.readline()
    if not head.startswith(b"*"):
        return None
    words = []
    for _ in range(int(head[1:])):
        length = int((await reader.readline())[1:])
        words.append((await reader.readexactly(length + 2))[:-2].upper())
    return words


def rdp(options: Options, _tokens: Tokens) -> Handler:
    """Confirms an X.224 connection: with `asks: nla` it insists on network-level authentication."""
    answer = {
        "nla": bytes([3, 0, 8, 0, 5, 0, 0, 0]),
        "tls": bytes([2, 0, 8, 0, 1, 0, 0, 0]),
        "nothing": b"",
    }[options.get("asks", "nothing")]
    confirm = bytes([3, 0, 0, 11 + len(answer), 6 + len(answer), 0xD0, 0, 0, 0x12, 0x34, 0]) + answer

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(4)
        await reader.readexactly(int.from_bytes(head[2:4]) - 4)
        writer.write(confirm)
        await writer.drain()
        await reader.read()

    return serve


def telnet(_options: Options, _tokens: Tokens) -> Handler:
    return _greets(bytes([0xFF, 0xFD, 0x18, 0xFF, 0xFB, 0x01]) + b"\r\ngateway login: ")


def memcached(_options: Options, _tokens: Tokens) -> Handler:
    return _answers({b"version": b"VERSION 1.6.18\r\n"}, b"ERROR\r\n")


def ftp(options: Options, _tokens: Tokens) -> Handler:
    allowed = options.get("allows") == "anonymous"
    entry = b"230 Login successful.\r\n" if allowed else b"530 Permission denied.\r\n"
    return _answers(
        {
            b"user": b"331 Please specify the password.\r\n",
            b"pass": entry,
            b"quit": b"221 Goodbye.\r\n",
            b"auth": b"234 Proceed.\r\n",
        },
        b"500 Unknown command.\r\n",
        greeting=b"220-Lab file service\r\n220 ready\r\n",
    )


def postgres(options: Options, _tokens: Tokens) -> Handler:
    """Answers a start-up packet: lets everybody in, or asks for a SCRAM exchange."""
    trusts = options.get("asks") == "nothing"
    body = (0).to_bytes(4) if trusts else (10).to_bytes(4) + b"SCRAM-SHA-256\0\0"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(int.from_bytes(await reader.readexactly(4)) - 4)
        writer.write(b"R" + (4 + len(body)).to_bytes(4) + body)
        await writer.drain()
        await reader.read()

    return serve


def silent(_options: Options, _tokens: Tokens) -> Handler:
    """Takes a connection and never says a word."""

    async def serve(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while await reader.read(1024):
            pass

    return serve


def dripping(_options: Options, _tokens: Tokens) -> Handler:
    """Says one letter at a time and never comes to an end."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    return serve


def garbage(_options: Options, _tokens: Tokens) -> Handler:
    return _greets(bytes(range(256)) * 8)


def hanging_up(_options: Options, _tokens: Tokens) -> Handler:
    return _greets(b"")


def _greets(greeting: bytes) -> Handler:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)

    return serve


def _answers(replies: Mapping[bytes, bytes], otherwise: bytes, greeting: bytes = b"") -> Handler:
    """A service of lines: the first word of a line decides the reply."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        while line := await reader.readline():
            writer.write(replies.get(line.split()[0].lower() if line.split() else b"", otherwise))
            await writer.drain()

    return serve


SERVICES: Mapping[str, Callable[[Options, Tokens], Handler]] = {
    "http": http,
    "https": http,
    "redis": redis,
    "rdp": rdp,
    "telnet": telnet,
    "memcached": memcached,
    "ftp": ftp,
    "postgres": postgres,
    "silent": silent,
    "dripping": dripping,
    "garbage": garbage,
    "hanging_up": hanging_up,
}
