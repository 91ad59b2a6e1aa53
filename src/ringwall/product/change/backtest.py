"""Losses settled again under changed terms: who would have been paid more or less, and the sums to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ringwall.basics import Refusal
from ringwall.terms import Between, CompiledTerms, LossEvent, Outcome, settle


@dataclass(frozen=True, slots=True)
class PastLoss:
    """One loss that was; losses of one policy erode its limits in the order in which they are given."""

    policy: str
    event: LossEvent
    void: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LossUnderBoth:
    """What one loss is paid under either terms, in whole minor units."""

    policy: str
    event: str
    before: Between
    after: Between

    @property
    def difference(self) -> Between:
        return Between(self.after.low - self.before.low, self.after.high - self.before.high)


@dataclass(frozen=True, slots=True)
class PolicyUnderBoth:
    """The losses of one policy together; the low side is payable on the facts so far."""

    policy: str
    losses: int
    before_minor: int
    after_minor: int

    @property
    def difference_minor(self) -> int:
        return self.after_minor - self.before_minor


@dataclass(frozen=True, slots=True)
class Backtest:
    """Every loss under both terms, every policy, and what could not be settled under one of them."""

    losses: tuple[LossUnderBoth, ...]
    policies: tuple[PolicyUnderBoth, ...]
    refusals: tuple[Refusal, ...]

    @property
    def before_minor(self) -> int:
        return sum(policy.before_minor for policy in self.policies)

    @property
    def after_minor(self) -> int:
        return sum(policy.after_minor for policy in self.policies)

    @property
    def gained_minor(self) -> int:
        """What the policies that gain would have been paid more."""
        return sum(max(policy.difference_minor, 0) for policy in self.policies)

    @property
    def lost_minor(self) -> int:
        """What the policies that lose would have been paid less; gained − lost is the difference of the sums."""
        return sum(max(-policy.difference_minor, 0) for policy in self.policies)


def backtest(
    before: CompiledTerms, after: CompiledTerms, losses: Iterable[PastLoss], opening: Mapping[str, int] | None = None
) -> Backtest:
    """Settle every loss twice; each side keeps the period state of each policy as its own terms erode it."""
    found: list[LossUnderBoth] = []
    refusals: list[Refusal] = []
    states: dict[tuple[str, int], Mapping[str, int]] = {}
    for loss in losses:
        outcomes = []
        for side, terms in enumerate((before, after)):
            state = states.get((loss.policy, side), opening or {})
            outcome = settle(terms, loss.event, state, void=loss.void & terms.definition.takes_away)
            if isinstance(outcome, Refusal):
                refusals.append(outcome)
            else:
                outcomes.append(outcome)
        if len(outcomes) == 2:
            _keep(states, loss.policy, outcomes)
            found.append(LossUnderBoth(loss.policy, loss.event.name, outcomes[0].payable, outcomes[1].payable))
    return Backtest(tuple(found), _by_policy(found), tuple(dict.fromkeys(refusals)))


def _keep(states: dict[tuple[str, int], Mapping[str, int]], policy: str, outcomes: list[Outcome]) -> None:
    for side, outcome in enumerate(outcomes):
        states[policy, side] = outcome.state_after


def _by_policy(losses: list[LossUnderBoth]) -> tuple[PolicyUnderBoth, ...]:
    rows: dict[str, tuple[int, int, int]] = {}
    for loss in losses:
        count, before, after = rows.get(loss.policy, (0, 0, 0))
        rows[loss.policy] = (count + 1, before + loss.before.low, after + loss.after.low)
    return tuple(PolicyUnderBoth(policy, *row) for policy, row in rows.items())
