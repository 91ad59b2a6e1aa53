"""What a treaty takes of one loss, in whole minor units: recovery, reinstatement premium and the state afterwards.

Every rounding is of a running total, so that a year of recoveries stays within one minor unit of its
exact share; for the first loss of a year that is one half-even rounding a layer, after the placed share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import round_fraction
from ringwall.treaty.contract import AnnualStopLoss, EventExcess, Programme, QuotaShare, Treaty


@dataclass(frozen=True, slots=True)
class TreatyState:
    """A treaty's running total in the period, for the whole treaty (before the placed share).

    Quota share and stop loss: the losses seen so far. Event excess: the losses to the layer so far.
    """

    running_minor: int = 0


@dataclass(frozen=True, slots=True)
class Cession:
    """One loss under one treaty; `layer_minor` is the treaty's loss before the placed share."""

    treaty: str
    subject_minor: int
    layer_minor: int
    recovery_minor: int
    reinstatement_premium_minor: int
    capacity_left_minor: int | None
    state: TreatyState


def cede(treaty: Treaty, state: TreatyState, amount_minor: int) -> Cession:
    """The treaty's part of one more loss (for an event excess: of one whole event)."""
    match treaty:
        case QuotaShare():
            return _cede_quota_share(treaty, state, amount_minor)
        case EventExcess():
            return _cede_event(treaty, state, amount_minor)
        case AnnualStopLoss():
            return _cede_stop_loss(treaty, state, amount_minor)


def _cede_quota_share(treaty: QuotaShare, state: TreatyState, amount_minor: int) -> Cession:
    after = state.running_minor + amount_minor
    recovery = _posting(treaty.ceded, state.running_minor, after)
    return Cession(treaty.code, amount_minor, amount_minor, recovery, 0, None, TreatyState(after))


def _cede_event(treaty: EventExcess, state: TreatyState, amount_minor: int) -> Cession:
    assert amount_minor >= 0, "an event's loss is not negative; a reduction restates the event"
    wanted = min(max(amount_minor - treaty.attachment_minor, 0), treaty.limit_minor)
    before = state.running_minor
    after = min(before + wanted, treaty.capacity_minor)
    premium = reinstatement_premium(treaty, after) - reinstatement_premium(treaty, before)
    return Cession(
        treaty.code,
        amount_minor,
        after - before,
        _posting(treaty.placed, before, after),
        premium,
        treaty.capacity_minor - after,
        TreatyState(after),
    )


def _cede_stop_loss(treaty: AnnualStopLoss, state: TreatyState, amount_minor: int) -> Cession:
    assert amount_minor >= 0, "a loss is not negative; a reduction restates the year"
    total = state.running_minor + amount_minor
    before, after = _above(treaty, state.running_minor), _above(treaty, total)
    recovery = _posting(treaty.placed, before, after)
    left = treaty.limit_minor - after
    return Cession(treaty.code, amount_minor, after - before, recovery, 0, left, TreatyState(total))


def _above(treaty: AnnualStopLoss, total: int) -> int:
    return min(max(total - treaty.attachment_minor, 0), treaty.limit_minor)


def _posting(share: Fraction, before: int, after: int) -> int:
    return round_fraction(share * after) - round_fraction(share * before)


def reinstatement_premium(treaty: EventExcess, used_minor: int) -> int:
    """The premium for what has been reinstated once the layer has lost `used_minor`, rounded after the placed share."""
    limit = treaty.limit_minor
    slices = (min(max(used_minor - number * limit, 0), limit) for number in range(len(treaty.charges)))
    charged = sum((rate * part for rate, part in zip(treaty.charges, slices, strict=True)), Fraction(0))
    return round_fraction(Fraction(treaty.premium_minor, limit) * charged * treaty.placed)


@dataclass(frozen=True, slots=True)
class SubjectLoss:
    """One loss offered to a programme: its amount and the number of policies that pay something."""

    amount_minor: int
    policies_with_payment: int = 1


@dataclass(frozen=True, slots=True)
class NetLoss:
    """What a programme leaves of one loss, and what each treaty did."""

    gross_minor: int
    cessions: tuple[Cession, ...]

    @property
    def recovery_minor(self) -> int:
        return sum(cession.recovery_minor for cession in self.cessions)

    @property
    def reinstatement_premium_minor(self) -> int:
        return sum(cession.reinstatement_premium_minor for cession in self.cessions)

    @property
    def net_minor(self) -> int:
        """Net of recoveries; reinstatement premium is premium, not loss, and stands beside it."""
        return self.gross_minor - self.recovery_minor


def apply_programme(programme: Programme, losses: Sequence[SubjectLoss]) -> tuple[NetLoss, ...]:
    """A period's losses in date order through all treaties in inuring order; state runs from loss to loss."""
    states = {treaty.code: TreatyState() for treaty in programme.treaties}
    return tuple(_through(programme, states, loss) for loss in losses)


def _through(programme: Programme, states: dict[str, TreatyState], loss: SubjectLoss) -> NetLoss:
    cessions: list[Cession] = []
    remaining = loss.amount_minor
    for step in programme.steps:
        subjects = [(treaty, remaining if _qualifies(treaty, loss) else 0) for treaty in step]
        step_cessions = [cede(treaty, states[treaty.code], subject) for treaty, subject in subjects]
        states.update({cession.treaty: cession.state for cession in step_cessions})
        remaining -= sum(cession.recovery_minor for cession in step_cessions)
        cessions.extend(step_cessions)
    return NetLoss(loss.amount_minor, tuple(cessions))


def _qualifies(treaty: Treaty, loss: SubjectLoss) -> bool:
    if not isinstance(treaty, EventExcess):
        return True
    return loss.policies_with_payment >= (treaty.event.min_policies_with_payment or 0)
