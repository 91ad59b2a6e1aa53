"""Real servers on loopback: a mail server that takes, refuses, puts off or drops, and a gateway for text messages."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FINAL = "250 2.0.0 kept in the box"


@dataclass
class MailServer:
    """What the server does with a recipient, and what it was given. `answers`: by address, take where none stands."""

    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME",)
    tls: ssl.SSLContext | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


class _Session(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        box: MailServer = self.server.box
        box.connections += 1
        secure, recipient = False, ""
        self._say("220 loopback")
        while line := self.rfile.readline().decode().strip():
            box.commands.append(line)
            verb = line.split(" ")[0].upper()
            match verb:
                case "EHLO":
                    offered = [*box.extensions, *(["STARTTLS"] if box.tls and not secure else [])]
                    self._say("250-loopback")
                    for name in offered:
                        self._say(f"250-{name}")
                    self._say("250 HELP")
                case "STARTTLS":
                    assert box.tls is not None
                    self._say("220 go on")
                    wrapped = box.tls.wrap_socket(self.connection, server_side=True)
                    self.connection, secure = wrapped, True
                    self.rfile, self.wfile = wrapped.makefile("rb"), wrapped.makefile("wb", buffering=0)
                case "RCPT":
                    recipient = line[line.index("<") + 1 : line.index(">")]
                    answer = box.answers.get(recipient, "250 ok")
                    if answer == "drop":
                        return
                    self._say(answer if answer != "drop after data" else "250 ok")
                case "DATA":
                    self._say("354 go on")
                    box.mails.append(self._mail())
                    if box.answers.get(recipient) == "drop after data":
                        return
                    self._say(FINAL)
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(found, EmailMessage)
        return found


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server(box: MailServer) -> Iterator[MailServer]:
    with _Threads(("127.0.0.1", 0), _Session) as server:
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        with _running(server):
            yield box


@dataclass
class Gateway:
    """A gateway by the contract of docs/running.md; `said` is what it answers when asked about a message."""

    status: int = 202
    said: dict[str, Any] = field(default_factory=lambda: {"state": "accepted"})
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    url: str = ""


@contextmanager
def sms_gateway(gateway: Gateway) -> Iterator[Gateway]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if gateway.status < 300:
                gateway.sent[self.path.rpartition("/")[2]] = json.loads(body)
            self._answer(gateway.status, {"proof": "queue 7"})

        def do_GET(self) -> None:
            self._answer(200, gateway.said)

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            gateway.requests.append((self.command, self.path, self.headers["Authorization"]))
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Tests stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
        with _running(server):
            yield gateway


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
