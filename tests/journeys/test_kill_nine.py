"""kill -9 after every acknowledged step of the main job: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import psycopg
import pytest
from tests.conftest import with_loops
from tests.forked import Forked

from ringwall.desk.life.story import STEPS
from ringwall.shell.store import embedded

COUNTED = ("submission", "quote", "receipt", "policy", "notice", "service_order", "claim", "transfer", "panel_posting")


def start(home: Path, *options: str) -> Forked:
    """The job as a process of its own."""
    feeds = home.parent / "no-feeds"
    feeds.mkdir(exist_ok=True)
    environment = {**os.environ, "RINGWALL_HOME": str(home), "RINGWALL_FEEDS": str(feeds), "COLUMNS": "200"}
    return Forked(["life", *options], environment, home.parent / "complaints")


def kill_after(home: Path, acknowledged: int) -> None:
    """Let it acknowledge so many steps, then kill -9 the process itself."""
    process = start(home)
    seen = 0
    for line in process.lines:
        seen += "✓" in line
        if seen == acknowledged:
            process.signal(signal.SIGKILL)
            break
    _, _, complaints = process.end()
    assert seen == acknowledged, f"the job ended before it had acknowledged the step: {complaints}"


def finish(home: Path) -> list[dict[str, object]]:
    code, said, complaints = start(home, "--json").end()
    assert code == 0, complaints
    figures: list[dict[str, object]] = json.loads(said)["figures"]
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
        process = start(home)
        time.sleep(chance.uniform(0.2, 4.0))
        if not process.has_ended():
            process.signal(signal.SIGKILL)
        process.end()
    assert (finish(home), rows(home)) == undisturbed
