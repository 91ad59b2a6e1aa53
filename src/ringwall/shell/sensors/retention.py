"""Raw sensor files live seven days: long enough to look again after an alert, short enough for the people in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

RAW_DAYS = 7
"""Unit: day. Source: none (our own rule; docs/sensor.md)."""


def drop_raw(
    spool: Path, now: datetime, *, keep: timedelta = timedelta(days=RAW_DAYS), pattern: str = "*"
) -> tuple[Path, ...]:
    """Delete what was last written to before the period, in the spool and one folder a sensor; gives what is gone.

    The newest file of a folder stays whatever its age: a sensor that sees nothing still has it open.
    """
    if not spool.is_dir():
        return ()
    gone = []
    for folder in (spool, *(each for each in spool.iterdir() if each.is_dir())):
        files = sorted(
            (each for each in folder.glob(pattern) if each.is_file()), key=lambda each: each.stat().st_mtime_ns
        )
        for path in files[:-1]:
            if path.stat().st_mtime < (now - keep).timestamp():
                path.unlink()
                gone.append(path)
    return tuple(gone)
