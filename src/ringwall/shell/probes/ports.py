"""Ports: does anything listen? One connection a port, closed at once."""

from __future__ import annotations

import errno

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "ports"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (
    21, 22, 23, 25, 80, 135, 139, 443, 445, 465, 587, 993, 1433, 1521, 2121, 2323, 3306, 3389,
    5432, 5900, 5985, 6379, 8000, 8080, 8443, 9200, 11211, 27017,
)  # fmt: skip
SAYS: tuple[str, ...] = ("open", "closed", "filtered")
TRIES_WHERE_SILENT = 2


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    return (observe(NAME, target, await _state(target, gate)),)


async def _state(target: Target, gate: Gate) -> str:
    for _ in range(TRIES_WHERE_SILENT):
        try:
            async with gate.open(target, METHOD):
                return "open"
        except ConnectionRefusedError:
            return "closed"
        except TimeoutError:
            continue
        except OSError as failure:  # a wall may say that there is no way; any other error is our own machine's
            if failure.errno != errno.EHOSTUNREACH:
                raise
    return "filtered"
