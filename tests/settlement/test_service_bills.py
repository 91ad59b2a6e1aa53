"""A provider's bill is one entry that balances; taken back, it is the same with its signs changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal
from ringwall.ledger import CompoundEntry, transfers_of
from ringwall.settlement import Head, ServiceBill, Voucher, account, service_billed, service_paid

AT = datetime(2026, 11, 2, tzinfo=UTC)


def voucher(name: str) -> Voucher:
    return Voucher(name, date(2026, 11, 2), AT, "O-1")


def entry(bill: ServiceBill, name: str = "O-1:settled-1") -> CompoundEntry:
    found = service_billed("shouan", bill, voucher(name))
    assert isinstance(found, CompoundEntry), found
    return found


@given(amount=st.integers(min_value=1, max_value=10**15))
def test_a_bill_is_owed_to_its_provider_and_its_reversal_leaves_nothing(amount: int) -> None:
    bill = ServiceBill("O-1", "fengtai", "FT-1", amount)
    owed, back = entry(bill), entry(bill.reversed, "O-1:reversed-1")
    (moved,) = transfers_of(owed)
    (undone,) = transfers_of(back)
    expense, payable = (
        account("shouan", Head.SERVICE_EXPENSE),
        account("shouan", Head.PAYABLE_TO_PROVIDER, other="fengtai"),
    )
    assert (moved.debit, moved.credit, moved.amount_minor) == (expense, payable, amount)
    assert (undone.debit, undone.credit, undone.amount_minor) == (payable, expense, amount)


@given(amount=st.integers(min_value=1, max_value=10**15))
def test_a_paid_bill_leaves_nothing_owed_and_the_bank_shorter_by_its_amount(amount: int) -> None:
    bill = ServiceBill("O-1", "fengtai", "FT-1", amount)
    (moved,) = transfers_of(service_paid("shouan", bill, voucher("O-1:paid")))
    assert (moved.debit, moved.credit, moved.amount_minor) == (
        account("shouan", Head.PAYABLE_TO_PROVIDER, other="fengtai"),
        account("shouan", Head.CASH),
        amount,
    )


@pytest.mark.parametrize("bill", [ServiceBill("O-1", "fengtai", "FT-1", 0), ServiceBill("O-1", "fengtai", "", 100)])
def test_an_empty_bill_is_refused(bill: ServiceBill) -> None:
    refusal = service_billed("shouan", bill, voucher("x"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "service_bill_empty"
