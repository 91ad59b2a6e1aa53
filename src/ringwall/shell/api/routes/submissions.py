"""Applications, and what their insured puts on record with them: its assets and its consent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import APIRouter
from pydantic import Field

from ringwall.basics import ConsentId, Refusal, Term
from ringwall.desk.exposure.put_on_record import declare_assets, give_consent, withdraw_consent
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.underwriting.apply_for_cover import Application, apply_for_cover
from ringwall.evidence import Answer
from ringwall.exposure import (
    MAX_NEW_PER_SECOND,
    Asset,
    AssetKind,
    Consent,
    ConsentEntry,
    LookMethod,
    Organisation,
    Scope,
    VendorDependency,
    VendorKind,
)
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.fields import (
    After,
    Body,
    BothLanguages,
    Count,
    Instant,
    Limit,
    MaybeDigest,
    MaybeWord,
    Minor,
    Number,
    Ratio,
    ShortText,
    Text,
    Units,
    Word,
)
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, listing, object_of, record_of, within
from ringwall.underwriting import Submission

router = APIRouter(tags=["投保 · Applications"], route_class=SignedRoute)


class Dependency(Body):
    """A vendor that the insured depends on."""

    kind: VendorKind
    vendor: Word = Field(examples=["alibaba"])


class Insured(Body):
    """The insured's figures: amounts in whole fen a year, records and people as counts."""

    name: BothLanguages
    credit_code: Word = Field(examples=["91330200MA2EXAMPLE"])
    industry: Word = Field(examples=["manufacturing"])
    region: Word = Field(examples=["CN-33"])
    employees: Count
    hosts: Count
    revenue_minor: Minor
    gross_profit_rate: Ratio
    records_held: Count
    dependencies: list[Dependency] = Field(default_factory=list, max_length=50)

    def record(self) -> Organisation:
        """The room's own record of it."""
        return Organisation(
            name=self.name.words(),
            credit_code=self.credit_code,
            industry=self.industry,
            region=self.region,
            employees=self.employees,
            hosts=self.hosts,
            revenue_minor=self.revenue_minor,
            gross_profit_rate=self.gross_profit_rate,
            records_held=self.records_held,
            dependencies=tuple(VendorDependency(each.kind, each.vendor) for each in self.dependencies),
        )


class GivenAnswer(Body):
    """One answer; `evidence_sha256` names the paper behind it, empty where none was handed in."""

    question: Word = Field(examples=["Q17"])
    version: Units = Field(examples=[2])
    value: ShortText = Field(examples=["yes"])
    evidence_sha256: MaybeDigest = ""


class Apply(Body):
    """An application to the insurer `lead` through the broker `broker` (empty: none), both by their codes.

    Without `product_version` it is for the newest version that is on sale today; `GET /products` lists them.
    """

    organisation: Insured
    product: Word = Field(examples=["enterprise-cyber"])
    lead: Word = Field(examples=["shouan"])
    broker: MaybeWord = ""
    answers: list[GivenAnswer] = Field(min_length=1, max_length=200)
    product_version: MaybeWord = Field("", examples=["2026-07"])

    def record(self, at: datetime) -> Application:
        """The room's own record of it."""
        answers = tuple(
            Answer(each.question, each.version, each.value, each.evidence_sha256, "", "", at) for each in self.answers
        )
        insured, version = self.organisation.record(), self.product_version
        return Application(insured, self.product, self.lead, self.broker, answers, version)


class DeclaredAsset(Body):
    """A thing of the insured that can be looked at from outside, by its name in the DNS."""

    name: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9_*-]+(\.[A-Za-z0-9_-]+)+$", max_length=253, examples=["www.jiangkou.test"])
    ]
    kind: AssetKind
    purpose: ShortText


class Assets(Body):
    """The insured's inventory, or an addition to it."""

    assets: list[DeclaredAsset] = Field(min_length=1, max_length=500)


class SignConsent(Body):
    """What may be looked at and how, by which text, signed by whom, until when."""

    signed_by: ShortText
    authority: ShortText
    text_version: Word = Field(examples=["2025-11"])
    text: Text
    assets: list[ShortText] = Field(min_length=1, max_length=500)
    methods: list[LookMethod] = Field(min_length=1, max_length=2)
    max_new_per_second: int = Field(default=MAX_NEW_PER_SECOND, ge=1, le=MAX_NEW_PER_SECOND, strict=True)
    excluded_names: list[ShortText] = Field(default_factory=list, max_length=500)
    excluded_networks: list[ShortText] = Field(default_factory=list, max_length=500, examples=[["10.41.200.0/24"]])
    excluded_ports: list[Annotated[int, Field(ge=1, le=65_535, strict=True, examples=[4840])]] = Field(
        default_factory=list, max_length=500
    )
    valid_from: Instant
    valid_to: Instant
    signed_at: Instant | None = None

    def record(self, number: UUID, insured: str, signed_at: datetime) -> Consent:
        """The room's own record of it, with the hash of the exact text."""
        return Consent(
            consent_id=ConsentId(number),
            insured=insured,
            signed_by=self.signed_by,
            authority=self.authority,
            text_version=self.text_version,
            text_sha256=hashlib.sha256(self.text.encode()).hexdigest(),
            scope=Scope(
                assets=tuple(self.assets),
                methods=tuple(self.methods),
                max_new_per_second=self.max_new_per_second,
                excluded_names=tuple(self.excluded_names),
                excluded_networks=tuple(self.excluded_networks),
                excluded_ports=tuple(self.excluded_ports),
            ),
            valid=Term(self.valid_from, self.valid_to),
            signed_at=signed_at,
        )


