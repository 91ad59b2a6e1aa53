"""Entries of several legs: debits equal credits, or there is no entry. They are stored as balanced movements."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ringwall.basics import Refusal, refuse
from ringwall.ledger.transfers import Account, Transfer, TransferState


@dataclass(frozen=True, slots=True)
class Leg:
    """What one account receives (above nil: debit) or gives (below nil: credit), in whole minor units."""

    account: Account
    amount_minor: int


def debit(account: Account, amount_minor: int) -> Leg:
    """A debit; a negative amount is a credit, as a transient minus one of a split needs it."""
    return Leg(account, amount_minor)


def credit(account: Account, amount_minor: int) -> Leg:
    """A credit; a negative amount is a debit."""
    return Leg(account, -amount_minor)


@dataclass(frozen=True, slots=True)
class CompoundEntry:
    """One business event in the books of one or more participants."""

    id: str
    legs: tuple[Leg, ...]
    effective_on: date
    known_at: datetime
    reference: str = ""
    state: TransferState = TransferState.POSTED


def transfers_of(entry: CompoundEntry) -> tuple[Transfer, ...] | Refusal:
    """The movements that make up an entry: debits are met by credits in the order of the legs.

    Each participant and currency balances for itself; what each account receives or gives stays exactly as in the legs.
    """
    open_legs: dict[tuple[str, str], int] = {}
    for leg in entry.legs:
        book = (leg.account.participant, leg.account.currency)
        open_legs[book] = open_legs.get(book, 0) + leg.amount_minor
    faults = [(book, rest) for book, rest in open_legs.items() if rest]
    if faults:
        (participant, currency), rest = faults[0]
        return _unbalanced(entry.id, participant, currency, rest)
    pairs = [pair for book in open_legs for pair in _pairs(entry.legs, book)]
    return tuple(
        Transfer(
            id=f"{entry.id}/{number}",
            debit=receives,
            credit=gives,
            amount_minor=amount,
            currency=receives.currency,
            effective_on=entry.effective_on,
            known_at=entry.known_at,
            state=entry.state,
            reference=entry.reference,
        )
        for number, (receives, gives, amount) in enumerate(pairs, start=1)
    )


def _unbalanced(entry: str, participant: str, currency: str, rest: int) -> Refusal:
    more_zh, more_en = ("借方", "debits") if rest > 0 else ("贷方", "credits")
    return refuse(
        "entry_unbalanced",
        entry,
        zh=f"分录 {entry} 在 {participant} 的 {currency} 账上{more_zh}多 {abs(rest)} 分;请补足另一方后再入账。",
        en=f"Entry {entry}: in the {currency} book of {participant} the {more_en} exceed the other side by {abs(rest)} "
        "minor units; complete the entry and enter it again.",
    )


def _pairs(legs: Iterable[Leg], book: tuple[str, str]) -> list[tuple[Account, Account, int]]:
    """Debits against credits of one book, first come first met; an account that is on both sides is netted first."""
    net: dict[Account, int] = {}
    for leg in legs:
        if (leg.account.participant, leg.account.currency) == book:
            net[leg.account] = net.get(leg.account, 0) + leg.amount_minor
    receiving = deque((account, amount) for account, amount in net.items() if amount > 0)
    giving = deque((account, -amount) for account, amount in net.items() if amount < 0)
    pairs = []
    while receiving:
        (into, wanted), (out_of, offered) = receiving.popleft(), giving.popleft()
        moved = min(wanted, offered)
        pairs.append((into, out_of, moved))
        if wanted > moved:
            receiving.appendleft((into, wanted - moved))
        if offered > moved:
            giving.appendleft((out_of, offered - moved))
    return pairs
