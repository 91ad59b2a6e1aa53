"""Telnet: does the service negotiate options or ask for a login over clear text? It is only listened to."""

from __future__ import annotations

import re

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "telnet"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (23, 2323)
SAYS: tuple[str, ...] = ("login_in_clear", "not_telnet")

INTERPRET_AS_COMMAND = 0xFF
OPTION_VERBS = (0xFB, 0xFC, 0xFD, 0xFE)  # WILL, WONT, DO, DONT
ASKS_LOGIN = re.compile(rb"(login|username|password) ?:", re.IGNORECASE)


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    async with gate.open(target, METHOD) as conversation:
        greeting = await conversation.read()
    return (observe(NAME, target, _meaning(greeting), greeting),)


def _meaning(greeting: bytes) -> str:
    negotiates = len(greeting) >= 3 and greeting[0] == INTERPRET_AS_COMMAND and greeting[1] in OPTION_VERBS
    return "login_in_clear" if negotiates or ASKS_LOGIN.search(greeting) else "not_telnet"
