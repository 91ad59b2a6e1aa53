"""A large EVE file out of real lines: addresses, times and identifiers are replaced, the rest stays as captured."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

REPLACED = re.compile(
    rb'("(?:timestamp|start|end)":")[^"]{31}(?=")|("flow_id":)\d+|("(?:src_ip)":")[^"]+(?=")|("(?:dest_ip)":")[^"]+(?=")'
)
BEGIN = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
DAY_SECONDS = 86_400
INSIDE_HOSTS, OUTSIDE_HOSTS = 1_500, 650
EVENTS_A_SECOND = 500
LINES_AT_ONCE = 20_000


def template(line: bytes) -> tuple[list[bytes], list[int]]:
    """The pieces of a line between its places, and what stands in each place: 0 time, 1 flow, 2 source, 3 target."""
    pieces, kinds, at = [], [], 0
    for found in REPLACED.finditer(line):
        kinds.append(next(place for place, group in enumerate(found.groups()) if group is not None))
        pieces.append(line[at : found.start()] + next(group for group in found.groups() if group is not None))
        at = found.end()
    return [*pieces, line[at:]], kinds


def lines(sample: Path, seed: int = 20261124) -> Iterator[bytes]:
    """Endless lines in the order of a day that begins again; two of three events leave from an inside host."""
    rng = random.Random(seed)
    templates = [template(line) for line in sample.read_bytes().splitlines()]
    inside = [f"10.41.{n >> 8}.{n & 255}".encode() for n in range(INSIDE_HOSTS)]
    outside = [f"198.18.{n >> 8}.{n & 255}".encode() for n in range(OUTSIDE_HOSTS)]
    stamps = [
        (BEGIN + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S").encode() for second in range(DAY_SECONDS)
    ]
    number = 0
    while True:
        for pieces, kinds in templates:
            number += 1
            time = b"%s.%06d+0000" % (stamps[number // EVENTS_A_SECOND % DAY_SECONDS], number * 7919 % 1_000_000)
            ends = (rng.choice(inside), rng.choice(outside))
            values = (time, b"%d" % (1_000_000_000_000 + number), *(ends if number % 3 else ends[::-1]))
            text = [pieces[0]]
            for kind, piece in zip(kinds, pieces[1:], strict=True):
                text += (values[kind], piece)
            yield b"".join(text)


def write_file(sample: Path, target: Path, least_bytes: int) -> int:
    """Write at least so many bytes; gives the number of lines."""
    written = count = 0
    block: list[bytes] = []
    with target.open("wb") as file:
        for line in lines(sample):
            block.append(line)
            if len(block) == LINES_AT_ONCE:
                written += file.write(b"\n".join(block) + b"\n")
                count += len(block)
                block.clear()
                if written >= least_bytes:
                    return count
    raise AssertionError("the lines never end")
