"""The live tail: alerts out of a file that is still written, in steps that each end at a checkpoint.

The batch counts everything once the file is closed; the tail only makes alerts known within seconds. A line is decoded
only if the word `"alert"` stands in it, which rules most lines out at the speed of a search.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Protocol
from zoneinfo import ZoneInfo

import msgspec

from ringwall.basics import SHANGHAI, Refusal, local_day
from ringwall.evidence import NO_INSIDE_HOST, Checkpoint, Interesting, Kind, TailStep
from ringwall.shell.sensors import refusals
from ringwall.shell.sensors.rows import Privacy
from ringwall.shell.sensors.statements import DETAIL_CHARACTERS

MOST_LINES = 5_000
BLOCK_BYTES = 3 * 1024 * 1024
CHECKED_BYTES = 4_096
MARK = b'"alert"'
ADDRESSES_REMEMBERED = 65_536


class _Alert(msgspec.Struct):
    signature_id: int
    signature: str = ""
    severity: int = 0


class _Flow(msgspec.Struct):
    dest_port: int | None = None


class _Event(msgspec.Struct):
    timestamp: str
    event_type: str
    src_ip: str = ""
    dest_ip: str = ""
    dest_port: int | None = None
    alert: _Alert | None = None
    flow: _Flow | None = None


_DECODER = msgspec.json.Decoder(_Event)


@dataclass(frozen=True, slots=True)
class Spool:
    """Where a sensor writes: the file being written and those that were rotated away, all of one pattern."""

    sensor: str
    folder: Path
    pattern: str = "eve*.json*"

    def files(self) -> list[tuple[os.stat_result, Path]]:
        """What is there now, the longest untouched first; a file that is followed by another is closed."""
        found = []
        for path in self.folder.glob(self.pattern):
            try:
                found.append((path.stat(), path))
            except FileNotFoundError:
                continue
        return sorted(found, key=lambda entry: (entry[0].st_mtime_ns, entry[1].name))


class Progress(Protocol):
    """Keeps how far a sensor was read; a step and its checkpoint are kept in one transaction."""

    def load(self) -> Checkpoint | None: ...

    def save(self, step: TailStep) -> Refusal | None: ...


class Tail:
    """One sensor's files in steps; which addresses are inside, and their pseudonyms, are remembered between steps."""

    def __init__(self, spool: Spool, privacy: Privacy, zone: ZoneInfo = SHANGHAI) -> None:
        self._spool = spool
        self._zone = zone
        self._is_inside = lru_cache(maxsize=ADDRESSES_REMEMBERED)(privacy.is_inside)
        self._outward = lru_cache(maxsize=ADDRESSES_REMEMBERED)(privacy.outward)

    def step(self, before: Checkpoint | None) -> TailStep | Refusal | None:
        """The next whole lines after the checkpoint, at most 5,000; None where nothing new stands there yet."""
        try:
            files = self._spool.files()
            first, offset, told = _place(self._spool, files, before)
            for number, (_, path) in enumerate(files[first:], start=first):
                with path.open("rb") as file:
                    lines, after = _read(file, offset, closed=number < len(files) - 1)
                if lines:
                    alerts, rejected = self._alerts(lines)
                    refused = (told,) if told else ()
                    return TailStep(self._spool.sensor, before, after, len(lines), rejected, alerts, refused)
                offset = 0
        except OSError as error:
            return refusals.unreadable(str(self._spool.folder), str(error))
        return None

    def _alerts(self, lines: list[bytes]) -> tuple[tuple[Interesting, ...], int]:
        """The alerts among the lines, and how many lines look like one and cannot be read."""
        alerts: list[Interesting] = []
        rejected = 0
        for line in lines:
            if MARK not in line:
                continue
            try:
                event = _DECODER.decode(line)
                if event.event_type == "alert" and event.alert is not None:
                    alerts.append(self._alert(event, event.alert))
            except (ValueError, RecursionError):
                rejected += 1
        return _alike_together(alerts), rejected

    def _alert(self, event: _Event, alert: _Alert) -> Interesting:
        """The same row as the batch makes of it: the host is the inside end, the source where both are inside."""
        at = datetime.fromisoformat(event.timestamp)
        if at.tzinfo is None:
            raise ValueError("an instant without its offset")
        src_in = self._is_inside(event.src_ip)
        host = event.src_ip if src_in else event.dest_ip if self._is_inside(event.dest_ip) else NO_INSIDE_HOST
        ends = (self._outward(host), self._outward(event.dest_ip if src_in else event.src_ip))
        flow_port = event.flow.dest_port if event.flow else None
        port = event.dest_port if flow_port is None else flow_port
        detail = f"{alert.signature_id} {alert.signature}"[:DETAIL_CHARACTERS]
        return Interesting(Kind.ALERT, *ends, port, local_day(at, self._zone), at, at, 1, alert.severity, detail)


