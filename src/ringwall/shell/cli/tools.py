"""What the commands are given from outside: the catalogue, the other shells and the clock, put together by wiring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

if TYPE_CHECKING:  # only said here, never called: the list of commands is shown without any room
    from collections.abc import Iterable, Mapping, Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager
    from datetime import datetime
    from ipaddress import IPv4Network, IPv6Network
    from pathlib import Path

    from numpy.typing import NDArray

    from ringwall.basics import Language, Refusal
    from ringwall.evidence import Intelligence, ScanResult, TrafficBatch
    from ringwall.exposure import Asset, Challenge, Consent, ControlProof
    from ringwall.portfolio import AccountLoss, BookPolicy, Compile, OrdTable, Store
    from ringwall.product import Booklet, MutationReport, ProductReport, Proof

Resolver = Any
"""Whoever answers questions to the DNS; only the probes look inside."""


class Lab(Protocol):
    """A company's hosts on loopback addresses of this machine, for as long as the `with` block lasts."""

    @property
    def assets(self) -> tuple[Asset, ...]: ...
    @property
    def resolver(self) -> Resolver: ...
    @property
    def ports(self) -> tuple[int, ...]: ...
    @property
    def http_port(self) -> int: ...
    @property
    def dns_port(self) -> int: ...
    def publish_challenge(self, challenge: Challenge) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: Any) -> None: ...


class ReadCatalogue(Protocol):
    """All texts below a folder of the catalogue, by their path relative to it."""

    def __call__(self, *parts: str) -> Mapping[str, str]: ...


class Scan(Protocol):
    """One look at the assets, within consent and proofs."""

    def __call__(
        self,
        assets: Iterable[Asset],
        consent: Consent | None,
        proofs: tuple[ControlProof, ...],
        resolver: Resolver,
        at: datetime,
        *,
        allow_loopback: bool = ...,
        swept_ports: tuple[int, ...] = ...,
        name_server_port: int = ...,
    ) -> ScanResult: ...


class CheckControl(Protocol):
    """One look for the token of each challenge, in order."""

    def __call__(
        self,
        challenges: Iterable[Challenge],
        consent: Consent,
        resolver: Resolver,
        at: datetime,
        *,
        http_port: int = ...,
        allow_loopback: bool = ...,
    ) -> tuple[ControlProof | Refusal, ...]: ...


class Ingest(Protocol):
    """One closed sensor file as counts and rows without an inside address."""

    def __call__(
        self,
        path: Path,
        *,
        key: bytes,
        inside: tuple[IPv4Network | IPv6Network, ...],
        form: Literal["eve", "zeek", "nfdump"] = ...,
    ) -> TrafficBatch | Refusal: ...


class CheckedBook(Protocol):
    """What was found in a portfolio file; `first` are the refusals of its first broken rows."""

    @property
    def rows(self) -> int: ...
    @property
    def good(self) -> int: ...
    @property
    def broken(self) -> int: ...
    @property
    def first(self) -> tuple[Refusal, ...]: ...


class CheckPortfolio(Protocol):
    """One reading of a portfolio file of any size, with a report of what is broken and a file of what is good."""

    def __call__(
        self, path: Path, *, shown: int = ..., report: Path | None = ..., good: Path | None = ...
    ) -> CheckedBook | Refusal: ...


class WriteOrd(Protocol):
    """ORD tables of each perspective into a new folder."""

    def __call__(
        self, folder: Path, perspectives: Mapping[str, Iterable[OrdTable]], form: Literal["csv", "parquet"]
    ) -> tuple[Path, ...]: ...


class PaidByOasis(Protocol):
    """Row of an account file, coverage and event to what Oasis pays of these losses, in yuan."""

    def __call__(
        self, folder: Path, losses: Iterable[AccountLoss], python: Path
    ) -> Mapping[tuple[int, int, int], float] | Refusal: ...


class Runs(Protocol):
    """Large runs of a book: workers, a folder of finished blocks, tables as Parquet."""

    def open_workers(self, workers: int, kind: str) -> AbstractContextManager[Executor | Refusal]: ...
    def open_folder(self, folder: Path) -> Store: ...
    def book_text(self, path: Path) -> str: ...
    def checked_rows(self, path: Path, first: int, last: int) -> Iterable[BookPolicy]: ...
    def write_table(
        self, path: Path, columns: Mapping[str, NDArray[Any]], texts: Mapping[str, Sequence[str]]
    ) -> None: ...


class PrintBooklet(Protocol):
    """The customer's booklet as a PDF."""

    def __call__(self, booklet: Booklet, language: Language, at: datetime) -> bytes: ...


class PrintFiling(Protocol):
    """The proof that goes with a filing, as a PDF."""

    def __call__(
        self, report: ProductReport, proof: Proof, mutation: MutationReport, language: Language, at: datetime
    ) -> bytes: ...


class Tools(Protocol):
    """Everything that a command on files needs and may not import; each is made when a command reaches for it."""

    @property
    def catalogue(self) -> ReadCatalogue: ...
    @property
    def scan(self) -> Scan: ...
    @property
    def check_control(self) -> CheckControl: ...
    @property
    def ingest(self) -> Ingest: ...
    @property
    def check_portfolio(self) -> CheckPortfolio: ...
    @property
    def write_ord(self) -> WriteOrd: ...
    @property
    def paid_by_oasis(self) -> PaidByOasis: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def lab_stages(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> Language:
        """For where `--lang` says nothing."""

    @property
    def print_booklet(self) -> PrintBooklet | None:
        """Without a press the commands write data only, and say so."""

    @property
    def print_filing(self) -> PrintFiling | None: ...
    @property
    def loops(self) -> Compile:
        """How the loops of a book are compiled."""

    def resolver(self, servers: tuple[str, ...], /) -> Resolver:
        """Asks the name servers of these addresses, or those of the machine where none is given."""

    def oasis_python(self, named: Path | None, /) -> Path | Refusal:
        """The interpreter that has Oasis."""

    def load_intelligence(self) -> tuple[Intelligence, tuple[Refusal, ...]]: ...
    def start_lab(self, stage: str, /) -> Lab: ...
    def now(self) -> datetime: ...
