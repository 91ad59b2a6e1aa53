"""EVE lines for the tests of the tail and of kill -9: which are alerts is known from how they are made."""

from __future__ import annotations

import json

KEY = bytes(range(32))
INSIDE = "10.41.0.0/16"


def eve_line(number: int) -> bytes:
    """Every seventh line is an alert, every second of these severe; the others only mention the word or nothing."""
    event: dict[str, object] = {
        "timestamp": f"2026-03-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000001+0800",
        "event_type": "dns",
        "src_ip": f"10.41.0.{number % 5}",
        "dest_ip": "192.0.2.53",
        "dest_port": 53,
    }
    if number % 7 == 0:
        severity = 1 + number // 7 % 2
        event |= {"event_type": "alert", "alert": {"signature_id": severity, "signature": "S", "severity": severity}}
    elif number % 5 == 0:
        event |= {"event_type": "http", "note": "alert"}
    return json.dumps(event, separators=(",", ":")).encode()


def eve_lines(first: int, end: int) -> bytes:
    return b"".join(eve_line(number) + b"\n" for number in range(first, end))


def alerts_among(first: int, end: int) -> int:
    return sum(number % 7 == 0 for number in range(first, end))
