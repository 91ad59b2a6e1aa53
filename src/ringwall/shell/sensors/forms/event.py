"""What a translated line says: an EVE event, nothing (a heading), or that it cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]
UNREADABLE = object()
"""Stands for a line that cannot be read; it is rejected, counted and named like any other bad line."""


def instant(at: datetime) -> str:
    """As Suricata writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")


def of_epoch(seconds: str) -> str:
    """Seconds since 1970 with their fraction as decimal text, or already an ISO instant."""
    if "T" in seconds:
        return instant(datetime.fromisoformat(seconds))
    whole, _, fraction = seconds.partition(".")
    at = datetime.fromtimestamp(int(whole), UTC)
    return instant(at.replace(microsecond=int(fraction[:6].ljust(6, "0"))))


def flow(at: str, ends: tuple[str, str], port: int, sent: int, received: int) -> Event:
    """A connection; a telnet session in which the caller sent anything counts as a login in the clear."""
    return {
        "timestamp": at,
        "event_type": "flow",
        "src_ip": ends[0],
        "dest_ip": ends[1],
        "dest_port": port,
        "flow": {"bytes_toserver": sent, "bytes_toclient": received, "start": at},
        "tcp": {"psh": sent > 0},
    }
