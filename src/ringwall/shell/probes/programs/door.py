"""Runs a program of others behind the gate: it reaches one place, by our door, and each connection is the gate's.

Each connection that the program opens is passed on by the gate as if a probe had asked for it: consent, scope, pinned
address, rate, number at a time and stop switch are the same, and so is the bucket that they count in. Where the machine
permits it, the program runs in a network of its own in which there is nothing but that door.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Conversation, Gate, OutOfScope
from ringwall.shell.probes.programs import room
from ringwall.shell.probes.target import Target

PROGRAM_SECONDS = 60.0
OUTPUT_BYTES = 4_000_000
PIECE_BYTES = 65_536


class ProgramFailed(OSError):
    """The program did not start, did not end well or not in time; what was to be seen is unknown."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program has said, how many connections it got and how many it was refused."""

    output: bytes
    opened: int
    refused: int


async def run_behind(
    gate: Gate, target: Target, command: tuple[str, ...], *, seconds: float = PROGRAM_SECONDS, alone: bool | None = None
) -> Ran:
    """Run a command in which `{door}` stands for the one place that it may reach.

    `alone` says whether it has to run in a network of its own; by default it does where the machine permits it.
    """
    if refusal := gate.refusal(target, LookMethod.ACTIVE):
        raise OutOfScope(refusal)
    with tempfile.TemporaryDirectory(prefix="ringwall-door-") as folder:
        door = _Door(gate, target)
        place = Path(folder) / "door"
        server = await asyncio.start_unix_server(door.pass_on, str(place))
        async with server:
            isolated = await can_be_alone() if alone is None else alone
            output = await _finish((*_walls(isolated), *room.command(sys.executable, place, command)), seconds)
        await door.end()
    return Ran(output, door.opened, door.refused)


async def can_be_alone() -> bool:
    """Whether this machine lets us give a program a network of its own."""
    if shutil.which("unshare") is None:
        return False
    quiet = asyncio.subprocess.DEVNULL
    trial = await asyncio.create_subprocess_exec(*_walls(True), "true", stdout=quiet, stderr=quiet)
    return await trial.wait() == 0


def _walls(isolated: bool) -> tuple[str, ...]:
    if not isolated:
        return ()
    return ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--net", "--map-root-user")


@dataclass(slots=True)
class _Door:
    """Takes the program's connections and hands each to the gate."""

    gate: Gate
    target: Target
    opened: int = 0
    refused: int = 0
    talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self.talks.add(task)
        try:
            async with self.gate.open(self.target, LookMethod.ACTIVE) as conversation:
                self.opened += 1
                await _both_ways(reader, writer, conversation)
        except OutOfScope:
            self.refused += 1
        except OSError:
            pass  # the host hung up or did not answer; the program sees its connection end
        finally:
            writer.close()

    async def end(self) -> None:
        """Nothing that the program began may outlive it."""
        for task in self.talks:
            task.cancel()
        await asyncio.gather(*self.talks, return_exceptions=True)


async def _both_ways(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, conversation: Conversation) -> None:
    async def outward() -> None:
        while piece := await reader.read(PIECE_BYTES):
            await conversation.send(piece)

    async def inward() -> None:
        while piece := await conversation.read():
            writer.write(piece)
            await writer.drain()

    ways = [asyncio.ensure_future(outward()), asyncio.ensure_future(inward())]
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in done:
            way.result()
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _finish(command: tuple[str, ...], seconds: float) -> bytes:
    async with _started(command) as process:
        assert process.stdout is not None, "its output was asked for"
        try:
            async with asyncio.timeout(seconds):
                output = await process.stdout.read(OUTPUT_BYTES)
                code = await process.wait()
        except TimeoutError:
            raise ProgramFailed(f"{Path(command[-1]).name} did not end within {seconds:g} s") from None
    if code:
        raise ProgramFailed(f"the program ended with code {code}")
    return output


@asynccontextmanager
async def _started(command: tuple[str, ...]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process in a session of its own; leave the block and all that it started is gone."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, stdin=quiet, stdout=asyncio.subprocess.PIPE, stderr=quiet, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
