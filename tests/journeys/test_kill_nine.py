"""kill -9 after every acknowledged step of the main job: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

import psycopg
import pytest
from tests.conftest import with_loops

from ringwall.desk.life.story import STEPS
from ringwall.shell.store import embedded
from ringwall.wiring import main

PATIENCE_SECONDS = 120
COUNTED = ("submission", "quote", "receipt", "policy", "notice", "service_order", "claim", "transfer", "panel_posting")
FORKING = get_context("forkserver")
"""Each process of the job is forked from one that has imported everything: they are many, and each is killed."""
FORKING.set_forkserver_preload(["ringwall.wiring", "ringwall.wiring.life"])


def live(home: Path, options: Sequence[str], said: Connection) -> None:
    """The command `life` in a process of its own, and what it says in a pipe."""
    feeds = home.parent / "no-feeds"
    feeds.mkdir(exist_ok=True)
    os.environ |= {"RINGWALL_HOME": str(home), "RINGWALL_FEEDS": str(feeds), "COLUMNS": "200"}
    os.setsid()
    with open(said.fileno(), "w", encoding="utf-8", closefd=False) as out, redirect_stdout(out):
        raise SystemExit(main(["life", *options]))


@contextmanager
def started(home: Path, *options: str) -> Iterator[tuple[BaseProcess, TextIO]]:
    """The process and what it says; nothing of either is left afterwards."""
    here, there = FORKING.Pipe(duplex=False)
    process = FORKING.Process(target=live, args=(home, options, there))
    process.start()
    there.close()
    with here, open(here.fileno(), encoding="utf-8", closefd=False) as lines:
        yield process, lines
        process.join(PATIENCE_SECONDS)


def kill_after(home: Path, acknowledged: int) -> None:
    """Let it acknowledge so many steps, then kill -9 the process itself."""
    seen = 0
    with started(home) as (process, lines):
        for line in lines:
            seen += "✓" in line
            if seen == acknowledged:
                process.kill()
                break
    assert seen == acknowledged, "the job ended before it had acknowledged the step"


def finish(home: Path) -> list[dict[str, object]]:
    with started(home, "--json") as (process, lines):
        told = lines.read()
    assert process.exitcode == 0, told
    figures: list[dict[str, object]] = json.loads(told)["figures"]
    return figures


def rows(home: Path) -> dict[str, int]:
    """How many rows of each noun there are, as the schema's superuser counts them."""
    server = embedded.start(home / "postgres")
    try:
        with psycopg.connect(server.url_for(embedded.SUPERUSER)) as connection:
            counts = {}
            for table in COUNTED:
                counted = connection.execute(f"select count(*) from ringwall.{table}").fetchone()
                assert counted is not None
                counts[table] = counted[0]
            return counts
    finally:
        server.stop()


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, loops: Path
) -> tuple[list[dict[str, object]], dict[str, int]]:
    home = with_loops(tmp_path_factory.mktemp("undisturbed") / "home", loops)
    return finish(home), rows(home)


def test_a_kill_after_each_acknowledged_step_changes_no_figure_and_no_count(
    undisturbed: tuple[list[dict[str, object]], dict[str, int]], tmp_path: Path, loops: Path
) -> None:
    home = with_loops(tmp_path / "home", loops)
    for step in range(1, len(STEPS) + 1):
        kill_after(home, step)
    assert (finish(home), rows(home)) == undisturbed


@pytest.mark.full
def test_kills_at_random_instants_change_no_figure_and_no_count(
    undisturbed: tuple[list[dict[str, object]], dict[str, int]], tmp_path: Path, loops: Path
) -> None:
    home, chance = with_loops(tmp_path / "home", loops), random.Random(20261124)
    for _ in range(40):
        with started(home) as (process, lines):
            time.sleep(chance.uniform(0.2, 4.0))
            process.kill()
            lines.read()
    assert (finish(home), rows(home)) == undisturbed
