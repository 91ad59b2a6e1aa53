"""The clocks of one claim as they run: from which act, until which day, done or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Calendar
from ringwall.claim.decision import refused_items
from ringwall.claim.payment import payments
from ringwall.claim.record import Claim, ClaimEntry, EntryKind, Ground
from ringwall.claim.statute_clocks import Clock, ClockRule, Pause, in_time, run_clock


@dataclass(frozen=True, slots=True)
class ClaimClock:
    """One clock with the act that stops it; `in_time` is None while that act has not happened."""

    clock: Clock
    done_at: datetime | None

    @property
    def in_time(self) -> bool | None:
        return None if self.done_at is None else in_time(self.clock, self.done_at)

    def overdue(self, at: datetime) -> bool:
        return self.done_at is None and not in_time(self.clock, at)


def clocks_of(claim: Claim, rules: Mapping[str, ClockRule], calendar: Calendar) -> tuple[ClaimClock, ...]:
    """R-16 and R-19 from the first documents, R-18 from a decision that refuses items, R-17 from the agreement."""
    received, decided = claim.first(EntryKind.DOCUMENTS_RECEIVED), claim.last(EntryKind.DECIDED)
    agreed = claim.last(EntryKind.AGREED)
    paid = [payment.paid_at for payment in payments(claim) if payment.ground is not Ground.EXPENSE and payment.paid_at]
    clocks: list[ClaimClock] = []
    if received is not None:
        decision = run_clock(rules["R-16"], received.at, calendar, pauses_of(claim))
        first_decision = claim.first(EntryKind.DECIDED)
        clocks.append(ClaimClock(decision, first_decision.at if first_decision else None))
        clocks.append(ClaimClock(run_clock(rules["R-19"], received.at, calendar), min(paid, default=None)))
    if decided is not None and (untold := _to_be_told(claim, decided)):
        letter = run_clock(rules["R-18"], decided.at, calendar)
        clocks.append(ClaimClock(letter, _told_at(claim, decided, untold)))
    if agreed is not None:
        whole = claim.outcome is not None and claim.paid_minor >= claim.outcome.payable.low
        payment = run_clock(rules["R-17"], agreed.at, calendar)
        clocks.append(ClaimClock(payment, max(paid, default=None) if whole else None))
    return tuple(clocks)


def pauses_of(claim: Claim) -> tuple[Pause, ...]:
    """From the delivery of the supplement notice to the receipt of the last document that it asks for.

    A notice that was not delivered stops nothing, and neither does one that came after everything it asks for.
    """
    asked, delivered = claim.first(EntryKind.SUPPLEMENT_ASKED), claim.first(EntryKind.SUPPLEMENT_DELIVERED)
    if asked is None or delivered is None:
        return ()
    complete_at = _all_received_at(claim, asked)
    if complete_at is not None and complete_at < delivered.at:
        return ()
    return (Pause(delivered.at, complete_at),)


def _all_received_at(claim: Claim, asked: ClaimEntry) -> datetime | None:
    """When the last document that a notice asks for came; None while one is outstanding."""
    wanted = set(asked.about)
    for entry in claim.history[claim.history.index(asked) + 1 :]:
        if entry.kind is EntryKind.DOCUMENTS_RECEIVED:
            wanted -= set(entry.about)
            if not wanted:
                return entry.at
    return None


def _to_be_told(claim: Claim, decided: ClaimEntry) -> frozenset[str]:
    """The items that a decision refuses and that no earlier letter has refused already."""
    assert decided.outcome is not None, "a decision carries its outcome"
    before = {item for letter in _letters(claim) if letter.at < decided.at for item in letter.about}
    return frozenset(refused_items(decided.outcome)) - before


def _told_at(claim: Claim, decided: ClaimEntry, items: frozenset[str]) -> datetime | None:
    """When the last of the items stood in a letter; None while one of them is not told."""
    told: dict[str, datetime] = {}
    for letter in _letters(claim):
        if letter.at >= decided.at:
            told |= {item: letter.at for item in letter.about if item not in told}
    return max(told[item] for item in items) if items <= set(told) else None


def _letters(claim: Claim) -> tuple[ClaimEntry, ...]:
    return claim.entries(EntryKind.REFUSAL_SENT)
