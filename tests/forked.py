"""Commands in processes of their own, forked from one that has imported everything: tests start many and kill most."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from ringwall.wiring import main

FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(["tests.forked", "ringwall.wiring.life", "ringwall.wiring.commands.watch"])
PATIENCE_SECONDS = 120


class Forked:
    """One run of the command line; `lines` is what it says, as it says it."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], errors: Path) -> None:
        self._here, there = FORKING.Pipe(duplex=False)
        self._errors = errors
        self._process = FORKING.Process(target=_run, args=(tuple(arguments), dict(environment), there, errors))
        self._process.start()
        there.close()
        self.lines = open(self._here.fileno(), encoding="utf-8", closefd=False)  # noqa: SIM115 (closed in `end`)

    def has_ended(self) -> bool:
        return self._process.exitcode is not None

    def signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def end(self) -> tuple[int | None, str, str]:
        """Wait for its end: exit code, what it has said since, and its complaints."""
        with self._here, self.lines:
            said = self.lines.read()
            self._process.join(PATIENCE_SECONDS)
        return self._process.exitcode, said, self._errors.read_text("utf-8") if self._errors.exists() else ""


def _run(arguments: Sequence[str], environment: Mapping[str, str], said: Connection, errors: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.setsid()
    with (
        open(said.fileno(), "w", encoding="utf-8", closefd=False) as out,
        errors.open("w", encoding="utf-8") as complaints,
        redirect_stdout(out),
        redirect_stderr(complaints),
    ):
        sys.exit(main(list(arguments)))
