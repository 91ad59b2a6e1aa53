"""Money between insurers and providers: rate cards, accounts, suspensions, what is owed, disputes, the payment run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.service.hold_payment import dispute_invoice, end_dispute
from ringwall.desk.service.rate_cards import answer_rate_card, propose_rate_card
from ringwall.desk.service.registry import state_account, suspend_provider
from ringwall.desk.settlement.pay_providers import PaymentRun, pay_providers
from ringwall.desk.views.service.payables import payables_page
from ringwall.service import (
    BankAccount,
    CardAnswer,
    CardLine,
    Order,
    Payable,
    PayableState,
    PriceUnit,
    RateCard,
    Suspension,
)
from ringwall.shell.api.caller import Asking, SignedRoute, Writer, Writing
from ringwall.shell.api.forms.fields import (
    WORD,
    Body,
    Day,
    MaybeText,
    Minor,
    Number,
    NumberText,
    ShortText,
    Word,
)
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import application_of, object_of

router = APIRouter(tags=["服务 · Services"], route_class=SignedRoute)

Code = Annotated[str, Path(pattern=WORD, description="机构代码 · the organisation's code")]


class PricedService(Body):
    """The price of one service of the catalogue, without VAT."""

    service: Word = Field(examples=["tabletop"])
    price_minor: Minor
    unit: PriceUnit


class ProposedCard(Body):
    """A rate card as the provider proposes it; it holds until, not on, its last day."""

    valid_from: Day
    valid_until: Day
    payment_days: Annotated[int, Field(strict=True, ge=0, le=60)] = 30
    lines: list[PricedService] = Field(min_length=1, max_length=100)


class Answer(Body):
    """An insurer's answer to a card; a no gives its reason."""

    accepted: bool
    reason: MaybeText = ""


class Account(Body):
    """Where a provider wants to be paid."""

    holder: ShortText = Field(examples=["烽台网络安全"])
    bank: ShortText = Field(examples=["江口银行"])
    number: NumberText = Field(examples=["6222000011112222"])


class Stop(Body):
    """Whether the provider is suspended, and why it is or is not any more."""

    suspended: bool
    reason: ShortText = Field(examples=["findings were made up"])


class Objection(Body):
    """What is wrong with the invoice of an order."""

    reason: ShortText = Field(examples=["one day was worked"])


class Payment(Body):
    """The orders to pay, all of them or none; without one, everything that is due. And the bank's reference, if any."""

    orders: list[NumberText] = Field(default_factory=list, max_length=500, examples=[["SHOUAN-O-000001"]])
    reference: MaybeText = ""


@dataclass(frozen=True, slots=True)
class OwedInvoice:
    """A settled invoice, how it stands, and what keeps the speaker, who owes it, from paying it now."""

    payable: Payable
    state: PayableState
    objection: Refusal | None


@dataclass(frozen=True, slots=True)
class Owed:
    """What the speaker's organisation owes as lead, or is owed as provider."""

    payables: tuple[OwedInvoice, ...]


@router.post(
    "/providers/cards", status_code=201, response_model=mirror(RateCard), summary="提出价目表 · Propose a card"
)
def propose(body: ProposedCard, writer: Writing) -> RateCard:
    """A provider's prices by service; nothing is ordered by them before the lead has accepted the card."""
    at = writer.instant(None)
    wished = RateCard("", {}, body.valid_from, body.valid_until, payment_days=body.payment_days)
    lines = tuple(CardLine(each.service, each.price_minor, each.unit) for each in body.lines)
    return writer.write(
        "propose_rate_card", body, RateCard, lambda office: propose_rate_card(office, wished, lines, at=at)
    )


@router.post(
    "/providers/{code}/cards/{number}/answers",
    status_code=201,
    response_model=mirror(CardAnswer),
    summary="答复价目表 · Answer a card",
)
def answer(code: Code, number: Number, body: Answer, writer: Writing) -> CardAnswer:
    """An insurer accepts or declines a proposed card; what it accepted holds until the card's last day."""
    at, by = writer.instant(None), writer.speaker.display_name
    return writer.write(
        "answer_rate_card",
        body,
        CardAnswer,
        lambda office: answer_rate_card(office, code, number, yes=body.accepted, reason=body.reason, by=by, at=at),
    )


@router.post(
    "/providers/accounts", status_code=201, response_model=mirror(BankAccount), summary="收款账户 · State an account"
)
def account(body: Account, writer: Writing) -> BankAccount:
    """A provider states where it wants to be paid; the insurers read it."""
    at = writer.instant(None)
    return writer.write(
        "state_account",
        body,
        BankAccount,
        lambda office: state_account(office, body.holder, body.bank, body.number, at=at),
    )


@router.post(
    "/providers/{code}/suspensions",
    status_code=201,
    response_model=mirror(Suspension),
    summary="暂停合作 · Suspend a provider",
)
def suspend(code: Code, body: Stop, writer: Writing) -> Suspension:
    """Nothing is ordered from a suspended provider under the insurer's lead, or paid to it, until that is lifted."""
    at, by = writer.instant(None), writer.speaker.display_name
    return writer.write(
        "suspend_provider",
        body,
        Suspension,
        lambda office: suspend_provider(office, code, suspend=body.suspended, reason=body.reason, by=by, at=at),
    )


@router.get("/payables", response_model=mirror(Owed), summary="应付服务机构款 · Payables to providers")
def payables(caller: Asking) -> Owed:
    """Every settled invoice with its due day and payment, the unpaid first."""
    at = caller.instant(None)
    page = caller.ask(lambda office: payables_page(office, caller.speaker, at))
    return Owed(tuple(OwedInvoice(line.payable, line.state, line.objection) for line in page.lines))


@router.post("/payables/payments", status_code=201, response_model=mirror(PaymentRun), summary="付款批次 · Payment run")
def pay(body: Payment, writer: Writing) -> PaymentRun:
    """Pays what is due, each invoice once, and says what was due and could not be paid."""
    at, by = writer.instant(None), writer.speaker.display_name
    return writer.write(
        "pay_providers",
        body,
        PaymentRun,
        lambda office: pay_providers(office, tuple(body.orders), reference=body.reference, by=by, at=at),
    )


@router.post(
    "/orders/{number}/disputes", status_code=201, response_model=mirror(Order), summary="发票争议 · Dispute an invoice"
)
def dispute(number: Number, body: Objection, writer: Writing) -> Order:
    """The invoice of an order is not paid before whoever disputes it has ended the dispute."""
    at = writer.instant(None)
    return _held(writer, number, body, lambda office, of: dispute_invoice(office, of, number, body.reason, at=at))


@router.post(
    "/orders/{number}/disputes/end", status_code=201, response_model=mirror(Order), summary="了结争议 · End a dispute"
)
def end(number: Number, writer: Writing) -> Order:
    """By the party that disputed the invoice."""
    at = writer.instant(None)
    return _held(writer, number, None, lambda office, of: end_dispute(office, of, number, at=at))


def _held(
    writer: Writer, number: str, body: Objection | None, work: Callable[[Office, UUID], Order | Refusal]
) -> Order:
    application = application_of(writer, lambda office: office.orders, number)
    return writer.write(
        "dispute_invoice", body, Order, lambda office: work(office, object_of(office, application)), application
    )
