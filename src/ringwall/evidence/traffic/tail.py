"""A sensor's file read while it is written: how far it was read, and what one step of reading brought."""

from __future__ import annotations

from dataclasses import dataclass

from ringwall.basics import Refusal
from ringwall.evidence.traffic.records import Interesting


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Up to where the file with this inode was read; `crc` of the 4 KiB before tells whether it still is that file."""

    inode: int
    offset: int
    crc: int
    modified_ns: int
    """When the file was last written to, so that after its loss only newer files are taken."""


@dataclass(frozen=True, slots=True)
class TailStep:
    """Whole lines between two checkpoints; it is put on record together with the second, or not at all."""

    sensor: str
    before: Checkpoint | None
    after: Checkpoint
    lines: int
    rejected: int
    alerts: tuple[Interesting, ...]
    refusals: tuple[Refusal, ...] = ()
