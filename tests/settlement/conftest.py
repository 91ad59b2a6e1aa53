"""Scenario F's panel of four and its six postings, as every settlement test may ask for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

import pytest

from ringwall.basics import Refusal
from ringwall.settlement import (
    Dispute,
    PanelAgreement,
    PanelEvent,
    PanelPosting,
    PanelSequence,
    PostingKind,
    SequenceKind,
    Votes,
    open_sequence,
    post_to_panel,
)

SHARES = tuple((name, Fraction(tenths, 10)) for name, tenths in (("L", 4), ("M1", 3), ("M2", 2), ("M3", 1)))
AGREEMENT_F = PanelAgreement(
    panel="SCN-F",
    shares=SHARES,
    lead="L",
    lead_authority_minor=50_000_000,
    vote_above=Fraction(1, 2),
    lead_fee=Fraction(2, 100),
    suspend_opposite_sign=True,
)
DISPUTE_F = Dispute("M2", "CLM-F", datetime.fromisoformat("2026-08-20T16:00:00+08:00"))
VOTES_F = {"L": True, "M1": True, "M2": False, "M3": True}
PREMIUM_F = [("S1", "2026-01-05", PostingKind.PREMIUM, 123_456_789)]
CLAIM_F = [
    ("P1", "2026-06-05", PostingKind.INDEMNITY, 33_333_333),
    ("P2", "2026-06-30", PostingKind.EXPENSE, 1_234_567),
    ("P3", "2026-08-24", PostingKind.INDEMNITY, 80_000_005),
    ("P4", "2026-09-21", PostingKind.INDEMNITY, 6_666_667),
    ("P5", "2026-11-10", PostingKind.RECOVERY, -12_345_678),
]


@dataclass
class Run:
    """A sequence that a test posts to, with its log."""

    agreement: PanelAgreement
    sequence: PanelSequence
    log: list[PanelPosting] = field(default_factory=list)

    def post(self, event: PanelEvent, votes: Votes | None = None, disputes: tuple[Dispute, ...] = ()) -> PanelPosting:
        done = post_to_panel(self.agreement, self.sequence, event, votes=votes, disputes=disputes)
        assert not isinstance(done, Refusal), done
        self.sequence, posting = done
        self.log.append(posting)
        return posting


def started(agreement: PanelAgreement, kind: SequenceKind) -> Run:
    return Run(agreement, open_sequence(agreement, kind))


def event(reference: str, day: str, kind: PostingKind, amount: int) -> PanelEvent:
    claim = "" if kind is PostingKind.PREMIUM else "CLM-F"
    return PanelEvent(kind, amount, datetime.fromisoformat(f"{day}T10:00:00+08:00"), claim, reference)


@pytest.fixture
def agreement() -> PanelAgreement:
    return AGREEMENT_F


@pytest.fixture
def dispute() -> Dispute:
    return DISPUTE_F


@pytest.fixture
def premium_run() -> Run:
    run = started(AGREEMENT_F, SequenceKind.PREMIUM)
    for row in PREMIUM_F:
        run.post(event(*row))
    return run


@pytest.fixture
def claim_run() -> Run:
    run = started(AGREEMENT_F, SequenceKind.CLAIM)
    for row in CLAIM_F:
        run.post(event(*row), votes=VOTES_F if row[0] == "P3" else None, disputes=(DISPUTE_F,))
    return run
