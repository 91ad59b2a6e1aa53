"""What a use case may ask of the world, as Protocols: the store implements them on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar
from uuid import UUID

from ringwall.basics import Language, OrganisationId, Refusal, Words
from ringwall.evidence import (
    Checkpoint,
    Counts,
    EpssTable,
    Interesting,
    KevEdition,
    SeenProduct,
    SensorFile,
    TailStep,
    Touched,
    TrafficBatch,
)
from ringwall.ledger import Transfer
from ringwall.monitoring import Channel, DeliveryReceipt, KeptAlerts, Message
from ringwall.service import CardAnswer, Qualification, RateCard, Suspension, Vetting
from ringwall.settlement import PanelAgreement, PanelPosting

T = TypeVar("T")
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
GrantRole = Literal["insured", "broker", "lead", "follower", "provider", "regulator"]
SendingState = Literal["waiting", "handed", "done", "dead"]
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


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person who speaks for an organisation: in which role, and in which language."""

    person_id: UUID
    organisation_id: OrganisationId
    organisation_kind: OrganisationKind
    role: str
    language: Language
    display_name: str


class Directory(Protocol):
    """Who is on the platform, as far as the acting organisation may know."""

    def by_code(self, code: str) -> Member | None: ...

    def by_id(self, organisation: UUID) -> Member | None: ...

    def all(self) -> tuple[Member, ...]: ...


class Objects(Protocol):
    """The things that are shared as a whole, and the dated grants on them."""

    def open(self, number: str) -> UUID: ...

    def hold(self, object_id: UUID) -> None:
        """Until this transaction ends nobody else changes what hangs on the object by a use case that holds it."""
        ...

    def by_number(self, number: str) -> UUID | None: ...

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
    """The files that the acting organisation may see; `readers` are the roles on the object that may see one."""

    def put(
        self, object_id: UUID, name: str, media_type: str, content: bytes, *, readers: Sequence[GrantRole] = ("lead",)
    ) -> StoredFile: ...

    def of_object(self, object_id: UUID) -> tuple[StoredFile, ...]: ...

    def read(self, file: StoredFile) -> bytes: ...


class Books(Protocol):
    """The acting organisation's own journal; a movement's id makes it unique."""

    def enter(self, object_id: UUID, transfers: Sequence[Transfer]) -> None: ...

    def of_object(self, object_id: UUID) -> tuple[Transfer, ...]: ...

    def all(self) -> tuple[Transfer, ...]: ...


