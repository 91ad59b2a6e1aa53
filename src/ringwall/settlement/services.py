"""A provider's accepted invoice in the books of the insurer that owes it: billed, reversed, and paid out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ringwall.basics import Refusal, refuse
from ringwall.ledger import CompoundEntry, credit, debit
from ringwall.settlement.chart import Head, Voucher, account


@dataclass(frozen=True, slots=True)
class ServiceBill:
    """What is owed to a provider for one order, without VAT; below nil it takes an earlier bill back."""

    order: str
    provider: str
    invoice: str
    amount_minor: int
    currency: str = "CNY"

    @property
    def reversed(self) -> ServiceBill:
        return replace(self, amount_minor=-self.amount_minor)


def service_billed(book: str, bill: ServiceBill, voucher: Voucher) -> CompoundEntry | Refusal:
    """The cost of the service, owed to its provider; a bill below nil is the same entry with its signs changed."""
    if bill.amount_minor == 0 or not bill.invoice:
        return refuse(
            "service_bill_empty",
            bill.order,
            zh=f"工单 {bill.order} 应付 {bill.amount_minor} 分，发票“{bill.invoice}”；"
            "金额须不为零且有发票号，请更正发票。",
            en=f"{bill.amount_minor} minor units under invoice '{bill.invoice}' are to be owed for order {bill.order}; "
            "an amount that is not nil and the invoice's number are needed, correct the invoice.",
        )
    return voucher.entry(
        debit(account(book, Head.SERVICE_EXPENSE, bill.currency), bill.amount_minor),
        credit(account(book, Head.PAYABLE_TO_PROVIDER, bill.currency, bill.provider), bill.amount_minor),
    )


def service_paid(book: str, bill: ServiceBill, voucher: Voucher) -> CompoundEntry:
    """What was owed to the provider leaves the bank."""
    return voucher.entry(
        debit(account(book, Head.PAYABLE_TO_PROVIDER, bill.currency, bill.provider), bill.amount_minor),
        credit(account(book, Head.CASH, bill.currency), bill.amount_minor),
    )
