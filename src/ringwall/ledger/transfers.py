"""Accounts and the movements of money between them: a movement is pending, posted or voided, and never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One account of one participant in one currency; `code` is a head of the participant's chart."""

    participant: str
    code: str
    currency: str = "CNY"


class TransferState(StrEnum):
    """A pending movement is promised, not made; a later row posts or voids it."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement: the debited account receives, the credited account gives; whole minor units, above nil.

    `effective_on` is the day for which it holds, `known_at` the instant at which it was entered. A row that posts
    or voids a pending one has its own id and names the pending row in `settles`.
    """

    id: str
    debit: Account
    credit: Account
    amount_minor: int
    currency: str
    effective_on: date
    known_at: datetime
    state: TransferState = TransferState.POSTED
    reference: str = ""
    settles: str = ""

    def __post_init__(self) -> None:
        assert self.known_at.tzinfo, "instants carry a zone"
