"""The office on PostgreSQL: the shelves and doors of one organisation, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.desk.catalogue import Catalogue
from ringwall.desk.records import (
    BookRun,
    ClaimFile,
    PolicyFile,
    QuoteFile,
    RefitFile,
    ReportFile,
    ScanFile,
    StatisticsFile,
)
from ringwall.evidence import Finding, Statement, TrafficBatch
from ringwall.exposure import Asset, Challenge, ConsentEntry, ControlProof, Organisation
from ringwall.incident import Incident
from ringwall.market import PeerComparison
from ringwall.monitoring import Acknowledgement, Notice, RiskTold
from ringwall.policy import Receipt
from ringwall.portfolio import BookPolicy
from ringwall.service import BankAccount, Order
from ringwall.shell.store.connection import Pool, acting_for
from ringwall.shell.store.files import FileRoom, FileStore
from ringwall.shell.store.money import JournalRows, PanelRows
from ringwall.shell.store.nouns import NounShelf
from ringwall.shell.store.people import DirectoryRows, ObjectRows
from ringwall.shell.store.post.box import PostRows
from ringwall.shell.store.watched.editions import EditionRows
from ringwall.shell.store.watched.hours import HourRows
from ringwall.shell.store.watched.kept_alerts import KeptAlertRows
from ringwall.shell.store.watched.looks import LookRows
from ringwall.shell.store.watched.products import ProductRows
from ringwall.shell.store.watched.provider_terms import ProviderTermRows
from ringwall.shell.store.watched.qualifications import QualificationRows
from ringwall.shell.store.watched.tails import TailRows
from ringwall.shell.store.writes import NumberRows, OnceRows
from ringwall.underwriting import Explanation, Knowledge, Submission

T = TypeVar("T")


class StoreOffice:
    """Implements `ringwall.desk.office.Office`; which table holds which noun stands here and nowhere else."""

    def __init__(self, connection: Connection[DictRow], me: UUID, catalogue: Catalogue, files: FileStore) -> None:
        self._connection = connection
        self._me = me
        self._catalogue = catalogue
        self.files = FileRoom(connection, me, files)
        self.directory = DirectoryRows(connection)
        self.objects = ObjectRows(connection, me)
        self.numbers = NumberRows(connection, me)
        self.once = OnceRows(connection, me)
        self.post = PostRows(connection, me)
        self.books = JournalRows(connection, me)
        self.panel_chain = PanelRows(connection)
        self.products = ProductRows(connection, me)
        self.tails = TailRows(connection, me)
        self.hours = HourRows(connection, me)
        self.looks = LookRows(connection)
        self.alert_shelf = KeptAlertRows(connection, me)
        self.editions = EditionRows(connection, me)
        self.qualifications = QualificationRows(connection, me)
        self.provider_terms = ProviderTermRows(connection, me)

    @property
    def me(self) -> UUID:
        return self._me

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    def _shelf(self, noun: str, record: type[T]) -> NounShelf[T]:
        return NounShelf(self._connection, self._me, noun, record)

    @cached_property
    def profiles(self) -> NounShelf[Organisation]:
        return self._shelf("insured_profile", Organisation)

    @cached_property
    def submissions(self) -> NounShelf[Submission]:
        return self._shelf("submission", Submission)

    @cached_property
    def assets(self) -> NounShelf[Asset]:
        return self._shelf("asset", Asset)

    @cached_property
    def proofs(self) -> NounShelf[ControlProof]:
        return self._shelf("control_proof", ControlProof)

    @cached_property
    def challenges(self) -> NounShelf[Challenge]:
        return self._shelf("control_challenge", Challenge)

    @cached_property
    def consents(self) -> NounShelf[ConsentEntry]:
        return self._shelf("consent", ConsentEntry)

    @cached_property
    def scans(self) -> NounShelf[ScanFile]:
        return self._shelf("scan", ScanFile)

    @cached_property
    def findings(self) -> NounShelf[Finding]:
        return self._shelf("finding", Finding)

    @cached_property
    def traffic(self) -> NounShelf[TrafficBatch]:
        return self._shelf("traffic_batch", TrafficBatch)

    @cached_property
    def statements(self) -> NounShelf[Statement]:
        return self._shelf("finding_statement", Statement)

    @cached_property
    def acknowledgements(self) -> NounShelf[Acknowledgement]:
        return self._shelf("acknowledgement", Acknowledgement)

    @cached_property
    def peers(self) -> NounShelf[PeerComparison]:
        return self._shelf("peer_comparison", PeerComparison)

    @cached_property
    def provider_accounts(self) -> NounShelf[BankAccount]:
        return self._shelf("provider_account", BankAccount)

    @cached_property
    def reports(self) -> NounShelf[ReportFile]:
        return self._shelf("report", ReportFile)

    @cached_property
    def knowledge(self) -> NounShelf[Knowledge]:
        return self._shelf("knowledge", Knowledge)

    @cached_property
    def quotes(self) -> NounShelf[QuoteFile]:
        return self._shelf("quote", QuoteFile)

    @cached_property
    def explanations(self) -> NounShelf[Explanation]:
        return self._shelf("explanation", Explanation)

    @cached_property
    def receipts(self) -> NounShelf[Receipt]:
        return self._shelf("receipt", Receipt)

    @cached_property
    def policies(self) -> NounShelf[PolicyFile]:
        return self._shelf("policy", PolicyFile)

    @cached_property
    def notices(self) -> NounShelf[Notice]:
        return self._shelf("notice", Notice)

    @cached_property
    def risks_told(self) -> NounShelf[RiskTold]:
        return self._shelf("risk_told", RiskTold)

    @cached_property
    def orders(self) -> NounShelf[Order]:
        return self._shelf("service_order", Order)

    @cached_property
    def incidents(self) -> NounShelf[Incident]:
        return self._shelf("incident", Incident)

    @cached_property
    def claims(self) -> NounShelf[ClaimFile]:
        return self._shelf("claim", ClaimFile)

    @cached_property
    def book(self) -> NounShelf[BookPolicy]:
        return self._shelf("book_policy", BookPolicy)

    @cached_property
    def book_runs(self) -> NounShelf[BookRun]:
        return self._shelf("book_run", BookRun)

    @cached_property
    def refits(self) -> NounShelf[RefitFile]:
        return self._shelf("refit", RefitFile)

    @cached_property
    def statistics(self) -> NounShelf[StatisticsFile]:
        return self._shelf("market_report", StatisticsFile)


def office_opener(
    pool: Pool, catalogue: Catalogue, files: FileStore
) -> Callable[[UUID], AbstractContextManager[StoreOffice]]:
    """How the front opens an office for an organisation; leaving by an exception leaves nothing behind."""

    @contextmanager
    def open_office(organisation: UUID) -> Iterator[StoreOffice]:
        with acting_for(pool, organisation) as connection:
            yield StoreOffice(connection, organisation, catalogue, files)

    return open_office
