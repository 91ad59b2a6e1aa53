"""Money as the books have it: the panel's chain of postings, the speaker's own statement and its own journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from ringwall.basics import Refusal, Term, local_day
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import PolicyFile
from ringwall.desk.settlement.statement_of import CheckedStatement, statement_of
from ringwall.ledger import Account, Balance, trial_balance
from ringwall.settlement import Difference, PanelPosting, SequenceKind, Statement
from ringwall.shell.api.caller import Asking, SignedRoute
from ringwall.shell.api.forms.fields import Day, Instant, Number
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import standing

router = APIRouter(tags=["账务 · Accounts"], route_class=SignedRoute)


@dataclass(frozen=True, slots=True)
class Chain:
    """Every posting of a panel, in order of sequence and number."""

    panel: str
    postings: tuple[PanelPosting, ...]


@dataclass(frozen=True, slots=True)
class AccountClosing:
    """How one sequence closes for the participant."""

    kind: SequenceKind
    opening_minor: int
    closing_minor: int


@dataclass(frozen=True, slots=True)
class StatementSeen:
    """A statement, the closing of each account, and where the chain and its recomputation disagree (nowhere)."""

    statement: Statement
    closings: tuple[AccountClosing, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account with its balance."""

    account: Account
    balance: Balance
    net_debit_minor: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Every account with a movement on a day, as known at an instant; the debits equal the credits."""

    on: date
    known_at: datetime
    lines: tuple[TrialLine, ...]
    total: Balance
    balanced: bool


@router.get("/policies/{number}/postings", response_model=mirror(Chain), summary="共保体过账 · Panel postings")
def postings(number: Number, caller: Asking) -> Chain:
    """The whole chain of the panel, which every carrier can compute again from the shares alone."""

    def read(office: Office) -> Chain | Refusal:
        row = _carried(office, number)
        if isinstance(row, Refusal):
            return row
        return Chain(row.record.agreement.panel, office.panel_chain.log(row.object_id))

    return caller.ask(read)


@router.get("/policies/{number}/statement", response_model=mirror(StatementSeen), summary="对账单 · Statement")
def own_statement(
    number: Number,
    caller: Asking,
    start: Annotated[Instant | None, Query(alias="from", description="默认自签约起 · from binding on")] = None,
    end: Annotated[Instant | None, Query(alias="to", description="默认至当前 · until now")] = None,
) -> StatementSeen:
    """The speaker's own accounts with the panel for a period: opening, lines, closing; nobody else's."""
    now = caller.instant(None)

    def read(office: Office) -> StatementSeen | Refusal:
        row = _carried(office, number)
        if isinstance(row, Refusal):
            return row
        period = Term(start or row.record.policy.concluded_at, end or now)
        return _seen(statement_of(office, row.object_id, period))

    return caller.ask(read)


@router.get("/journal/trial-balance", response_model=mirror(Trial), summary="试算平衡表 · Trial balance")
def trial(
    caller: Asking,
    on: Annotated[Day | None, Query(description="默认今日 · today by default")] = None,
    known: Annotated[Instant | None, Query(description="默认当前 · now by default")] = None,
) -> Trial:
    """The speaker's own books on a day, as far as they were known at an instant."""
    now = caller.instant(None)
    day, known_at = on or local_day(now), known or now

    def read(office: Office) -> Trial:
        balances = trial_balance(office.books.all(), day, known_at)
        lines = tuple(TrialLine(account, each, each.net_debit_minor) for account, each in balances.lines)
        total = balances.totals()
        return Trial(day, known_at, lines, total, total.debit_minor == total.credit_minor)

    return caller.ask(read)


def _carried(office: Office, number: str) -> Row[PolicyFile] | Refusal:
    """A policy of which the speaker carries a share; for everybody else there is no such chain."""
    row, me = standing(office.policies, number), office.directory.by_id(office.me)
    if isinstance(row, Refusal):
        return row
    return row if me is not None and me.code in row.record.agreement.names else not_visible(number)


def _seen(checked: CheckedStatement) -> StatementSeen:
    accounts = checked.statement.accounts
    closings = tuple(AccountClosing(each.kind, each.opening_minor, each.closing_minor) for each in accounts)
    return StatementSeen(checked.statement, closings, checked.differences)
