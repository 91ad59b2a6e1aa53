"""A claim from the first notice to the payment: each step is an entry more, each answer the claim as it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from ringwall.basics import Refusal
from ringwall.claim import IncreaseRuling, refused_items
from ringwall.desk.claim.handle_claim import (
    By,
    agree_claim,
    answer_consent,
    ask_consent,
    ask_for_supplement,
    claim_file,
    decide_claim,
    open_claim,
    send_refusal,
    take_documents,
    update_event,
)
from ringwall.desk.claim.increases_seen import IncreasesSeen, increases_seen
from ringwall.desk.claim.judge_disclosure import DisclosureCase, judge_disclosure
from ringwall.desk.claim.judge_increase import judge_increase
from ringwall.desk.claim.pay_claim import PaidClaim, authorise_claim, pay_claim
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile
from ringwall.shell.api.caller import Asking, SignedRoute, Writer, Writing
from ringwall.shell.api.claim_view import ClaimSeen, PaymentMade, claim_seen
from ringwall.shell.api.forms.fields import After, Body, Instant, Limit, Number, NumberText, ShortText, Units, Word
from ringwall.shell.api.forms.loss_event import LossTold
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, application_of, listing, object_of, standing
from ringwall.underwriting import Culpability, FalseAnswer

router = APIRouter(tags=["理赔 · Claims"], route_class=SignedRoute)

Claims = Callable[[Office, UUID, By], ClaimFile | Refusal]
SEEN = mirror(ClaimSeen)


class OpenClaim(Body):
    """The notice of a loss under a policy, with the loss items told so far; it is registered now."""

    policy: NumberText
    notified_at: Instant | None = None
    event: LossTold


class Event(Body):
    """The loss as it is told and proved now."""

    event: LossTold


class When(Body):
    """When it was done; now by default."""

    at: Instant | None = None


class Documents(When):
    """Documents by their names."""

    documents: list[ShortText] = Field(min_length=1, max_length=200, examples=[["claim form", "invoices"]])


class ConsentTo(When):
    """Consent to one thing before it is done: asked for, given or refused."""

    subject: Word = Field(examples=["A-I1"])
    step: Literal["requested", "granted", "refused"]


class Disclosure(Body):
    """An answer as it was established, when the insurer learned of it and by what, and when it gave notice."""

    question: Word = Field(examples=["Q20"])
    question_version: Units
    asked_specifically: bool = Field(strict=True)
    is_false: bool = Field(strict=True)
    material: bool = Field(strict=True)
    culpability: Culpability
    serious_effect_on_event: bool = Field(strict=True)
    knew_at: Instant
    knew_by: ShortText
    rescission_notice_at: Instant | None = None

    def record(self) -> DisclosureCase:
        """The room's own record of it."""
        answer = FalseAnswer(
            question=self.question,
            question_version=self.question_version,
            asked_specifically=self.asked_specifically,
            is_false=self.is_false,
            material=self.material,
            culpability=self.culpability,
            serious_effect_on_event=self.serious_effect_on_event,
        )
        return DisclosureCase(answer, self.knew_at, self.knew_by, self.rescission_notice_at)


class Increase(Body):
    """A person's ruling on an increase of risk since conclusion, point by point, with the items that it caused."""

    what: ShortText
    since: Instant
    findings: list[Word] = Field(default_factory=list, max_length=200)
    notable: bool = Field(strict=True)
    told: bool = Field(strict=True)
    insurer_bound: bool = Field(strict=True)
    caused: list[Word] = Field(default_factory=list, max_length=500, examples=[["A-I1"]])
    because: ShortText


class Letter(When):
    """The items that the letter refuses; without them all that the decision refused."""

    items: list[Word] | None = Field(default=None, min_length=1, max_length=500, examples=[["A-I2"]])


class Pay(When):
    """The carriers' votes by their codes, where the payment is above the lead's authority."""

    votes: dict[Word, Annotated[bool, Field(strict=True)]] = Field(
        default_factory=dict, max_length=50, examples=[{"shouan": True, "zhongliu": True}]
    )


