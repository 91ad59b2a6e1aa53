"""Balances on two dates: the day for which they hold, and the instant up to which we know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ringwall.ledger.transfers import Account, Transfer, TransferState


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has received (debit) and given (credit); pending sums are promised and not yet settled."""

    debit_minor: int = 0
    credit_minor: int = 0
    pending_debit_minor: int = 0
    pending_credit_minor: int = 0

    @property
    def net_debit_minor(self) -> int:
        return self.debit_minor - self.credit_minor

    def plus(self, other: Balance) -> Balance:
        return Balance(
            self.debit_minor + other.debit_minor,
            self.credit_minor + other.credit_minor,
            self.pending_debit_minor + other.pending_debit_minor,
            self.pending_credit_minor + other.pending_credit_minor,
        )


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account with a movement, in order; of one currency the debits equal the credits."""

    lines: tuple[tuple[Account, Balance], ...]

    def totals(self, currency: str = "CNY") -> Balance:
        total = Balance()
        for account, balance in self.lines:
            if account.currency == currency:
                total = total.plus(balance)
        return total

    def of(self, account: Account) -> Balance:
        return next((balance for known, balance in self.lines if known == account), Balance())


def known_rows(rows: Iterable[Transfer], effective_on: date, known_at: datetime) -> tuple[Transfer, ...]:
    """The rows that hold on a day (that day included), as far as they were known at an instant (included)."""
    return tuple(row for row in rows if row.effective_on <= effective_on and row.known_at <= known_at)


def trial_balance(rows: Iterable[Transfer], effective_on: date, known_at: datetime) -> TrialBalance:
    """Every account's balance on a day as known at an instant; a pending row counts apart until it is settled."""
    known = known_rows(rows, effective_on, known_at)
    settled = {row.settles for row in known if row.settles}
    sums: dict[Account, Balance] = {}
    for row in known:
        if row.state is TransferState.POSTED:
            receives, gives = Balance(debit_minor=row.amount_minor), Balance(credit_minor=row.amount_minor)
        elif row.state is TransferState.PENDING and row.id not in settled:
            receives = Balance(pending_debit_minor=row.amount_minor)
            gives = Balance(pending_credit_minor=row.amount_minor)
        else:
            continue
        sums[row.debit] = sums.get(row.debit, Balance()).plus(receives)
        sums[row.credit] = sums.get(row.credit, Balance()).plus(gives)
    return TrialBalance(tuple(sorted(sums.items(), key=lambda line: line[0])))


def balance(rows: Iterable[Transfer], account: Account, effective_on: date, known_at: datetime) -> Balance:
    """One account's balance on a day as known at an instant."""
    touching = [row for row in rows if account in (row.debit, row.credit)]
    return trial_balance(touching, effective_on, known_at).of(account)
