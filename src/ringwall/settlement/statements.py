"""Statements of account between lead and follower, and the recomputation by which a follower checks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Term, split_running
from ringwall.settlement.panel import (
    DecidedBy,
    PanelAgreement,
    PanelPosting,
    PostingKind,
    SequenceKind,
    has_opposite_sign,
)
from ringwall.settlement.standing import HeldRelease


@dataclass(frozen=True, slots=True)
class Remittance:
    """Money that passed between lead and follower on the account of one sequence."""

    participant: str
    kind: SequenceKind
    at: datetime
    amount_minor: int
    reference: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting as one participant sees it: the whole amount, its own part, and what of it is held."""

    number: int
    kind: PostingKind
    claim: str
    at: datetime
    amount_minor: int
    running_total_minor: int
    part_minor: int
    held_minor: int
    decided_by: DecidedBy
    suspended: bool
    reverses: int | None

    @property
    def settled_minor(self) -> int:
        return self.part_minor - self.held_minor


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """One sequence in one period: opening, lines, what a ruling released, what was remitted, closing."""

    kind: SequenceKind
    opening_minor: int
    lines: tuple[StatementLine, ...]
    released_minor: int
    remitted_minor: int

    @property
    def closing_minor(self) -> int:
        settled = sum(line.settled_minor for line in self.lines)
        return self.opening_minor + settled + self.released_minor - self.remitted_minor


@dataclass(frozen=True, slots=True)
class Statement:
    """A participant's accounts for a period. Claims and services above nil are owed to the lead, premium above nil by
    the lead; none is netted with another."""

    participant: str
    panel: str
    period: Term
    accounts: tuple[AccountStatement, ...]
    loss_fund_call_minor: int

    def account(self, kind: SequenceKind) -> AccountStatement:
        return next(account for account in self.accounts if account.kind is kind)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a log and its recomputation disagree."""

    number: int
    what: str
    stated: int
    recomputed: int


@dataclass(frozen=True, slots=True)
class PanelLog:
    """All that a statement is made from: the postings of every sequence, releases after rulings, and remittances."""

    postings: tuple[PanelPosting, ...]
    releases: tuple[HeldRelease, ...] = ()
    remittances: tuple[Remittance, ...] = ()


def statement(agreement: PanelAgreement, participant: str, period: Term, log: PanelLog) -> Statement:
    """The statement of one participant for a period [start, end)."""
    kinds = [kind for kind in SequenceKind if any(p.event.kind.sequence is kind for p in log.postings)]
    accounts = tuple(_account(participant, period, kind, log) for kind in kinds)
    claims = next((account.closing_minor for account in accounts if account.kind is SequenceKind.CLAIM), 0)
    call = 0 if participant == agreement.lead else max(claims, 0)
    return Statement(participant, agreement.panel, period, accounts, call)


def recomputed_parts(agreement: PanelAgreement, log: Sequence[PanelPosting]) -> Mapping[int, tuple[int, ...]]:
    """Every posting's parts again, from the shares and the log's amounts, numbers and reversals alone."""
    total, booked = 0, [0] * len(agreement.shares)
    parts: dict[int, tuple[int, ...]] = {}
    for posting in sorted(log, key=lambda posting: posting.number):
        total += posting.amount_minor
        if posting.reverses is None:
            whole = split_running(total, agreement.fractions)
            found = tuple(w - b for w, b in zip(whole, booked, strict=True))
            if agreement.suspend_opposite_sign and has_opposite_sign(found):
                found = (0,) * len(found)
        else:
            found = tuple(-part for part in parts.get(posting.reverses, (0,) * len(booked)))
        booked = [b + part for b, part in zip(booked, found, strict=True)]
        parts[posting.number] = found
    return parts


def differences(agreement: PanelAgreement, log: Sequence[PanelPosting]) -> tuple[Difference, ...]:
    """What a follower finds when it recomputes a sequence's log: gaps in the numbers, wrong totals, wrong parts."""
    ordered = sorted(log, key=lambda posting: posting.number)
    found = [
        Difference(posting.number, "number", posting.number, wanted)
        for wanted, posting in enumerate(ordered, start=1)
        if posting.number != wanted
    ]
    parts, total = recomputed_parts(agreement, ordered), 0
    for posting in ordered:
        total += posting.amount_minor
        if posting.running_total_minor != total:
            found.append(Difference(posting.number, "running_total", posting.running_total_minor, total))
        found += [
            Difference(posting.number, name, posting.part_of(name), part)
            for name, part in zip(agreement.names, parts[posting.number], strict=True)
            if posting.part_of(name) != part
        ]
    return tuple(found)


def _account(participant: str, period: Term, kind: SequenceKind, log: PanelLog) -> AccountStatement:
    postings = [posting for posting in log.postings if posting.event.kind.sequence is kind]
    before = [posting for posting in postings if posting.event.at < period.start]
    within = [posting for posting in postings if period.contains(posting.event.at)]
    releases = [r for r in log.releases if r.participant == participant and kind is SequenceKind.CLAIM]
    remitted = [r for r in log.remittances if r.participant == participant and r.kind is kind]
    opening = sum(posting.settled_of(participant) for posting in before)
    opening += sum(release.net_minor for release in releases if release.at < period.start)
    opening -= sum(remittance.amount_minor for remittance in remitted if remittance.at < period.start)
    return AccountStatement(
        kind=kind,
        opening_minor=opening,
        lines=tuple(_line(participant, posting) for posting in within),
        released_minor=sum(release.net_minor for release in releases if period.contains(release.at)),
        remitted_minor=sum(r.amount_minor for r in remitted if period.contains(r.at)),
    )


def _line(participant: str, posting: PanelPosting) -> StatementLine:
    return StatementLine(
        number=posting.number,
        kind=posting.event.kind,
        claim=posting.event.claim,
        at=posting.event.at,
        amount_minor=posting.amount_minor,
        running_total_minor=posting.running_total_minor,
        part_minor=posting.part_of(participant),
        held_minor=posting.held_of(participant),
        decided_by=posting.decided_by,
        suspended=posting.suspended,
        reverses=posting.reverses,
    )
