"""What an account holds on a day, as far as was known at an instant; and entries whose sides are equal."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal
from ringwall.ledger import (
    Account,
    Balance,
    CompoundEntry,
    Leg,
    Transfer,
    TransferState,
    balance,
    credit,
    debit,
    transfers_of,
    trial_balance,
)

CASH, DUE, SALES, TAX = (Account("shop", code) for code in ("cash", "due", "sales", "tax"))


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def row(name: str, amount: int, *, holds: int, known: int, state: TransferState, settles: str = "") -> Transfer:
    return Transfer(name, CASH, SALES, amount, "CNY", date(2026, 3, holds), at(known), state, "", settles)


POSTED, PENDING, VOIDED = TransferState.POSTED, TransferState.PENDING, TransferState.VOIDED
ROWS = (
    row("T1", 500, holds=1, known=1, state=POSTED),
    row("T2", 300, holds=2, known=9, state=POSTED),
    row("P1", 70, holds=3, known=3, state=PENDING),
    row("T3", 70, holds=5, known=5, state=POSTED, settles="P1"),
    row("P2", 11, holds=3, known=3, state=PENDING),
    row("T4", 11, holds=6, known=6, state=VOIDED, settles="P2"),
)


def test_a_late_entry_shows_on_its_day_only_from_the_instant_at_which_it_was_known() -> None:
    assert balance(ROWS, CASH, date(2026, 3, 2), at(8)).debit_minor == 500
    assert balance(ROWS, CASH, date(2026, 3, 2), at(9)).debit_minor == 800
    assert balance(ROWS, CASH, date(2026, 3, 1), at(9)).debit_minor == 500


def test_a_pending_sum_stands_apart_until_it_is_posted_or_voided() -> None:
    assert balance(ROWS, CASH, date(2026, 3, 4), at(4)) == Balance(500, 0, 81, 0)
    assert balance(ROWS, CASH, date(2026, 3, 5), at(5)) == Balance(570, 0, 11, 0)
    assert balance(ROWS, CASH, date(2026, 3, 31), at(31)) == Balance(870, 0, 0, 0)
    assert balance(ROWS, SALES, date(2026, 3, 31), at(31)).net_debit_minor == -870


def entry(*legs: Leg, name: str = "E1") -> CompoundEntry:
    return CompoundEntry(name, legs, date(2026, 3, 1), at(1), "R-1")


def test_an_entry_of_many_legs_becomes_movements_that_keep_every_leg() -> None:
    moved = transfers_of(entry(debit(CASH, 563_513), debit(DUE, 241_506), credit(SALES, 759_452), credit(TAX, 45_567)))
    assert not isinstance(moved, Refusal)
    assert [(t.id, t.debit.code, t.credit.code, t.amount_minor) for t in moved] == [
        ("E1/1", "cash", "sales", 563_513),
        ("E1/2", "due", "sales", 195_939),
        ("E1/3", "due", "tax", 45_567),
    ]


def test_an_entry_whose_sides_differ_is_refused_with_the_difference() -> None:
    refused = transfers_of(entry(debit(CASH, 100), credit(SALES, 99)))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("entry_unbalanced", "E1")
    assert "1" in refused.message.zh
    assert "debits exceed" in refused.message.en


def test_each_participant_must_balance_for_itself() -> None:
    other = Account("bank", "cash")
    assert isinstance(transfers_of(entry(debit(CASH, 5), credit(other, 5))), Refusal)


def test_a_negative_debit_is_a_credit_and_nothing_is_no_movement() -> None:
    moved = transfers_of(entry(debit(CASH, -1), credit(SALES, -1), debit(DUE, 0)))
    assert not isinstance(moved, Refusal)
    assert [(t.debit, t.credit, t.amount_minor) for t in moved] == [(SALES, CASH, 1)]


ACCOUNTS = st.builds(Account, st.sampled_from(["a", "b"]), st.sampled_from(["v", "w", "x", "y", "z"]))
LEGS = st.lists(st.builds(Leg, ACCOUNTS, st.integers(-(10**15), 10**15)), max_size=12)


@given(LEGS)
def test_movements_of_a_balanced_entry_sum_to_its_legs_and_the_trial_balance_closes(legs: list[Leg]) -> None:
    closing = [
        credit(Account(name, "rest"), sum(leg.amount_minor for leg in legs if leg.account.participant == name))
        for name in ("a", "b")
    ]
    moved = transfers_of(entry(*legs, *closing))
    assert not isinstance(moved, Refusal)
    assert all(t.amount_minor > 0 and t.debit.participant == t.credit.participant for t in moved)
    book = trial_balance(moved, date(2026, 3, 1), at(1))
    for account in {leg.account for leg in [*legs, *closing]}:
        wanted = sum(leg.amount_minor for leg in [*legs, *closing] if leg.account == account)
        assert book.of(account).net_debit_minor == wanted
    assert book.totals().net_debit_minor == 0
