"""Six small servers for what no package of today offers any more; each says as much as an honest look asks for.

servers.py telnet|screen|ssh1|mail|recursion|documents ADDRESS PORT
"""

from __future__ import annotations

import socketserver
import struct
import sys

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

ROOT_SERVER = "a.root-servers.net."


class Telnet(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(bytes([0xFF, 0xFD, 0x18, 0xFF, 0xFB, 0x01]) + b"\r\nslack-gw login: ")
        self.rfile.readline()


class Screen(socketserver.StreamRequestHandler):
    """RFB 3.8 (RFC 6143) with the security type 1, None."""

    def handle(self) -> None:
        self.wfile.write(b"RFB 003.008\n")
        self.rfile.read(12)
        self.wfile.write(bytes([1, 1]))


class OldShell(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"SSH-1.99-OpenSSH_4.3\r\n")
        self.rfile.readline()


class Mail(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 mail.slack.test ESMTP\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self.wfile.write(b"250-mail.slack.test\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"502 not here\r\n")


class Recursion(socketserver.StreamRequestHandler):
    """A resolver for anybody that knows the root from its cache; other names it refuses."""

    def handle(self) -> None:
        size = self.rfile.read(2)
        if len(size) < 2:
            return
        query = dns.message.from_wire(self.rfile.read(int.from_bytes(size)))
        reply = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        if question.name.to_text() == "." and question.rdtype == dns.rdatatype.NS:
            reply.answer.append(dns.rrset.from_text(".", 518_400, "IN", "NS", ROOT_SERVER))
        else:
            reply.set_rcode(dns.rcode.REFUSED)
        wire = reply.to_wire()
        self.wfile.write(len(wire).to_bytes(2) + wire)


class Documents(socketserver.StreamRequestHandler):
    """A MongoDB that answers a command (OP_MSG) to anybody: {ok: 1.0}."""

    def handle(self) -> None:
        head = self.rfile.read(16)
        if len(head) < 16:
            return
        self.rfile.read(int.from_bytes(head[:4], "little") - 16)
        body = bytes(4) + b"\x00" + b"\x11\x00\x00\x00\x01ok\x00" + struct.pack("<d", 1.0) + b"\x00"
        self.wfile.write(struct.pack("<iiii", 16 + len(body), 1, int.from_bytes(head[4:8], "little"), 2013) + body)


KINDS = {
    "telnet": Telnet,
    "screen": Screen,
    "ssh1": OldShell,
    "mail": Mail,
    "recursion": Recursion,
    "documents": Documents,
}


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    kind, address, port = sys.argv[1:]
    with Server((address, int(port)), KINDS[kind]) as server:
        server.serve_forever()
