"""nfdump's CSV, JSON or NDJSON of flows: one direction a record, times in the zone of the collector.

A record that leaves a well-known port for a high one is the answer of a server, so its ends are turned round.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ringwall.shell.sensors.forms.event import UNREADABLE, Event, flow, instant

NAME = "nfdump"
WELL_KNOWN = 1024
JSON_NAMES = {"ts": ("t_first", "first"), "sa": ("src4_addr", "src6_addr"), "da": ("dst4_addr", "dst6_addr")}
JSON_NUMBERS = {"sp": "src_port", "dp": "dst_port", "ibyt": "in_bytes", "obyt": "out_bytes"}
SUMMARY = "Summary"


def events(lines: Iterable[bytes], path: Path, zone: ZoneInfo) -> Iterator[Event | object | None]:  # noqa: ARG001
    """One answer a line of CSV or NDJSON; of an array over many lines, one a record."""
    texts = (line.decode("utf-8", errors="replace") for line in lines)
    first = next((text for text in texts if text.strip()), "")
    if first.lstrip().startswith("["):
        yield from (_answer(row, zone) for row in _array(first + "".join(texts)))
    elif first.lstrip().startswith("{"):
        yield from (_answer(_of_json(text), zone) if text.strip() else None for text in (first, *texts))
    else:
        yield from _of_csv(first, texts, zone)


def _of_csv(heading: str, texts: Iterable[str], zone: ZoneInfo) -> Iterator[Event | object | None]:
    """Up to the summary that nfdump puts below its table."""
    columns = [name.strip() for name in heading.split(",")]
    yield None
    for text in texts:
        if text.startswith(SUMMARY):
            return
        row = next(csv.reader([text]), [])
        yield _answer(dict(zip(columns, map(str.strip, row), strict=False)), zone) if row else None


def _array(text: str) -> list[Mapping[str, str]]:
    try:
        return [_renamed(row) for row in msgspec.json.decode(text, type=list[dict[str, object]])]
    except msgspec.MsgspecError:
        return [{}]


def _of_json(text: str) -> Mapping[str, str]:
    try:
        return _renamed(msgspec.json.decode(text, type=dict[str, object]))
    except msgspec.MsgspecError:
        return {}


def _renamed(row: Mapping[str, object]) -> Mapping[str, str]:
    """The columns of the CSV out of the names of the JSON, old and new."""
    texts = {short: next((str(row[n]) for n in names if n in row), "") for short, names in JSON_NAMES.items()}
    return texts | {short: str(row.get(name, 0)) for short, name in JSON_NUMBERS.items()}


def _answer(row: Mapping[str, str], zone: ZoneInfo) -> Event | object:
    try:
        at = datetime.fromisoformat(row["ts"])
        ends, ports = (row["sa"], row["da"]), (int(row["sp"]), int(float(row["dp"])))
        sent, received = int(row["ibyt"]), int(row.get("obyt") or 0)
    except (KeyError, ValueError):
        return UNREADABLE
    when = instant(at if at.tzinfo else at.replace(tzinfo=zone))
    if ports[0] < WELL_KNOWN <= ports[1]:
        return flow(when, (ends[1], ends[0]), ports[0], received, sent)
    return flow(when, ends, ports[1], sent, received)
