"""From the quote to the policy: clauses explained and confirmed, premium received, policy bound, read on two dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from ringwall.basics import Refusal, Words
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.policy.bind_policy import BindWish, bind_policy
from ringwall.desk.policy.record_receipt import record_receipt
from ringwall.desk.records import PolicyFile
from ringwall.desk.underwriting.confirm_explanation import applied_product, confirm_explanation, words_sha256
from ringwall.policy import PolicyVersion, Receipt
from ringwall.product import Clause, explanations
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.fields import (
    After,
    Body,
    Instant,
    Limit,
    MaybeWord,
    Minor,
    Number,
    NumberText,
    Ratio,
    ShortText,
    Units,
    Word,
)
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, application_of, listing, object_of, record_of, standing, within
from ringwall.underwriting import Explanation

router = APIRouter(tags=["承保 · Cover"], route_class=SignedRoute)


class Confirm(Body):
    """Which clauses the applicant confirms as explained, who confirms, and when they were shown."""

    submission: NumberText = Field(examples=["JIANGKOU-SUB-000001"])
    clauses: list[Word] = Field(min_length=1, max_length=200, examples=[["2.4", "6.1"]])
    confirmed_by: ShortText
    shown_at: Instant


class Receive(Body):
    """Money that arrived for a quote; `by` is the code of whoever holds it."""

    quote: NumberText = Field(examples=["SHOUAN-Q-000001"])
    amount_minor: Minor
    by: Word = Field(examples=["shouan"])
    received_at: Instant | None = None


class Bind(Body):
    """The quote to bind, the provider with its services in units, the invoice, and what the panel agreed on."""

    quote: NumberText = Field(examples=["SHOUAN-Q-000001"])
    provider: MaybeWord = Field(default="", examples=["fengtai"])
    invoice: Word = Field(examples=["SHOUAN-B-0001"])
    services: dict[Word, Units] = Field(default_factory=dict, examples=[{"incident-response": 1, "retest": 4}])
    lead_authority_minor: Minor
    vote_above: Ratio = Field(default=Fraction(1, 2))
    lead_fee: Ratio = Field(default=Fraction(0))
    services_shared: bool = Field(default=False, description="服务费按份额分摊，否则由主承保人承担 · services shared")

    def record(self) -> BindWish:
        """The room's own record of it."""
        return BindWish(
            quote=self.quote,
            provider=self.provider,
            invoice=self.invoice,
            services=self.services,
            lead_authority_minor=self.lead_authority_minor,
            vote_above=self.vote_above,
            lead_fee=self.lead_fee,
            services_shared=self.services_shared,
        )


@dataclass(frozen=True, slots=True)
class ClauseToExplain:
    """A clause that takes something away, with the hash of its exact words, and who has confirmed it."""

    number: str
    heading: Words
    text: Words
    text_sha256: str
    confirmation: Explanation | None


@dataclass(frozen=True, slots=True)
class ToExplain:
    """Everything that has to be explained before binding."""

    submission: str
    product: str
    version: str
    clauses: tuple[ClauseToExplain, ...]


@dataclass(frozen=True, slots=True)
class Confirmations:
    """The clauses that were confirmed."""

    confirmed: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class PolicyOnTwoDates:
    """A policy with its whole history, and the version that holds at `effective` as known at `known`."""

    number: str
    concluded_at: datetime
    effective: datetime | None
    known: datetime | None
    version: PolicyVersion
    file: PolicyFile


@router.get(
    "/submissions/{number}/explanations", response_model=mirror(ToExplain), summary="待说明条款 · Clauses to explain"
)
def to_explain(number: Number, caller: Asking) -> ToExplain:
    """Every clause that takes something away, in both languages, and whether it has been confirmed (R-05)."""
    return caller.ask(lambda office: _to_explain(office, number))


