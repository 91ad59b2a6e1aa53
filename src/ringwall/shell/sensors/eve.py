"""Closed sensor files, EVE or translated to it, become counts and rows; no inside address leaves in the clear."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

import duckdb

from ringwall.basics import SHANGHAI, Refusal
from ringwall.evidence import NO_INSIDE_HOST, TrafficBatch
from ringwall.shell.sensors import refusals
from ringwall.shell.sensors.forms import translate
from ringwall.shell.sensors.inside import Network
from ringwall.shell.sensors.rejected import copy_without_long_lines, name_rejected
from ringwall.shell.sensors.rows import Privacy, Result
from ringwall.shell.sensors.statements import ROWS_KEPT, read_file

Form = Literal["eve", "zeek", "nfdump"]


class Hash(Protocol):
    """What is used of a hash that is being taken."""

    def update(self, data: memoryview, /) -> None: ...
    def hexdigest(self) -> str: ...


LEAST_KEY_BYTES = 16
HASHED_AT_ONCE = 1 << 20
"""Bytes; what was just read is still in the processor's own memory when it is hashed."""
HASHED_BESIDE_READING = Fraction(3, 4)
"""Of the file; reading takes every processor, while rows are made one is free for the rest."""


def ingest(
    path: Path,
    *,
    key: bytes,
    inside: tuple[Network, ...],
    threads: int = 2,
    memory_mib: int = 256,
    zone: ZoneInfo = SHANGHAI,
    form: Form = "eve",
) -> TrafficBatch | Refusal:
    """Read one closed file; days are days of the zone; bad lines are counted and the first few named.

    The key belongs to one insured: a host has the same pseudonym in every file, and only the key leads back.
    """
    if len(key) < LEAST_KEY_BYTES or not inside:
        return refusals.unset(path.name, LEAST_KEY_BYTES)
    try:
        before = path.stat()
        with (
            tempfile.TemporaryDirectory(prefix="ringwall-eve-") as scratch,
            _opened(Path(scratch), threads, memory_mib) as engine,
        ):
            batch = _ingest(path, Path(scratch), engine, Privacy(key, inside), zone, form)
        after = path.stat()
    except duckdb.OutOfMemoryException:
        return refusals.too_large(path.name, memory_mib)
    except (OSError, duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException) as error:
        return refusals.unreadable(path.name, str(error).partition("\n")[0])
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return refusals.still_open(path.name)
    nothing_usable = 0 < batch.lines == batch.rejected
    return refusals.no_events(path.name, batch.lines) if nothing_usable else batch


def _ingest(
    path: Path, scratch: Path, engine: duckdb.DuckDBPyConnection, privacy: Privacy, zone: ZoneInfo, form: Form
) -> TrafficBatch:
    """The hash is taken beside the other work; the link keeps a name with [ or * from being a pattern."""
    source = scratch / "eve.json"
    if form == "eve":
        source.symlink_to(path.resolve(strict=True))
    else:
        translate(form, path, source, zone)
    with path.open("rb", buffering=0) as file, ThreadPoolExecutor(max_workers=1) as beside, _uncollected():
        checksum = sha256()
        begun = beside.submit(_hash_on, file, checksum, int(path.stat().st_size * HASHED_BESIDE_READING))
        source = _read(engine, source, privacy)
        ended = beside.submit(_hash_on, file, checksum)
        result = Result(engine, privacy, zone)
        lines, rejected, first_at, last_at = result.totals()
        hourly, certificates, calls = result.hourly(), result.certificates(), result.calls()
        rows, more = result.interesting()
        spreads, long_names = result.names()
        sketches = result.sketches()
        size_bytes = begun.result() + ended.result()
    said = name_rejected(source, path.name) if rejected else ()
    if more:
        said += (refusals.rows_left_out(path.name, ROWS_KEPT, more),)
    if hourly and all(row.host == NO_INSIDE_HOST for row in hourly):
        said += (refusals.all_outside(path.name),)
    return TrafficBatch(
        source_name=path.name,
        size_bytes=size_bytes,
        sha256=checksum.hexdigest(),
        lines=lines,
        rejected=rejected,
        first_at=first_at,
        last_at=last_at,
        hourly=hourly,
        interesting=rows + long_names,
        certificates=certificates,
        names=spreads,
        calls=calls,
        refusals=said,
        sketches=sketches,
    )


def _opened(scratch: Path, threads: int, memory_mib: int) -> duckdb.DuckDBPyConnection:
    """An engine that spills into the scratch folder, fetches nothing and keeps no order it is not asked for."""
    engine = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": f"{memory_mib}MiB",
            "temp_directory": str(scratch / "spill"),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    engine.execute("SET TimeZone = 'UTC'")
    return engine


def _read(engine: duckdb.DuckDBPyConnection, source: Path, privacy: Privacy) -> Path:
    """Read the file once; an endless line stops the engine, then a copy without such lines is read instead."""
    statement = read_file(privacy.inside)
    try:
        engine.execute(statement, {"path": str(source)})
    except duckdb.InvalidInputException:
        copy = source.with_name("without_long_lines.json")
        copy_without_long_lines(source, copy)
        engine.execute(statement, {"path": str(copy)})
        return copy
    return source


@contextmanager
def _uncollected() -> Iterator[None]:
    """Many rows are made and none of them is garbage: to look through them again and again costs as much as they do."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _hash_on(file: FileIO, checksum: Hash, most: int | None = None) -> int:
    """Hash what comes next in the file, at most so many bytes, else all that is left; gives how many there were."""
    piece, size = memoryview(bytearray(HASHED_AT_ONCE)), 0
    while read := file.readinto(piece if most is None else piece[: most - size]):
        size += read
        checksum.update(piece[:read])
    return size
