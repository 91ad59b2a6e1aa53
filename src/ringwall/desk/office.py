"""The office in which a use case works: the shelves and doors of one organisation in one transaction."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from ringwall.desk.catalogue import Catalogue
from ringwall.desk.doors import (
    AlertShelf,
    Books,
    Directory,
    Editions,
    Files,
    Hours,
    Looks,
    Numbers,
    Objects,
    Once,
    PanelChain,
    Post,
    Products,
    ProviderTerms,
    Qualifications,
    Shelf,
    Tails,
)
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
from ringwall.underwriting import Explanation, Knowledge, Submission


class Office(Protocol):
    """What an organisation has at hand; what it may not see is simply not here."""

    @property
    def me(self) -> UUID: ...

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def directory(self) -> Directory: ...

    @property
    def objects(self) -> Objects: ...

    @property
    def numbers(self) -> Numbers: ...

    @property
    def once(self) -> Once: ...

    @property
    def post(self) -> Post: ...

    @property
    def files(self) -> Files: ...

    @property
    def books(self) -> Books: ...

    @property
    def panel_chain(self) -> PanelChain: ...

    @property
    def profiles(self) -> Shelf[Organisation]: ...

    @property
    def submissions(self) -> Shelf[Submission]: ...

    @property
    def assets(self) -> Shelf[Asset]: ...

    @property
    def proofs(self) -> Shelf[ControlProof]: ...

    @property
    def challenges(self) -> Shelf[Challenge]: ...

    @property
    def consents(self) -> Shelf[ConsentEntry]: ...

    @property
    def scans(self) -> Shelf[ScanFile]: ...

    @property
    def findings(self) -> Shelf[Finding]: ...

    @property
    def traffic(self) -> Shelf[TrafficBatch]: ...

    @property
    def products(self) -> Products: ...

    @property
    def tails(self) -> Tails: ...

    @property
    def looks(self) -> Looks: ...

    @property
    def statements(self) -> Shelf[Statement]: ...

    @property
    def acknowledgements(self) -> Shelf[Acknowledgement]: ...

    @property
    def peers(self) -> Shelf[PeerComparison]: ...

    @property
    def hours(self) -> Hours: ...

    @property
    def alert_shelf(self) -> AlertShelf: ...

    @property
    def editions(self) -> Editions: ...

    @property
    def qualifications(self) -> Qualifications: ...

    @property
    def provider_terms(self) -> ProviderTerms: ...

    @property
    def provider_accounts(self) -> Shelf[BankAccount]: ...

    @property
    def reports(self) -> Shelf[ReportFile]: ...

    @property
    def knowledge(self) -> Shelf[Knowledge]: ...

    @property
    def quotes(self) -> Shelf[QuoteFile]: ...

    @property
    def explanations(self) -> Shelf[Explanation]: ...

    @property
    def receipts(self) -> Shelf[Receipt]: ...

    @property
    def policies(self) -> Shelf[PolicyFile]: ...

    @property
    def notices(self) -> Shelf[Notice]: ...

    @property
    def risks_told(self) -> Shelf[RiskTold]: ...

    @property
    def orders(self) -> Shelf[Order]: ...

    @property
    def incidents(self) -> Shelf[Incident]: ...

    @property
    def claims(self) -> Shelf[ClaimFile]: ...

    @property
    def book(self) -> Shelf[BookPolicy]: ...

    @property
    def book_runs(self) -> Shelf[BookRun]: ...

    @property
    def refits(self) -> Shelf[RefitFile]: ...

    @property
    def statistics(self) -> Shelf[StatisticsFile]: ...


def own_code(office: Office) -> str:
    """The acting organisation's code, in the form that its numbers begin with."""
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    return me.code.upper()