@router.post(
    "/explanations", status_code=201, response_model=mirror(Confirmations), summary="确认说明 · Confirm explanations"
)
def confirm(body: Confirm, writer: Writing) -> Confirmations:
    """The applicant confirms each clause, with the hash of the exact words that were shown."""
    at, shown_at = writer.instant(None), writer.instant(body.shown_at, "shown_at")

    def work(office: Office) -> Confirmations | Refusal:
        object_id = object_of(office, body.submission)
        confirmed = confirm_explanation(
            office, object_id, tuple(body.clauses), by=body.confirmed_by, shown_at=shown_at, at=at
        )
        return confirmed if isinstance(confirmed, Refusal) else Confirmations(confirmed)

    return writer.write("confirm_explanation", body, Confirmations, work, body.submission)


@router.post("/receipts", status_code=201, response_model=mirror(Receipt), summary="登记收款 · Record a receipt")
def receive(body: Receive, writer: Writing) -> Receipt:
    """Money that arrived. What an intermediary holds is recorded as what it is and pays for nothing yet (R-12)."""
    number = application_of(writer, lambda office: office.quotes, body.quote)
    receipt = Receipt(body.amount_minor, writer.instant(body.received_at, "received_at"), body.by)
    return writer.write(
        "record_receipt",
        body,
        Receipt,
        lambda office: record_receipt(office, object_of(office, number), body.quote, receipt),
        number,
    )


@router.get("/receipts", response_model=mirror(Listing), summary="收款列表 · List receipts")
def receipts(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The receipts that the speaker's organisation may see; each is numbered after its quote."""
    return caller.ask(lambda office: listing(office, office.receipts.all(), limit, after))


@router.get("/receipts/{number}", response_model=mirror(Receipt), summary="收款 · One receipt")
def one_receipt(number: Number, caller: Asking) -> Receipt:
    """Amount, instant, and who holds the money."""
    return record_of(caller, lambda office: office.receipts, number, Receipt)


@router.post("/policies", status_code=201, response_model=mirror(PolicyFile), summary="出单 · Bind a policy")
def bind(body: Bind, writer: Writing) -> PolicyFile:
    """Premium before policy, everything explained, the panel signed; the premium is booked and split at once."""
    number = application_of(writer, lambda office: office.quotes, body.quote)
    at = writer.instant(None)

    def work(office: Office) -> PolicyFile | Refusal:
        return bind_policy(office, object_of(office, number), body.record(), at=at)

    return writer.write("bind_policy", body, PolicyFile, work, number)


@router.get("/policies", response_model=mirror(Listing), summary="保险单列表 · List policies")
def policies(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The policies that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.policies.all(), limit, after))


@router.get("/policies/{number}", response_model=mirror(PolicyOnTwoDates), summary="保险单 · One policy")
def policy(
    number: Number,
    caller: Asking,
    effective: Annotated[Instant | None, Query(description="何时有效 · when it holds")] = None,
    known: Annotated[Instant | None, Query(description="何时所知 · as known when (now)")] = None,
) -> PolicyOnTwoDates:
    """The policy's history. Without `effective` the newest version; with it, the one that holds then as known."""
    now = caller.instant(None)
    return caller.ask(lambda office: _on_two_dates(office, number, effective, known, now))


def _on_two_dates(
    office: Office, number: str, effective: datetime | None, known: datetime | None, now: datetime
) -> PolicyOnTwoDates | Refusal:
    row = standing(office.policies, number)
    if isinstance(row, Refusal):
        return row
    held = row.record.policy
    version: PolicyVersion | Refusal = held.newest
    if effective or known:
        version = held.as_of(effective or now, known or now)
    if isinstance(version, Refusal):
        return version
    return PolicyOnTwoDates(held.number, held.concluded_at, effective, known, version, row.record)


def _to_explain(office: Office, number: str) -> ToExplain | Refusal:
    object_id = within(office, number)
    if isinstance(object_id, Refusal):
        return object_id
    if not office.submissions.of_object(object_id):
        return not_visible(number)
    product = applied_product(office, object_id)
    done = {row.record.clause: row.record for row in office.explanations.of_object(object_id)}
    clauses = tuple(_clause(each, done.get(each.number)) for each in explanations(product))
    return ToExplain(number, product.code, product.version, clauses)


def _clause(clause: Clause, confirmation: Explanation | None) -> ClauseToExplain:
    return ClauseToExplain(clause.number, clause.heading, clause.text, words_sha256(clause), confirmation)