@router.post("/claims", status_code=201, response_model=SEEN, summary="报案立案 · Open a claim")
def open_one(body: OpenClaim, writer: Writing) -> ClaimSeen:
    """The notice becomes a case with a number, for the incident that the insured reported."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    event = body.event.record()
    by, notified_at = _by(writer, None), writer.instant(body.notified_at, "notified_at")

    def work(office: Office) -> ClaimFile | Refusal:
        if isinstance(event, Refusal):
            return event
        return open_claim(office, object_of(office, number), event, by, notified_at=notified_at)

    return _seen(writer, writer.write("handle_claim", body, ClaimFile, work, number))


@router.get("/claims", response_model=mirror(Listing), summary="赔案列表 · List claims")
def claims(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The claims that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.claims.all(), limit, after))


@router.get("/claims/{number}", response_model=SEEN, summary="赔案 · One claim")
def one_claim(number: Number, caller: Asking) -> ClaimSeen:
    """Three numbers, items with their clauses, trace, clocks of the law, reserves, payments and consents."""

    def read(office: Office) -> ClaimSeen | Refusal:
        row = standing(office.claims, number)
        return row if isinstance(row, Refusal) else claim_seen(office.catalogue, row.record)

    return caller.ask(read)


@router.post("/claims/{number}/event", status_code=201, response_model=SEEN, summary="更新损失 · Tell the loss anew")
def tell_anew(number: Number, body: Event, writer: Writing) -> ClaimSeen:
    """The loss as it is known now; a decision made before stands beside the next one."""
    event = body.event.record()

    def work(office: Office, object_id: UUID, by: By) -> ClaimFile | Refusal:
        return event if isinstance(event, Refusal) else update_event(office, object_id, number, event, by)

    return _step(writer, number, body, None, work)


@router.post(
    "/claims/{number}/documents", status_code=201, response_model=SEEN, summary="收到材料 · Documents received"
)
def documents(number: Number, body: Documents, writer: Writing) -> ClaimSeen:
    """The clocks of the law run from the whole file."""
    named = tuple(body.documents)
    return _step(writer, number, body, body.at, lambda office, obj, by: take_documents(office, obj, number, named, by))


@router.post(
    "/claims/{number}/supplements",
    status_code=201,
    response_model=SEEN,
    summary="一次性通知补充 · Ask for a supplement",
)
def supplement(number: Number, body: Documents, writer: Writing) -> ClaimSeen:
    """The one notice that the law allows; the decision clock stands still until the documents are there."""
    named = tuple(body.documents)
    return _step(
        writer, number, body, body.at, lambda office, obj, by: ask_for_supplement(office, obj, number, named, by)
    )


@router.post("/claims/{number}/consents", status_code=201, response_model=SEEN, summary="事先同意 · Consent")
def consent(number: Number, body: ConsentTo, writer: Writing) -> ClaimSeen:
    """Asked for, then given or refused; what is done without it may not be paid."""

    def work(office: Office, object_id: UUID, by: By) -> ClaimFile | Refusal:
        if body.step == "requested":
            return ask_consent(office, object_id, number, body.subject, by)
        return answer_consent(office, object_id, number, body.subject, body.step == "granted", by)

    return _step(writer, number, body, body.at, work)


@router.post(
    "/claims/{number}/disclosures", status_code=201, response_model=SEEN, summary="告知审查 · Judge a disclosure"
)
def disclosure(number: Number, body: Disclosure, writer: Writing) -> ClaimSeen:
    """A false answer: what the insurer knew when, whether the contract is rescinded, what it does to the event."""
    for name in ("knew_at", "rescission_notice_at"):
        writer.instant(getattr(body, name), name)
    case = body.record()
    return _step(writer, number, body, None, lambda office, obj, by: judge_disclosure(office, obj, number, case, by))


@router.get(
    "/claims/{number}/increases", response_model=mirror(IncreasesSeen), summary="危险程度增加 · Increases of risk"
)
def increases(number: Number, caller: Asking) -> IncreasesSeen:
    """What came or grew since conclusion: since when, by whose look, what the insured told, what the insurer did."""
    now = caller.instant(None)

    def read(office: Office) -> IncreasesSeen | Refusal:
        row = standing(office.claims, number)
        return row if isinstance(row, Refusal) else increases_seen(office, row.object_id, row.record, now)

    return caller.ask(read)


@router.post(
    "/claims/{number}/increases", status_code=201, response_model=SEEN, summary="认定危险程度增加 · Rule on an increase"
)
def increase(number: Number, body: Increase, writer: Writing) -> ClaimSeen:
    """The loss that a notable, untold increase caused goes unpaid by the next decision (Insurance Law 52)."""

    def work(office: Office, object_id: UUID, by: By) -> ClaimFile | Refusal:
        ruling = IncreaseRuling(
            what=body.what,
            since=body.since,
            findings=tuple(body.findings),
            notable=body.notable,
            told=body.told,
            insurer_bound=body.insurer_bound,
            caused=tuple(body.caused),
            because=body.because,
            by=by.person,
            at=by.at,
        )
        return judge_increase(office, object_id, number, ruling)

    writer.instant(body.since, "since")
    return _step(writer, number, body, None, work)


@router.post("/claims/{number}/decisions", status_code=201, response_model=SEEN, summary="核定 · Decide")
def decide(number: Number, body: When, writer: Writing) -> ClaimSeen:
    """On the policy's own compiled terms, with the trace; the reserves follow and are split over the panel."""
    return _step(writer, number, body, body.at, lambda office, obj, by: decide_claim(office, obj, number, by))


