"""Zeek logs, tab-separated or JSON: connections, names asked for, TLS and FTP; other logs are counted by their name.

Zeek's ssl.log does not carry the last day of a certificate, so expiry stays unknown with this sensor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ringwall.shell.sensors.forms.event import UNREADABLE, Event, flow, of_epoch

NAME = "zeek"
UNSET = ("-", "(empty)", "")


def events(lines: Iterable[bytes], path: Path, zone: ZoneInfo) -> Iterator[Event | object | None]:  # noqa: ARG001
    """One answer a line; the columns of a tab-separated log are those of its own heading."""
    log, columns = path.name.partition(".")[0], list[str]()
    for raw in lines:
        line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
        if line.startswith("#"):
            name, _, rest = line.partition("\t")
            log = rest if name == "#path" else log
            columns = rest.split("\t") if name == "#fields" else columns
            yield None
        elif not line:
            yield None
        else:
            yield _event(log, line, columns)


def _event(log: str, line: str, columns: list[str]) -> Event | object:
    try:
        row = _of_json(line) if line.startswith("{") else dict(zip(columns, line.split("\t"), strict=True))
        return _of(row.get("_path", log), row)
    except (ValueError, KeyError, OverflowError, OSError, RecursionError):
        return UNREADABLE


def _of_json(line: str) -> dict[str, str]:
    return {name: str(value) for name, value in msgspec.json.decode(line, type=dict[str, object]).items()}


def _of(log: str, row: Mapping[str, str]) -> Event:
    at, ends = of_epoch(row["ts"]), (row["id.orig_h"], row["id.resp_h"])
    port = int(row["id.resp_p"])
    if log == "conn":
        return flow(at, ends, port, _count(row.get("orig_bytes", "-")), _count(row.get("resp_bytes", "-")))
    event: Event = {"timestamp": at, "src_ip": ends[0], "dest_ip": ends[1], "dest_port": port}
    match log:
        case "dns":
            name = row.get("query", "-")
            return event | {"event_type": "dns", "dns": {"type": "query", "rrname": None if name in UNSET else name}}
        case "ssl":
            return event | {"event_type": "tls", "tls": {}}
        case "ftp":
            named = row.get("user", "-") not in UNSET
            return event | {"event_type": "ftp", "ftp": {"command": "USER" if named else None}}
    return event | {"event_type": log}


def _count(text: str) -> int:
    """Zeek leaves a count unset where nothing was exchanged."""
    return 0 if text in UNSET else int(text)