class PanelChain(Protocol):
    """The one narrow way in which an insurer's write reaches other insurers' books: the panel's chain of postings."""

    def lock(self, agreement: PanelAgreement, sequence: str) -> None:
        """Until this transaction ends nobody else posts to the sequence."""
        ...

    def log(self, object_id: UUID) -> tuple[PanelPosting, ...]: ...

    def post(
        self,
        object_id: UUID,
        agreement: PanelAgreement,
        posting: PanelPosting,
        carriers: Mapping[str, UUID],
        transfers: Sequence[Transfer],
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to everybody who holds a role on an object; it leaves with the transaction that wrote it.

    `topic` is the kind of act, `about` the number under which that act stands; both find it again on delivery.
    """

    object_id: UUID
    topic: str
    to_role: GrantRole
    subject: Words
    text: Words
    link: str
    written_at: datetime
    about: str = ""


class Qualifications(Protocol):
    """The register of qualifications: everybody who is signed in reads, a provider adds its own, an insurer vets."""

    def of(self, provider: UUID) -> tuple[Qualification, ...]: ...

    def add(self, qualification: Qualification) -> None: ...

    def vettings(self, provider: UUID, insurer: UUID | None = None) -> tuple[Vetting, ...]:
        """The decisions of one insurer on a provider's certificates, or of all."""
        ...

    def vet(self, provider: UUID, vetting: Vetting) -> None:
        """The acting insurer's decision; a later one takes its place."""
        ...


class ProviderTerms(Protocol):
    """What stands between a provider and an insurer beside qualifications; everybody who is signed in reads it."""

    def suspension(self, provider: UUID, insurer: UUID) -> Suspension | None:
        """The insurer's newest decision to suspend the provider or to lift that."""
        ...

    def suspend(self, provider: UUID, decision: Suspension) -> None:
        """The acting insurer's decision; a later one takes its place."""
        ...

    def proposed(self, provider: UUID) -> tuple[RateCard, ...]:
        """The cards that a provider has proposed, in their order."""
        ...

    def propose(self, card: RateCard) -> None:
        """A card of the acting provider."""
        ...

    def answers(self, provider: UUID, insurer: UUID | None = None) -> tuple[CardAnswer, ...]:
        """The answers of one insurer to a provider's cards, or of all."""
        ...

    def answer(self, provider: UUID, answer: CardAnswer) -> None:
        """The acting insurer's answer."""
        ...


class Post(Protocol):
    """The outbox and the in-portal inbox; a message is seen by its addressee and its sender."""

    def send(self, letter: Letter) -> None: ...

    def inbox(self) -> tuple[Message, ...]:
        """What was sent to the acting organisation, unread first, then newest first."""
        ...

    def unread(self) -> int: ...

    def sent(self, object_id: UUID | None = None) -> tuple[Message, ...]:
        """What the acting organisation has sent, oldest first; on one object, or in all."""
        ...

    def received(self, message: UUID) -> Message | None: ...

    def keep(self, message: Message, receipts: Sequence[DeliveryReceipt]) -> None:
        """Further receipts of an own message, and word to the queue that its sender's clock may start."""
        ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way to one person's address over one channel; `key` is the same in every attempt."""

    message: Message
    person: UUID
    channel: Channel
    to: str
    language: Language
    attempts: int

    @property
    def key(self) -> str:
        return f"{self.message.id}.{self.person}"


class Outcome(StrEnum):
    """What the other side said: taken on, delivered, not now, or never; silent where it has said nothing new."""

    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    PUT_OFF = "put_off"
    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Carried:
    """An attempt with its two instants and the other side's own words."""

    outcome: Outcome
    began_at: datetime
    ended_at: datetime
    proof: str


class MessageDoor(Protocol):
    """A way out of the house. Both iterate lazily, so that each attempt is on record before the next one begins."""

    @property
    def channel(self) -> Channel: ...

    def carry(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Carried]]:
        """Each parcel once, over one connection."""
        ...

    def ask(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Carried]]:
        """What has become of parcels that were handed over."""
        ...


class Outgoing(Protocol):
    """What still has to be carried, over all organisations; the worker's, and nobody else's."""

    def plan(self, letter: UUID, channels: Iterable[Channel], at: datetime) -> None:
        """A parcel for each person of each addressee that has an address of the channel."""
        ...

    def alone(self, channel: Channel) -> AbstractContextManager[None]:
        """While it is held no other worker carries anything over the channel."""
        ...

    def waiting(self, channel: Channel, at: datetime, most: int) -> tuple[Parcel, ...]: ...

    def handed_over(self, channel: Channel, at: datetime, most: int) -> tuple[Parcel, ...]: ...

    def settle(
        self, parcel: Parcel, receipts: Sequence[DeliveryReceipt], state: SendingState, due_at: datetime
    ) -> None:
        """Receipts and state in one transaction; a delivery wakes the clock of the sender."""
        ...

    def handed_in(self, message: UUID, person: UUID, channel: Channel) -> Parcel | None:
        """One parcel, in whatever state it is; None where the message was never on its way over the channel."""
        ...

    def open_way(self, message: UUID, person: UUID, channel: Channel, at: datetime) -> bool:
        """The message is to be carried over one more channel; False where it was already, or reaches nobody there."""
        ...


class Tails(Protocol):
    """How far each live sensor was read, and its alerts; both move together or not at all."""

    def checkpoint(self, object_id: UUID, sensor: str) -> Checkpoint | None: ...

    def advance(self, object_id: UUID, step: TailStep) -> tuple[Interesting, ...] | None:
        """The alerts that were not known before; None where the checkpoint is not where the step began."""
        ...

    def alerts(self, object_id: UUID) -> tuple[Interesting, ...]: ...


