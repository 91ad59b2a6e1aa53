"""Entering a movement into a journal: one status for each try, in a fixed order of checks; a batch goes in whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from ringwall.ledger.transfers import Transfer, TransferState


class Status(StrEnum):
    """What became of a movement. After the two answers that are no fault, the order is the precedence of the checks."""

    CREATED = "created"
    EXISTS = "exists"
    ID_MUST_NOT_BE_EMPTY = "id_must_not_be_empty"
    ACCOUNTS_MUST_DIFFER = "accounts_must_differ"
    AMOUNT_MUST_BE_POSITIVE = "amount_must_be_positive"
    CURRENCIES_MUST_MATCH = "currencies_must_match"
    PENDING_MUST_NOT_SETTLE = "pending_must_not_settle"
    VOID_MUST_NAME_A_PENDING = "void_must_name_a_pending"
    EXISTS_WITH_DIFFERENT_DEBIT = "exists_with_different_debit"
    EXISTS_WITH_DIFFERENT_CREDIT = "exists_with_different_credit"
    EXISTS_WITH_DIFFERENT_AMOUNT = "exists_with_different_amount"
    EXISTS_WITH_DIFFERENT_DAY = "exists_with_different_day"
    EXISTS_WITH_DIFFERENT_STATE = "exists_with_different_state"
    EXISTS_WITH_DIFFERENT_REFERENCE = "exists_with_different_reference"
    PENDING_NOT_FOUND = "pending_not_found"
    PENDING_WAS_NEVER_PENDING = "pending_was_never_pending"
    PENDING_ALREADY_POSTED = "pending_already_posted"
    PENDING_ALREADY_VOIDED = "pending_already_voided"
    PENDING_HAS_DIFFERENT_ACCOUNTS = "pending_has_different_accounts"
    PENDING_HAS_DIFFERENT_AMOUNT = "pending_has_different_amount"
    BATCH_MATE_FAILED = "batch_mate_failed"

    @property
    def accepted(self) -> bool:
        """True where the journal now holds the movement, whether it came just now or earlier."""
        return self in (Status.CREATED, Status.EXISTS)


IN_ITSELF: tuple[tuple[Status, Callable[[Transfer], bool]], ...] = (
    (Status.ID_MUST_NOT_BE_EMPTY, lambda t: not t.id),
    (Status.ACCOUNTS_MUST_DIFFER, lambda t: t.debit == t.credit),
    (Status.AMOUNT_MUST_BE_POSITIVE, lambda t: t.amount_minor <= 0),
    (Status.CURRENCIES_MUST_MATCH, lambda t: not t.debit.currency == t.credit.currency == t.currency),
    (Status.PENDING_MUST_NOT_SETTLE, lambda t: t.state is TransferState.PENDING and bool(t.settles)),
    (Status.VOID_MUST_NAME_A_PENDING, lambda t: t.state is TransferState.VOIDED and not t.settles),
)

AGAINST_ITS_TWIN: tuple[tuple[Status, Callable[[Transfer, Transfer], bool]], ...] = (
    (Status.EXISTS_WITH_DIFFERENT_DEBIT, lambda old, new: old.debit != new.debit),
    (Status.EXISTS_WITH_DIFFERENT_CREDIT, lambda old, new: old.credit != new.credit),
    (Status.EXISTS_WITH_DIFFERENT_AMOUNT, lambda old, new: old.amount_minor != new.amount_minor),
    (Status.EXISTS_WITH_DIFFERENT_DAY, lambda old, new: old.effective_on != new.effective_on),
    (Status.EXISTS_WITH_DIFFERENT_STATE, lambda old, new: (old.state, old.settles) != (new.state, new.settles)),
    (Status.EXISTS_WITH_DIFFERENT_REFERENCE, lambda old, new: old.reference != new.reference),
)
"""`known_at` is not compared: a repeated request comes later and is still the same movement."""

_ENDED = {
    TransferState.POSTED: Status.PENDING_ALREADY_POSTED,
    TransferState.VOIDED: Status.PENDING_ALREADY_VOIDED,
}


def enter(rows: Iterable[Transfer], transfer: Transfer) -> Status:
    """The status of one movement against the rows that bear on it: those of its id, and of the id that it settles.

    The first check that fails gives the status; `rows` may be the whole journal or the few rows just named.
    """
    return _Index(rows).status(transfer)


def enter_all(rows: Iterable[Transfer], batch: Sequence[Transfer]) -> tuple[tuple[Transfer, ...], tuple[Status, ...]]:
    """The rows to append for a batch that stands or falls together, and a status for each member.

    One faulty member and nothing is appended; the others then say that a mate failed. Members see those before them.
    """
    index = _Index(rows)
    created, statuses = [], []
    for transfer in batch:
        status = index.status(transfer)
        statuses.append(status)
        if status is Status.CREATED:
            index.add(transfer)
            created.append(transfer)
    if all(status.accepted for status in statuses):
        return tuple(created), tuple(statuses)
    return (), tuple(Status.BATCH_MATE_FAILED if s is Status.CREATED else s for s in statuses)


class _Index:
    """The rows of a journal by their id, and by the pending row that they settle."""

    def __init__(self, rows: Iterable[Transfer]) -> None:
        self._by_id: dict[str, Transfer] = {}
        self._settling: dict[str, Transfer] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Transfer) -> None:
        self._by_id[row.id] = row
        if row.settles:
            self._settling[row.settles] = row

    def status(self, transfer: Transfer) -> Status:
        for status, fails in IN_ITSELF:
            if fails(transfer):
                return status
        twin = self._by_id.get(transfer.id)
        if twin is not None:
            return next((status for status, differs in AGAINST_ITS_TWIN if differs(twin, transfer)), Status.EXISTS)
        return self._against_pending(transfer) if transfer.settles else Status.CREATED

    def _against_pending(self, transfer: Transfer) -> Status:
        pending, ending = self._by_id.get(transfer.settles), self._settling.get(transfer.settles)
        if pending is None:
            return Status.PENDING_NOT_FOUND
        if pending.state is not TransferState.PENDING:
            return Status.PENDING_WAS_NEVER_PENDING
        if ending is not None:
            return _ENDED[ending.state]
        if (pending.debit, pending.credit) != (transfer.debit, transfer.credit):
            return Status.PENDING_HAS_DIFFERENT_ACCOUNTS
        if pending.amount_minor != transfer.amount_minor:
            return Status.PENDING_HAS_DIFFERENT_AMOUNT
        return Status.CREATED
