"""What is owed to a provider for a settled invoice: when it is due, what holds it back, and that it was paid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ringwall.basics import Refusal, Words, refuse

ACCOUNT_NUMBER = re.compile(r"[0-9]{8,30}")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a provider wants to be paid: who holds the account, with which bank, under which number."""

    holder: str
    bank: str
    number: str


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """An invoice that was paid: under which reference, on which day, to which account, and by whom."""

    invoice: str
    amount_minor: int
    paid_on: date
    reference: str
    account: BankAccount
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceDispute:
    """Somebody's written objection to an invoice; it is not paid until the same party says that it has ended."""

    invoice: str
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """An insurer's decision to engage and pay a provider no more, or again; the newest one counts."""

    suspended: bool
    by: str
    at: datetime
    reason: str


class PayableState(StrEnum):
    """How what is owed for an invoice stands."""

    NOT_DUE = "not_due"
    DUE = "due"
    DISPUTED = "disputed"
    PAID = "paid"


PAYABLE_NAMES: Mapping[PayableState, Words] = {
    PayableState.NOT_DUE: Words("未到期", "not due yet"),
    PayableState.DUE: Words("到期未付", "due, unpaid"),
    PayableState.DISPUTED: Words("有争议，暂停支付", "disputed, payment held"),
    PayableState.PAID: Words("已付", "paid"),
}


@dataclass(frozen=True, slots=True)
class Payable:
    """What is owed for the settled invoice of one order, without VAT, from a day on."""

    order: str
    provider: str
    invoice: str
    amount_minor: int
    due_on: date
    dispute: InvoiceDispute | None = None
    payment: InvoicePayment | None = None

    def state(self, day: date) -> PayableState:
        if self.payment is not None:
            return PayableState.PAID
        if self.dispute is not None:
            return PayableState.DISPUTED
        return PayableState.DUE if day >= self.due_on else PayableState.NOT_DUE


def bank_account(provider: str, holder: str, bank: str, number: str) -> BankAccount | Refusal:
    """The account as a provider states it; blanks in its number are left out."""
    digits = re.sub(r"\s", "", number)
    if holder.strip() and bank.strip() and ACCOUNT_NUMBER.fullmatch(digits):
        return BankAccount(holder.strip(), bank.strip(), digits)
    return refuse(
        "bank_account_unreadable",
        provider,
        zh=f"收款账户须有户名、开户行与 8 至 30 位数字账号，收到的是“{holder}”“{bank}”“{number}”；请更正。",
        en=f"An account needs its holder, its bank and a number of 8 to 30 digits; '{holder}', '{bank}', '{number}' "
        "were given, correct them.",
    )


def may_pay(payable: Payable, account: BankAccount | None, suspension: Suspension | None, day: date) -> Refusal | None:
    """No objection to paying on that day, or the first fact that stands against it."""
    if (paid := already_paid(payable)) is not None:
        return paid
    if payable.dispute is not None:
        return _disputed(payable, payable.dispute)
    if day < payable.due_on:
        return refuse(
            "invoice_not_due",
            payable.invoice,
            zh=f"工单 {payable.order} 的发票 {payable.invoice} 于 {payable.due_on} 到期，今日为 {day}；请到期后支付。",
            en=f"Invoice {payable.invoice} of order {payable.order} is due on {payable.due_on} and the day is {day}; "
            "pay it when it is due.",
        )
    if suspension is not None and suspension.suspended:
        return suspended(payable.provider, suspension)
    if account is None:
        return refuse(
            "bank_account_missing",
            payable.provider,
            zh=f"工单 {payable.order} 的发票 {payable.invoice} 已到期，服务机构 {payable.provider} 未登记收款账户；"
            "请服务机构先登记账户。",
            en=f"Invoice {payable.invoice} of order {payable.order} is due and the provider {payable.provider} has "
            "stated no bank account; have it state one first.",
        )
    return None


def suspended(provider: str, suspension: Suspension) -> Refusal:
    """Why nothing is ordered from a provider or paid to it."""
    return refuse(
        "provider_suspended",
        provider,
        zh=f"服务机构 {provider} 自 {suspension.at:%Y-%m-%d} 起被暂停合作（{suspension.reason}），不下单、不付款；"
        "请先恢复合作。",
        en=f"The provider {provider} is suspended since {suspension.at:%Y-%m-%d} ({suspension.reason}): nothing is "
        "ordered from it or paid to it before the suspension is lifted.",
    )


def already_paid(payable: Payable) -> Refusal | None:
    """Why an invoice that was paid is neither paid again nor taken back."""
    payment = payable.payment
    if payment is None:
        return None
    return refuse(
        "invoice_paid",
        payable.invoice,
        zh=f"工单 {payable.order} 的发票 {payable.invoice} 已于 {payment.paid_on} 以 {payment.reference} 付清，"
        "不再支付或冲销；如有差错，请服务机构退款或在下一张发票中抵减。",
        en=f"Invoice {payable.invoice} of order {payable.order} was paid on {payment.paid_on} under "
        f"{payment.reference} and is neither paid again nor reversed; have the provider repay or deduct what is wrong.",
    )


def _disputed(payable: Payable, dispute: InvoiceDispute) -> Refusal:
    return refuse(
        "invoice_disputed",
        payable.invoice,
        zh=f"工单 {payable.order} 的发票 {payable.invoice} 自 {dispute.at:%Y-%m-%d} 起有争议（{dispute.reason}），"
        "暂停支付；请提出方了结争议后再付。",
        en=f"Invoice {payable.invoice} of order {payable.order} is disputed since {dispute.at:%Y-%m-%d} "
        f"({dispute.reason}) and waits; have whoever disputes it end the dispute, then pay.",
    )
