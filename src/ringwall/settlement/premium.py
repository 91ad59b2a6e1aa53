"""Premium in the books: at issue, when the subsidy comes, and on a refund with its red-letter invoice."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Refusal, refuse, split_running
from ringwall.ledger import CompoundEntry, credit, debit
from ringwall.settlement.chart import Head, Voucher, account


@dataclass(frozen=True, slots=True)
class PremiumReceived:
    """A premium by who pays it (the insured now, the authority later) and by what it is (net and VAT)."""

    net_minor: int
    vat_minor: int
    insured_minor: int
    subsidy_minor: int = 0
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class PremiumRefund:
    """What is returned, under which red-letter invoice to which blue one, and what share the authority had paid."""

    net_minor: int
    vat_minor: int
    red_letter: str
    blue_invoice: str
    subsidy_share: Fraction = Fraction(0)
    currency: str = "CNY"

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.vat_minor

    @property
    def creditors_minor(self) -> tuple[int, int]:
        """What the insured and the subsidy authority get back: the insured's part rounded, the rest the authority's."""
        insured, authority = split_running(self.gross_minor, (1 - self.subsidy_share, self.subsidy_share))
        return insured, authority


def premium_at_issue(book: str, premium: PremiumReceived, voucher: Voucher) -> CompoundEntry | Refusal:
    """The policy is issued: the insured's part has been received, the subsidy is a claim on the authority."""
    paid, due = premium.insured_minor + premium.subsidy_minor, premium.net_minor + premium.vat_minor
    if paid != due or min(premium.net_minor, premium.vat_minor, premium.insured_minor, premium.subsidy_minor) < 0:
        return refuse(
            "premium_does_not_add_up",
            voucher.id,
            zh=f"被保险人与补贴合计 {paid} 分，净保费与增值税合计 {due} 分，须相等且各项不小于零；请核对。",
            en=f"Insured and subsidy pay {paid} minor units, net premium and VAT are {due}; they must be equal, none "
            "below nil. Check the figures and post again.",
        )
    return voucher.entry(
        debit(account(book, Head.CASH, premium.currency), premium.insured_minor),
        debit(account(book, Head.SUBSIDY_RECEIVABLE, premium.currency), premium.subsidy_minor),
        credit(account(book, Head.PREMIUM, premium.currency), premium.net_minor),
        credit(account(book, Head.OUTPUT_VAT, premium.currency), premium.vat_minor),
    )


def subsidy_received(book: str, amount_minor: int, voucher: Voucher, currency: str = "CNY") -> CompoundEntry:
    """The authority pays what it owes."""
    return voucher.entry(
        debit(account(book, Head.CASH, currency), amount_minor),
        credit(account(book, Head.SUBSIDY_RECEIVABLE, currency), amount_minor),
    )


def premium_refund(book: str, refund: PremiumRefund, voucher: Voucher) -> CompoundEntry | Refusal:
    """The premium falls: net and VAT are taken back under a red-letter invoice and owed to those who had paid them."""
    if not refund.red_letter or not refund.blue_invoice:
        return refuse(
            "red_letter_missing",
            voucher.id,
            zh="退还保费须有红字发票号及其对应的蓝字发票号；请先开具红字发票。",
            en="A refund of premium needs its red-letter invoice and the blue invoice it corrects; issue it first.",
        )
    if refund.net_minor <= 0 or refund.vat_minor < 0 or not 0 <= refund.subsidy_share < 1:
        return refuse(
            "refund_out_of_range",
            voucher.id,
            zh=f"退还净保费 {refund.net_minor} 分须大于零，增值税 {refund.vat_minor} 分须不小于零，"
            f"补贴比例 {refund.subsidy_share} 在 0 与 1 之间；请核对。",
            en=f"A refund needs net above nil ({refund.net_minor}), VAT not below nil ({refund.vat_minor}) and a "
            f"subsidy share from 0 and below 1 ({refund.subsidy_share}); check the figures.",
        )
    insured, authority = refund.creditors_minor
    return voucher.entry(
        debit(account(book, Head.PREMIUM, refund.currency), refund.net_minor),
        debit(account(book, Head.OUTPUT_VAT, refund.currency), refund.vat_minor),
        credit(account(book, Head.PAYABLE_TO_INSURED, refund.currency), insured),
        credit(account(book, Head.PAYABLE_TO_SUBSIDY_AUTHORITY, refund.currency), authority),
    )


def refund_paid(book: str, refund: PremiumRefund, voucher: Voucher) -> CompoundEntry:
    """The refund leaves the house, to each of those to whom it is owed."""
    insured, authority = refund.creditors_minor
    return voucher.entry(
        debit(account(book, Head.PAYABLE_TO_INSURED, refund.currency), insured),
        debit(account(book, Head.PAYABLE_TO_SUBSIDY_AUTHORITY, refund.currency), authority),
        credit(account(book, Head.CASH, refund.currency), refund.gross_minor),
    )