def follow(tail: Tail, progress: Progress, *, ended: Callable[[], bool], rest: Callable[[], None]) -> Refusal | None:
    """Step after step until told to end; `rest` waits a moment when nothing new stands there."""
    before = progress.load()
    while not ended():
        step = tail.step(before)
        if isinstance(step, Refusal):
            return step
        if step is None:
            rest()
            continue
        if (refusal := progress.save(step)) is not None:
            return refusal
        before = step.after
    return None


def _place(
    spool: Spool, files: list[tuple[os.stat_result, Path]], before: Checkpoint | None
) -> tuple[int, int, Refusal | None]:
    """Which file to go on with and from where; a file that is gone or was cut short is told."""
    if before is None:
        return 0, 0, None
    for number, (state, path) in enumerate(files):
        if state.st_ino == before.inode:
            with path.open("rb") as file:
                same = state.st_size >= before.offset and _checksum(file, before.offset) == before.crc
            return (number, before.offset, None) if same else (number, 0, refusals.cut_short(path.name, before.offset))
    newer = [number for number, (state, _) in enumerate(files) if state.st_mtime_ns > before.modified_ns]
    return (newer[0], 0, refusals.gone(spool.sensor, before.offset)) if newer else (len(files), 0, None)


def _read(file: BinaryIO, offset: int, *, closed: bool) -> tuple[list[bytes], Checkpoint]:
    """Whole lines from the offset; the last line of a closed file is whole without its end.

    A line that does not fit into a block is taken in pieces, none of which is an event.
    """
    file.seek(offset)
    block = file.read(BLOCK_BYTES)
    lines = block.split(b"\n")
    rest = lines.pop()
    if rest and (len(rest) == BLOCK_BYTES or (closed and len(block) < BLOCK_BYTES)):
        lines.append(rest)
    lines = lines[:MOST_LINES]
    end = min(offset + sum(map(len, lines)) + len(lines), offset + len(block))
    state = os.fstat(file.fileno())
    return lines, Checkpoint(state.st_ino, end, _checksum(file, end), state.st_mtime_ns)


def _checksum(file: BinaryIO, end: int) -> int:
    begin = max(0, end - CHECKED_BYTES)
    file.seek(begin)
    return zlib.crc32(file.read(end - begin))


def _alike_together(alerts: Iterable[Interesting]) -> tuple[Interesting, ...]:
    """One row for the alerts of a day that differ only in their instants."""
    merged: dict[tuple[object, ...], Interesting] = {}
    for alert in alerts:
        key = (alert.host, alert.peer, alert.port, alert.day, alert.severity, alert.detail)
        known = merged.get(key)
        merged[key] = alert if known is None else _together(known, alert)
    return tuple(merged.values())


def _together(one: Interesting, other: Interesting) -> Interesting:
    return one._replace(
        first_at=min(one.first_at, other.first_at),
        last_at=max(one.last_at, other.last_at),
        events=one.events + other.events,
    )
