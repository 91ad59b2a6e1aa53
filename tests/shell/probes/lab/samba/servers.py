"""Listens in place of smbd, which binds no loopback address but 127.0.0.1, and hands it each connection as its input.

servers.py ADDRESS PORT PROGRAM ARGUMENT...
"""

from __future__ import annotations

import socketserver
import subprocess
import sys

ADDRESS, PORT, *COMMAND = sys.argv[1:]


class HandOver(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """In a process group of its own: smbd ends its whole group when it ends."""
        quiet = subprocess.DEVNULL
        subprocess.run(COMMAND, stdin=self.request, stdout=quiet, stderr=quiet, process_group=0, check=False)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Server((ADDRESS, int(PORT)), HandOver) as server:
        server.serve_forever()
