"""The room in which a program of others runs: a listener of this machine that leads to the gate's door only.

    room.py DOOR COMMAND ARGUMENT...

It is started as a script, with nothing but the standard library. `{door}` in an argument becomes its own address.
It says what the program says and ends as the program ends.
"""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
from pathlib import Path

SET_FLAGS, IS_UP = 0x8914, 1  # SIOCSIFFLAGS, IFF_UP
PIECE_BYTES = 65_536


def command(python: str, door: Path, program: tuple[str, ...]) -> tuple[str, ...]:
    """How this file is called."""
    return (python, "-I", "-S", __file__, str(door), *program)


def open_loopback() -> None:
    """A new network has its loopback interface down; elsewhere it is up, and not ours to change."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", IS_UP))
        except PermissionError:
            return


async def serve(door: str, program: list[str]) -> int:
    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gate_reader, gate_writer = await asyncio.open_unix_connection(door)
        await asyncio.gather(copy(reader, gate_writer), copy(gate_reader, writer))

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    words = [word.replace("{door}", f"{host}:{port}") for word in program]
    # A host that hangs up is not the end of a program: as for us, the signal of a broken pipe stays ignored.
    process = await asyncio.create_subprocess_exec(*words, restore_signals=False)
    return await process.wait()


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass  # the other side has gone
    finally:
        writer.close()


if __name__ == "__main__":
    open_loopback()
    sys.exit(asyncio.run(serve(sys.argv[1], sys.argv[2:])))