@router.post("/claims/{number}/agreements", status_code=201, response_model=SEEN, summary="达成协议 · Agree")
def agree(number: Number, body: When, writer: Writing) -> ClaimSeen:
    """The insured agrees to the decision; ten days to pay begin."""
    return _step(writer, number, body, body.at, lambda office, obj, by: agree_claim(office, obj, number, by))


@router.post("/claims/{number}/refusals", status_code=201, response_model=SEEN, summary="拒赔通知 · Refusal letter")
def refuse_items(number: Number, body: Letter, writer: Writing) -> ClaimSeen:
    """The letter on what is not covered, due within three days of the decision."""

    def work(office: Office, object_id: UUID, by: By) -> ClaimFile | Refusal:
        file = claim_file(office, object_id, number)
        if isinstance(file, Refusal):
            return file
        outcome = file.claim.outcome
        items = tuple(body.items) if body.items is not None else refused_items(outcome) if outcome else ()
        return send_refusal(office, object_id, number, items, by)

    return _step(writer, number, body, body.at, work)


@router.post(
    "/claims/{number}/authorisations", status_code=201, response_model=SEEN, summary="授权支付 · Authorise payment"
)
def authorise(number: Number, body: When, writer: Writing) -> ClaimSeen:
    """Everything that is payable now and not released yet, to the insured."""
    return _step(
        writer, number, body, body.at, lambda office, obj, by: authorise_claim(office, obj, number, by), "pay_claim"
    )


@router.post("/claims/{number}/payments", status_code=201, response_model=mirror(PaymentMade), summary="支付 · Pay")
def pay(number: Number, body: Pay, writer: Writing) -> PaymentMade:
    """The payment leaves the house: each carrier's part is booked on the running total, and its reserve is released."""
    application = application_of(writer, lambda office: office.claims, number)
    by = _by(writer, body.at)
    paid = writer.write(
        "pay_claim",
        body,
        PaidClaim,
        lambda office: pay_claim(office, object_of(office, application), number, body.votes, by),
        application,
    )
    return PaymentMade(_seen(writer, paid.claim), paid.postings, paid.parts)


def _step(
    writer: Writer, number: str, body: Body, at: datetime | None, work: Claims, action: str = "handle_claim"
) -> ClaimSeen:
    application = application_of(writer, lambda office: office.claims, number)
    by = _by(writer, at)
    file = writer.write(
        action, body, ClaimFile, lambda office: work(office, object_of(office, application), by), application
    )
    return _seen(writer, file)


def _by(writer: Writer, at: datetime | None) -> By:
    return By(writer.speaker.display_name, writer.instant(at))


def _seen(writer: Writer, file: ClaimFile) -> ClaimSeen:
    return writer.ask(lambda office: claim_seen(office.catalogue, file))
