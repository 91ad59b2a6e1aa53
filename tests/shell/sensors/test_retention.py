"""Raw traffic is deleted after seven days, the file that a sensor has open never."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringwall.shell.jobs.queue import make_queue
from ringwall.shell.sensors import drop_raw

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def a_file(path: Path, days_old: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    written = (NOW - timedelta(days=days_old)).timestamp()
    os.utime(path, (written, written))
    return path


def test_what_is_older_than_seven_days_goes_in_every_folder(tmp_path: Path) -> None:
    old = {a_file(tmp_path / name, 8) for name in ("eve-1.json", "factory/eve-1.json", "factory/eve-2.json")}
    kept = [a_file(tmp_path / name, 6.9) for name in ("eve-2.json", "factory/eve-3.json")]
    assert set(drop_raw(tmp_path, NOW)) == old
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in kept)
    assert drop_raw(tmp_path, NOW) == (), "a second time nothing is left to do"


def test_the_newest_file_stays_whatever_its_age(tmp_path: Path) -> None:
    only = a_file(tmp_path / "eve.json", 30)
    assert drop_raw(tmp_path, NOW) == ()
    assert only.exists()


def test_without_a_spool_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert drop_raw(tmp_path / "none", NOW) == ()


def test_the_queue_does_its_chores_every_hour() -> None:
    """The task is registered with a schedule, so that a worker finds it."""
    done: list[datetime] = []
    queue = make_queue("postgresql://nobody@nowhere/none", hourly=(done.append,))
    crons = {task.task.name: task.cron for task in queue.periodic_registry.periodic_tasks.values()}
    assert crons["hourly_chores"] == "17 * * * *"
