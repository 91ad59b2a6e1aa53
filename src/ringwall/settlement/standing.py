"""How a panel stands: what each carrier has settled and holds, and what the insured has been paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwall.settlement.panel import Dispute, PanelAgreement, PanelPosting, PostingKind


@dataclass(frozen=True, slots=True)
class HeldRelease:
    """After a ruling for cover: what a carrier held, what of it is due to others, and the credit for recoveries."""

    participant: str
    claim: str
    at: datetime
    due_minor: int
    credit_minor: int
    due_to_insured_minor: int

    @property
    def net_minor(self) -> int:
        return self.due_minor - self.credit_minor


@dataclass(frozen=True, slots=True)
class PanelStanding:
    """Settled and held for each carrier; together they are its parts of the running total."""

    settled_minor: Mapping[str, int]
    held_minor: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class InsuredPosition:
    """What the panel owes the insured by its postings, and what the insured has received."""

    owed_minor: int
    received_minor: int

    @property
    def open_minor(self) -> int:
        return self.owed_minor - self.received_minor


def release_held(postings: Sequence[PanelPosting], dispute: Dispute) -> HeldRelease | None:
    """What a ruling for cover makes due; None while there is no ruling."""
    if dispute.ruled_at is None:
        return None
    mine = [posting for posting in postings if posting.event.claim == dispute.claim]
    held = {
        kind: sum(posting.held_of(dispute.by) for posting in mine if posting.event.kind is kind) for kind in PostingKind
    }
    insured, credit = held[PostingKind.INDEMNITY], -held[PostingKind.RECOVERY]
    due = insured + held[PostingKind.EXPENSE]
    return HeldRelease(dispute.by, dispute.claim, dispute.ruled_at, due, credit, insured)


def standing(
    agreement: PanelAgreement, postings: Sequence[PanelPosting], releases: Sequence[HeldRelease] = ()
) -> PanelStanding:
    """The standing of one sequence after these postings and releases."""
    held = {name: sum(posting.held_of(name) for posting in postings) for name in agreement.names}
    for release in releases:
        held[release.participant] -= release.net_minor
    whole = {name: sum(posting.part_of(name) for posting in postings) for name in agreement.names}
    return PanelStanding({name: whole[name] - held[name] for name in agreement.names}, held)


def insured_position(postings: Sequence[PanelPosting], releases: Sequence[HeldRelease] = ()) -> InsuredPosition:
    """Payments to the insured, less the parts that are held and not yet released; a recovery does not touch it."""
    to_insured = [posting for posting in postings if posting.event.kind is PostingKind.INDEMNITY]
    owed = sum(posting.amount_minor for posting in to_insured)
    held = sum(part for posting in to_insured for _, part in posting.held)
    return InsuredPosition(owed, owed - held + sum(release.due_to_insured_minor for release in releases))