class Looks(Protocol):
    """Looks of the house's own scanner that somebody waits for; the worker takes them, within the consent."""

    def wake(self, object_id: UUID) -> None:
        """Something on an object is to be looked at; what is due, the worker finds out itself."""
        ...


@dataclass(frozen=True, slots=True)
class Variety:
    """How many different peers were called, or names asked for, in the whole network on one day; 3 % uncertain."""

    day: date
    what: str
    about: int


class Hours(Protocol):
    """The hour table: what the closed files of sensors counted, added up file by file over the policy's term."""

    def hold(self, object_id: UUID, sensor: str) -> None:
        """Until this transaction ends nobody else adds a file of the sensor."""
        ...

    def add(self, object_id: UUID, sensor: str, batch: TrafficBatch) -> None: ...

    def note(self, object_id: UUID, sensor: str, file: SensorFile, sha256: str) -> None: ...

    def noted(self, object_id: UUID, sensor: str) -> frozenset[SensorFile]: ...

    def counts(self, object_id: UUID, at: datetime, since: date = date.min) -> Counts:
        """What was known at an instant, each day as one row; nothing raw is opened."""
        ...

    def variety(self, object_id: UUID, since: date = date.min) -> tuple[Variety, ...]: ...

    def forget(self, object_id: UUID, at: datetime) -> int:
        """Rows of interest whose ninety days are over, and calls too few to be a beacon; how many rows went."""
        ...


@dataclass(frozen=True, slots=True)
class AlertMark:
    """One application in sight: what its alerts rest on, as a mark, and the list that was kept under it if it holds."""

    object_id: UUID
    number: str
    mark: str
    kept: KeptAlerts | None


class AlertShelf(Protocol):
    """The alerts that stand, kept for the acting organisation: a reading of what is on record, and no record."""

    def marks(self, edition: str, at: datetime) -> tuple[AlertMark, ...]:
        """Every application in sight, in one question; `edition` says by which rules alerts are derived."""
        ...

    def keep(self, of: AlertMark, kept: KeptAlerts, at: datetime) -> None: ...


class Editions(Protocol):
    """The editions of feeds that the acting insurer has taken: what is new is what none of them had."""

    def entries(self, feed: str) -> frozenset[str] | None:
        """Every entry of every edition taken, None before the first; holds others back until the end."""
        ...

    def add_scores(self, feed: str, table: EpssTable, source: str, at: datetime) -> None:
        """A whole table of scores; one that another insurer has taken is not kept a second time."""
        ...

    def scores(self, feed: str, takers: Sequence[UUID], at: datetime) -> EpssTable | None:
        """The newest table that one of the takers had taken by an instant, and whose day had come."""
        ...

    def add_whole(self, feed: str, edition: KevEdition, at: datetime) -> None: ...

    def whole(self, feed: str, takers: Sequence[UUID], at: datetime) -> KevEdition | None:
        """The newest edition that one of the takers had taken by an instant, with everything in it."""
        ...

    def newest(self) -> tuple[tuple[str, str, date, datetime], ...]:
        """Of each feed the newest edition: feed, version, date, when it was taken."""
        ...


class Products(Protocol):
    """Which product was seen where, over all objects that the acting organisation may see."""

    def renew(self, object_id: UUID, products: Iterable[SeenProduct]) -> None: ...

    def touched(self, identities: Iterable[str]) -> tuple[tuple[UUID, Touched], ...]: ...


class Numbers(Protocol):
    def next(self, series: str) -> str:
        """The next number of a series, as `SERIES-000001`, drawn under a lock."""
        ...


class Once(Protocol):
    """Idempotency: the same key with the same content gives the stored answer, with other content a refusal."""

    def __call__(self, key: str, content: Json, answer: type[T], work: Callable[[], T | Refusal]) -> T | Refusal: ...

    def recall(self, key: str, answer: type[T]) -> T | None:
        """The stored answer to a key, or nothing where the work has not been done."""
        ...


class Gate(Protocol):
    """Signing in and out; the token is the only secret, and only its hash is kept."""

    def sign_in(self, name: str, password: str) -> str | Refusal: ...

    def speaker(self, token: str) -> Speaker | None: ...

    def sign_out(self, speaker: Speaker, token: str) -> None: ...
