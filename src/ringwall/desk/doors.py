"""What a use case may ask of the world, as Protocols: the store implements them on a real database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, Protocol, TypeVar
from uuid import UUID

from ringwall.basics import OrganisationId, Refusal, Words

T = TypeVar("T")
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
GrantRole = Literal["insured", "broker", "lead", "follower", "provider", "regulator"]
OrganisationKind = Literal["insurer", "insured", "broker", "provider", "regulator"]


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """One version of one thing, with its owner, the object it belongs to, and its two dates."""

    id: UUID
    owner_id: UUID
    object_id: UUID
    number: str
    version: int
    state: str
    effective_at: datetime
    known_at: datetime
    record: T


class Shelf(Protocol[T]):
    """The histories of one noun; nothing on a shelf is ever changed or taken away."""

    def newest(self, number: str) -> Row[T] | None: ...

    def history(self, number: str) -> tuple[Row[T], ...]: ...

    def of_object(self, object_id: UUID) -> tuple[Row[T], ...]: ...

    def all(self) -> tuple[Row[T], ...]: ...

    def add(
        self, number: str, record: T, *, object_id: UUID, effective_at: datetime, known_at: datetime, state: str = ""
    ) -> Row[T]: ...


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of the platform as others may see it."""

    id: OrganisationId
    code: str
    kind: OrganisationKind
    name: Words


class Directory(Protocol):
    """Who is on the platform, as far as the acting organisation may know."""

    def by_code(self, code: str) -> Member | None: ...

    def by_id(self, organisation: UUID) -> Member | None: ...

    def all(self) -> tuple[Member, ...]: ...


class Objects(Protocol):
    """The things that are shared as a whole, and the dated grants on them."""

    def open(self, number: str) -> UUID: ...

    def number_of(self, object_id: UUID) -> str: ...

    def share(self, object_id: UUID, organisation: UUID, role: GrantRole) -> None: ...

    def roles(self, object_id: UUID) -> frozenset[str]: ...

    def holders(self, object_id: UUID, role: GrantRole) -> tuple[UUID, ...]: ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file by its content: the SHA-256 of the plaintext names it for its owner."""

    owner_id: UUID
    object_id: UUID
    sha256: str
    name: str
    media_type: str
    size_bytes: int


class Files(Protocol):
    def put(self, object_id: UUID, name: str, media_type: str, content: bytes) -> StoredFile: ...

    def of_object(self, object_id: UUID) -> tuple[StoredFile, ...]: ...

    def read(self, file: StoredFile) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Movement:
    """One leg of a compound entry in an organisation's own books, in whole minor units."""

    debit: str
    credit: str
    amount_minor: int
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class BookedMovement:
    """A movement as it stands in the journal, with its entry, its two dates and what it refers to."""

    entry: str
    movement: Movement
    effective_on: date
    known_at: datetime
    reference: str
    state: str


class Books(Protocol):
    """The acting organisation's own journal; an entry's name makes it idempotent."""

    def enter(
        self,
        entry: str,
        movements: Sequence[Movement],
        *,
        object_id: UUID,
        effective_on: date,
        known_at: datetime,
        reference: str,
    ) -> None: ...

    def of_object(self, object_id: UUID) -> tuple[BookedMovement, ...]: ...

    def all(self) -> tuple[BookedMovement, ...]: ...


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One carrier's part of one posting of a panel's sequence."""

    panel: str
    kind: str
    number: int
    posting: str
    carrier: UUID
    place: int
    amount_minor: int
    running_total_minor: int
    part_minor: int
    decided_by: str
    effective_on: date
    known_at: datetime


class PanelChain(Protocol):
    """The one narrow way in which an insurer's write reaches other insurers' books: the panel's chain of postings."""

    def position(self, panel: str, kind: str) -> tuple[int, int]:
        """The last number and running total of a sequence, locked until the transaction ends; (0, 0) at the start."""
        ...

    def post(self, object_id: UUID, lines: Sequence[PanelLine]) -> None: ...

    def of_object(self, object_id: UUID) -> tuple[PanelLine, ...]: ...

    def all(self) -> tuple[PanelLine, ...]: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to everybody who holds a role on an object; it leaves with the transaction that wrote it."""

    object_id: UUID
    topic: str
    to_role: GrantRole
    subject: Words
    text: Words
    link: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """A delivered message with its instants; clocks start on delivery."""

    id: UUID
    topic: str
    subject: Words
    text: Words
    link: str
    written_at: datetime
    delivered_at: datetime
    read_at: datetime | None


class Post(Protocol):
    """The outbox and the in-portal inbox."""

    def send(self, letter: Letter) -> None: ...

    def inbox(self) -> tuple[ReceivedLetter, ...]: ...

    def mark_read(self, message: UUID) -> None: ...


class Numbers(Protocol):
    def next(self, series: str) -> str:
        """The next number of a series, as `SERIES-000001`, drawn under a lock."""
        ...


class Once(Protocol):
    """Idempotency: the same key with the same content gives the stored answer, with other content a refusal."""

    def __call__(self, key: str, content: Json, answer: type[T], work: Callable[[], T | Refusal]) -> T | Refusal: ...


Documents = Mapping[str, bytes]
