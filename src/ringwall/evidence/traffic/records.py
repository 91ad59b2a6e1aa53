"""The records of counted traffic: hourly counts, rows of interest, and the batch of one closed sensor file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from ringwall.basics import Refusal, Words

WHOLE_NETWORK = "*"
NO_INSIDE_HOST = "-"
"""Stands for the host of an event with no inside address: sensor statistics, or traffic of others."""
LONG_LABEL = 25
"""Left labels from this length make a name a row of its own, and its domain a row of `NameSpread`."""
MARKS_KEPT = 256
"""Smallest name marks kept for each domain: counts of distinct names are exact up to this many after a merge."""


class Kind(StrEnum):
    """Why a single event was kept as a row."""

    ALERT = "alert"
    EXPIRED_CERTIFICATE = "expired_certificate"
    CLEARTEXT_LOGIN = "cleartext_login"
    LONG_DNS_NAME = "long_dns_name"


class HourlyCount(NamedTuple):
    """Events of one type that one inside host had in one hour; bytes count only what crossed the border.

    A flow counts in the hour in which it started, every other event in the hour in which it was written. A file has
    tens of thousands of these, and a named tuple is made several times as fast as a frozen dataclass.
    """

    host: str
    hour: datetime
    event_type: str
    events: int
    bytes_out: int
    bytes_in: int
    severe_alerts: int


class Interesting(NamedTuple):
    """Like events of one day as one row; the detail never holds a payload, a full address line or a full name."""

    kind: Kind
    host: str
    peer: str
    port: int | None
    day: date
    first_at: datetime
    last_at: datetime
    events: int
    severity: int | None
    detail: str


class CertificateCount(NamedTuple):
    """TLS handshakes of one day in which an inside server showed its certificate (TLS 1.3 hides it)."""

    host: str
    day: date
    shown: int
    expired: int


@dataclass(frozen=True, slots=True)
class NameSpread:
    """The names under one registered domain, at least one of them long, that one host asked for on one day.

    `marks` are keyed 64-bit hashes of the names, the smallest 256, ascending, so that batches merge without names.
    """

    host: str
    day: date
    domain: str
    names: int
    mean_left_label: float
    mean_entropy: float
    marks: tuple[int, ...]


class Calls(NamedTuple):
    """Connections of one day from an inside host to one outside address and port; starts in seconds, ascending.

    A file has tens of thousands of these too.
    """

    host: str
    peer: str
    port: int
    day: date
    starts: tuple[int, ...]
    sizes: tuple[int, ...]


class Sketch(NamedTuple):
    """The HyperLogLog registers of one host's day: of the peers that it called, or of the names that it asked for."""

    host: str
    day: date
    what: str
    registers: bytes


class Counted(Protocol):
    """What the indicators read: of one file, or of everything that was counted over months."""

    @property
    def hourly(self) -> Sequence[HourlyCount]: ...
    @property
    def interesting(self) -> Sequence[Interesting]: ...
    @property
    def certificates(self) -> Sequence[CertificateCount]: ...
    @property
    def names(self) -> Sequence[NameSpread]: ...
    @property
    def calls(self) -> Sequence[Calls]: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that was counted of one insured in a period, read from the hour table."""

    hourly: tuple[HourlyCount, ...]
    interesting: tuple[Interesting, ...]
    certificates: tuple[CertificateCount, ...]
    names: tuple[NameSpread, ...]
    calls: tuple[Calls, ...]


class SensorFile(NamedTuple):
    """A closed file as the folder shows it: the same three mean that it was taken before, unread."""

    name: str
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class TrafficBatch:
    """One closed sensor file; name, size and SHA-256 together say whether it was taken before."""

    source_name: str
    size_bytes: int
    sha256: str
    lines: int
    rejected: int
    first_at: datetime | None
    last_at: datetime | None
    hourly: tuple[HourlyCount, ...]
    interesting: tuple[Interesting, ...]
    certificates: tuple[CertificateCount, ...] = ()
    names: tuple[NameSpread, ...] = ()
    calls: tuple[Calls, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    sketches: tuple[Sketch, ...] = ()

    @property
    def identity(self) -> tuple[str, int, str]:
        return self.source_name, self.size_bytes, self.sha256

    def receipt(self) -> TrafficBatch:
        """The file without what was counted in it: that lives in the hour table, for as long as each part may."""
        return replace(self, hourly=(), interesting=(), certificates=(), names=(), calls=(), sketches=())


@dataclass(frozen=True, slots=True)
class Indicator:
    """One answer for one host and day; `raised` is None where too little was seen to say."""

    code: str
    host: str
    day: date
    value: float | None
    threshold: float
    raised: bool | None
    because: Words


def distinct_batches(batches: Sequence[TrafficBatch]) -> tuple[TrafficBatch, ...]:
    """Each file once, in the order given: the same file sent twice counts once."""
    return tuple({batch.identity: batch for batch in batches}.values())