@dataclass(frozen=True, slots=True)
class AssetList:
    """The insured's inventory, newest version of each."""

    assets: tuple[Asset, ...]


@dataclass(frozen=True, slots=True)
class ConsentChain:
    """Everything that was signed, oldest first, each entry sealed to the one before."""

    entries: tuple[ConsentEntry, ...]


@router.post("/submissions", status_code=201, response_model=mirror(Submission), summary="投保 · Apply for cover")
def apply(body: Apply, writer: Writing) -> Submission:
    """A submission under a number of its own; the lead and the broker see it from now on, and nobody else."""
    at = writer.instant(None)
    return writer.write(
        "apply_for_cover", body, Submission, lambda office: apply_for_cover(office, body.record(at), at=at)
    )


@router.get("/submissions", response_model=mirror(Listing), summary="投保单列表 · List applications")
def submissions(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The applications that the speaker's organisation may see, in order of number."""
    return caller.ask(lambda office: listing(office, office.submissions.all(), limit, after))


@router.get("/submissions/{number}", response_model=mirror(Submission), summary="投保单 · One application")
def submission(number: Number, caller: Asking) -> Submission:
    """The application as it was handed in: figures, and answers with the hashes of their evidence."""
    return record_of(caller, lambda office: office.submissions, number, Submission)


@router.post(
    "/submissions/{number}/assets",
    status_code=201,
    response_model=mirror(AssetList),
    summary="申报资产 · Declare assets",
)
def declare(number: Number, body: Assets, writer: Writing) -> AssetList:
    """The insured's inventory; declaring an asset again is a further version of it."""
    at = writer.instant(None)
    assets = tuple(Asset(each.name, each.kind, each.purpose) for each in body.assets)
    return writer.write(
        "apply_for_cover",
        body,
        AssetList,
        lambda office: AssetList(declare_assets(office, object_of(office, number), assets, at=at)),
        number,
    )


@router.get("/submissions/{number}/assets", response_model=mirror(AssetList), summary="资产 · Assets")
def assets(number: Number, caller: Asking) -> AssetList:
    """The inventory of the application."""

    def read(office: Office) -> AssetList | Refusal:
        object_id = within(office, number)
        if isinstance(object_id, Refusal):
            return object_id
        return AssetList(tuple(row.record for row in office.assets.of_object(object_id)))

    return caller.ask(read)


@router.post(
    "/submissions/{number}/consent",
    status_code=201,
    response_model=mirror(ConsentEntry),
    summary="签署授权 · Sign consent",
)
def consent(number: Number, body: SignConsent, writer: Writing) -> ConsentEntry:
    """The signed consent, sealed to the chain of all that this insured has signed before."""
    at = writer.instant(None)
    signed_at = writer.instant(body.signed_at, "signed_at")
    consent_id = uuid5(NAMESPACE_URL, f"consent:{number}:{writer.key}")

    def work(office: Office) -> ConsentEntry | Refusal:
        object_id = object_of(office, number)
        applied = office.submissions.of_object(object_id)
        if not applied:
            return not_visible(number)
        insured = applied[-1].record.organisation.credit_code
        return give_consent(office, object_id, body.record(consent_id, insured, signed_at), at=at)

    return writer.write("give_consent", body, ConsentEntry, work, number)


@router.post(
    "/submissions/{number}/consent/withdrawals",
    status_code=201,
    response_model=mirror(ConsentEntry),
    summary="撤回授权 · Withdraw consent",
)
def withdrawal(number: Number, writer: Writing) -> ConsentEntry:
    """From this instant no packet leaves under it; the record of what was allowed before stays."""
    at = writer.instant(None)
    return writer.write(
        "give_consent",
        {},
        ConsentEntry,
        lambda office: withdraw_consent(office, object_of(office, number), at=at),
        number,
    )


@router.get("/submissions/{number}/consent", response_model=mirror(ConsentChain), summary="授权 · Consent")
def consents(number: Number, caller: Asking) -> ConsentChain:
    """The chain of consents; without one no packet leaves."""

    def read(office: Office) -> ConsentChain | Refusal:
        object_id = within(office, number)
        if isinstance(object_id, Refusal):
            return object_id
        names = sorted({row.number for row in office.consents.of_object(object_id)})
        return ConsentChain(tuple(row.record for name in names for row in office.consents.history(name)))

    return caller.ask(read)
