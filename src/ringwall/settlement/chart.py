"""The chart of accounts that every participant keeps, and the voucher under which an entry stands in its books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ringwall.basics import Words
from ringwall.ledger import Account, CompoundEntry, Leg


class Nature(StrEnum):
    """On which side an account usually stands."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


class Head(StrEnum):
    """The heads of the chart."""

    CASH = "cash"
    PREMIUM = "premium"
    OUTPUT_VAT = "output_vat"
    SUBSIDY_RECEIVABLE = "subsidy_receivable"
    PAYABLE_TO_INSURED = "payable_to_insured"
    PAYABLE_TO_SUBSIDY_AUTHORITY = "payable_to_subsidy_authority"
    CLAIMS_PAID = "claims_paid"
    CLAIMS_EXPENSE = "claims_expense"
    RECOVERIES = "recoveries"
    OUTSTANDING_RESERVE = "outstanding_reserve"
    RESERVE_CHANGE = "reserve_change"
    DUE_TO_LEAD = "due_to_lead"
    DUE_FROM_FOLLOWER = "due_from_follower"
    DUE_FROM_LEAD = "due_from_lead"
    DUE_TO_FOLLOWER = "due_to_follower"
    LEAD_FEE_INCOME = "lead_fee_income"
    LEAD_FEE_EXPENSE = "lead_fee_expense"
    LEAD_FEE_RECEIVABLE = "lead_fee_receivable"
    LEAD_FEE_PAYABLE = "lead_fee_payable"
    SUSPENSE = "suspense"
    HELD_DISPUTED = "held_disputed"
    SERVICE_EXPENSE = "service_expense"
    SERVICE_DUE_FROM_FOLLOWER = "service_due_from_follower"
    SERVICE_DUE_TO_LEAD = "service_due_to_lead"
    PAYABLE_TO_PROVIDER = "payable_to_provider"


CHART: Mapping[Head, tuple[Nature, Words]] = {
    Head.CASH: (Nature.ASSET, Words("银行存款", "cash at bank")),
    Head.PREMIUM: (Nature.INCOME, Words("保费收入", "premium")),
    Head.OUTPUT_VAT: (Nature.LIABILITY, Words("应交增值税（销项税额）", "output VAT")),
    Head.SUBSIDY_RECEIVABLE: (Nature.ASSET, Words("应收保费补贴", "premium subsidy receivable")),
    Head.PAYABLE_TO_INSURED: (Nature.LIABILITY, Words("应付被保险人款", "payable to the insured")),
    Head.PAYABLE_TO_SUBSIDY_AUTHORITY: (Nature.LIABILITY, Words("应退保费补贴", "payable to the subsidy authority")),
    Head.CLAIMS_PAID: (Nature.EXPENSE, Words("赔付支出", "claims paid")),
    Head.CLAIMS_EXPENSE: (Nature.EXPENSE, Words("直接理赔费用", "claims expense (ALAE)")),
    Head.RECOVERIES: (Nature.INCOME, Words("追偿款收入", "recoveries from third parties")),
    Head.OUTSTANDING_RESERVE: (Nature.LIABILITY, Words("未决赔款准备金", "outstanding claims reserve")),
    Head.RESERVE_CHANGE: (Nature.EXPENSE, Words("提取未决赔款准备金", "change in outstanding reserve")),
    Head.DUE_TO_LEAD: (Nature.LIABILITY, Words("应付主承保人赔款摊回", "claims due to the lead (loss-fund call)")),
    Head.DUE_FROM_FOLLOWER: (
        Nature.ASSET,
        Words("应收从共保人赔款摊回", "claims due from a follower (loss-fund call)"),
    ),
    Head.DUE_FROM_LEAD: (Nature.ASSET, Words("应收主承保人保费", "premium due from the lead")),
    Head.DUE_TO_FOLLOWER: (Nature.LIABILITY, Words("应付从共保人保费", "premium due to a follower")),
    Head.LEAD_FEE_INCOME: (Nature.INCOME, Words("出单费收入", "lead fee income")),
    Head.LEAD_FEE_EXPENSE: (Nature.EXPENSE, Words("出单费支出", "lead fee expense")),
    Head.LEAD_FEE_RECEIVABLE: (Nature.ASSET, Words("应收出单费", "lead fee receivable")),
    Head.LEAD_FEE_PAYABLE: (Nature.LIABILITY, Words("应付出单费", "lead fee payable")),
    Head.SUSPENSE: (Nature.ASSET, Words("待分摊款", "suspense")),
    Head.HELD_DISPUTED: (Nature.LIABILITY, Words("争议暂留款", "held, in dispute")),
    Head.SERVICE_EXPENSE: (Nature.EXPENSE, Words("防灾减损服务费", "loss prevention services")),
    Head.SERVICE_DUE_FROM_FOLLOWER: (
        Nature.ASSET,
        Words("应收从共保人服务费摊回", "share of services due from a follower"),
    ),
    Head.SERVICE_DUE_TO_LEAD: (Nature.LIABILITY, Words("应付主承保人服务费摊回", "share of services due to the lead")),
    Head.PAYABLE_TO_PROVIDER: (Nature.LIABILITY, Words("应付服务机构款", "payable to a service provider")),
}


@dataclass(frozen=True, slots=True)
class Voucher:
    """Under what number an entry stands, for which day it holds, and when it became known."""

    id: str
    effective_on: date
    known_at: datetime
    reference: str = ""

    def entry(self, *legs: Leg) -> CompoundEntry:
        return CompoundEntry(self.id, legs, self.effective_on, self.known_at, self.reference)

    def within(self, suffix: str) -> Voucher:
        """The same voucher for one of several entries that it makes."""
        return Voucher(f"{self.id}/{suffix}", self.effective_on, self.known_at, self.reference)


def head_of(account: Account) -> Head:
    """The head under which an account stands."""
    return Head(account.code.partition("/")[0])


def account(participant: str, head: Head, currency: str = "CNY", other: str = "") -> Account:
    """One account in a participant's book; balances with others are kept apart for each of them."""
    return Account(participant, f"{head.value}/{other}" if other else head.value, currency)
