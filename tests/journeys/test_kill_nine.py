"""kill -9 after every acknowledged step of the main job: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from ringwall.desk.life.story import STEPS
from ringwall.shell.store import embedded

COMMAND = (sys.executable, "-c", "import sys; from ringwall.wiring import main; sys.exit(main(sys.argv[1:]))", "life")
PATIENCE_SECONDS = 120
COUNTED = ("submission", "quote", "receipt", "policy", "notice", "service_order", "claim", "transfer", "panel_posting")


def environment(home: Path) -> dict[str, str]:
    feeds = home.parent / "no-feeds"
    feeds.mkdir(exist_ok=True)
    return {**os.environ, "RINGWALL_HOME": str(home), "RINGWALL_FEEDS": str(feeds), "COLUMNS": "200"}


def start(home: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *options],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def kill_after(home: Path, acknowledged: int) -> None:
    """Let it acknowledge so many steps, then kill -9 the process itself."""
    process = start(home)
    assert process.stdout is not None
    seen = 0
    for line in process.stdout:
        seen += "✓" in line
        if seen == acknowledged:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.wait(PATIENCE_SECONDS)
    assert seen == acknowledged, "the job ended before it had acknowledged the step"


def finish(home: Path) -> list[dict[str, object]]:
    done = subprocess.run(
        [*COMMAND, "--json"],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures: list[dict[str, object]] = json.loads(done.stdout)["figures"]
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
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, object]], dict[str, int]]:
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    return finish(home), rows(home)


def test_a_kill_after_each_acknowledged_step_changes_no_figure_and_no_count(
    undisturbed: tuple[list[dict[str, object]], dict[str, int]], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    for step in range(1, len(STEPS) + 1):
        kill_after(home, step)
    assert (finish(home), rows(home)) == undisturbed


@pytest.mark.full
def test_kills_at_random_instants_change_no_figure_and_no_count(
    undisturbed: tuple[list[dict[str, object]], dict[str, int]], tmp_path: Path
) -> None:
    home, chance = tmp_path / "home", random.Random(20261124)
    for _ in range(40):
        process = start(home)
        time.sleep(chance.uniform(0.2, 4.0))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE_SECONDS)
    assert (finish(home), rows(home)) == undisturbed
