"""A claim as the API shows it: three numbers, items, trace, clocks, reserves, payments and consents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from ringwall.basics import Words
from ringwall.claim import (
    ClaimClock,
    ClaimEntry,
    ClaimState,
    Consent,
    CostKind,
    EntryKind,
    IncreaseAssessment,
    Payment,
    clocks_of,
    consent_for,
    payments,
    refused_items,
    reserves,
)
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.records import ClaimFile
from ringwall.monitoring import Behaviour
from ringwall.settlement import PanelPosting
from ringwall.terms import Between, ItemOutcome, LossEvent, OpenPoint, PartOutcome, TraceNode
from ringwall.underwriting import DisclosureAssessment


@dataclass(frozen=True, slots=True)
class ClockStanding:
    """One clock of the law: from when, the last day in time, and whether the act that stops it came in time."""

    rule: str
    what: Words
    law: Words
    start: datetime
    last_day: date
    due_before: datetime
    stopped_since: datetime | None
    done_at: datetime | None
    in_time: bool | None


@dataclass(frozen=True, slots=True)
class ReserveLine:
    """What is expected in all for one part and kind, what has been paid of it, and what is outstanding."""

    part: str
    kind: CostKind
    incurred_minor: int
    paid_minor: int
    outstanding_minor: int


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """A claim with its three numbers (factual loss, loss within cover, payable), None before the decision."""

    number: str
    policy: str
    incident: str
    state: ClaimState
    factual_minor: int | None
    within_cover: Between | None
    payable: Between | None
    authorised_minor: int
    paid_minor: int
    items: tuple[ItemOutcome, ...]
    parts: tuple[PartOutcome, ...]
    refused_items: tuple[str, ...]
    open_points: tuple[OpenPoint, ...]
    trace: TraceNode | None
    clocks: tuple[ClockStanding, ...]
    reserves: tuple[ReserveLine, ...]
    payments: tuple[Payment, ...]
    consents: tuple[Consent, ...]
    outstanding_documents: tuple[str, ...]
    votes: Mapping[str, bool]
    disclosure: DisclosureAssessment | None
    increase: IncreaseAssessment | None
    behaviour: Behaviour | None
    """What the insured did about our suggestions, at the instant of the event; None where the terms do not ask."""
    event: LossEvent
    history: tuple[ClaimEntry, ...]
    """Every act in order; the outcome of a decision stands above, not in its line."""


@dataclass(frozen=True, slots=True)
class PaymentMade:
    """A payment with its postings to the panel, and what each carrier bears of it in all."""

    claim: ClaimSeen
    postings: tuple[PanelPosting, ...]
    parts_minor: Mapping[str, int]


def claim_seen(catalogue: Catalogue, file: ClaimFile) -> ClaimSeen:
    """Everything that the file holds and what follows from it by the catalogue's clocks."""
    claim, outcome = file.claim, file.claim.outcome
    clocks = clocks_of(claim, catalogue.clock_rules, catalogue.calendar)
    asked = dict.fromkeys(name for entry in claim.entries(EntryKind.CONSENT_REQUESTED) for name in entry.about)
    return ClaimSeen(
        number=claim.number,
        policy=claim.policy,
        incident=claim.incident,
        state=claim.state,
        factual_minor=outcome.factual_minor if outcome else None,
        within_cover=outcome.within_cover if outcome else None,
        payable=outcome.payable if outcome else None,
        authorised_minor=claim.authorised_minor,
        paid_minor=claim.paid_minor,
        items=outcome.items if outcome else (),
        parts=outcome.parts if outcome else (),
        refused_items=refused_items(outcome) if outcome else (),
        open_points=outcome.open_points if outcome else (),
        trace=outcome.trace if outcome else None,
        clocks=tuple(_clock(each) for each in clocks),
        reserves=tuple(
            ReserveLine(each.part, each.kind, each.incurred_minor, each.paid_minor, each.outstanding_minor)
            for each in reserves(claim)
        ),
        payments=payments(claim),
        consents=tuple(found for name in asked if (found := consent_for(claim, name))),
        outstanding_documents=claim.outstanding_documents,
        votes=file.votes,
        disclosure=file.disclosure,
        increase=file.increase,
        behaviour=file.behaviour,
        event=file.event,
        history=tuple(replace(entry, outcome=None) for entry in claim.history),
    )


def _clock(claim_clock: ClaimClock) -> ClockStanding:
    clock = claim_clock.clock
    return ClockStanding(
        rule=clock.rule.rule,
        what=clock.rule.what,
        law=clock.rule.law,
        start=clock.start,
        last_day=clock.last_day,
        due_before=clock.due_before,
        stopped_since=clock.stopped_since,
        done_at=claim_clock.done_at,
        in_time=claim_clock.in_time,
    )
