"""What controls and findings do to the frequency of each peril: shrunk, grouped, bounded, and step by step."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from ringwall.basics import Words
from ringwall.risk.model import Numbers, RiskModel, Signal, SignalKind, Territory

if TYPE_CHECKING:  # a book is simulated without evidence: only a relief looks into its records
    from ringwall.evidence import ControlStanding, Finding


class SignalState(StrEnum):
    """Why a signal counts; an unknown control counts as nothing and has no state here."""

    HELD = "held"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ReliefStep:
    """One signal at work; `subjects` are the uids of the findings behind it (none for a control)."""

    signal: Signal
    state: SignalState
    log_relativity: float
    because: Words
    source: str
    subjects: tuple[str, ...] = ()

    @property
    def relativity(self) -> float:
        """The factor of this signal on its own, before groups and bounds."""
        return math.exp(self.log_relativity)


@dataclass(frozen=True, slots=True)
class Relief:
    """The factor on the frequency of each peril (or family of scenarios), with the steps that led to it."""

    steps: tuple[ReliefStep, ...]
    by_peril: Mapping[str, float]


NO_RELIEF = Relief((), {})

Groups = dict[str, dict[str, list[ReliefStep]]]
"""Peril → group → the steps at work."""


def relief_steps(
    model: RiskModel, standings: Iterable[ControlStanding], findings: Iterable[Finding]
) -> tuple[ReliefStep, ...]:
    """The signals at work: controls held or broken (unknown counts as nothing), then open findings that may price."""
    numbers = model.numbers(Territory.CHINA)
    controls = (_control_step(numbers, model.signals.get(s.control), s) for s in standings)
    priced = sorted((f for f in findings if f.may_price and f.factor in model.signals), key=lambda f: (f.factor, f.uid))
    opened = (
        _finding_step(numbers, model.signals[factor], tuple(same))
        for factor, same in groupby(priced, lambda f: f.factor)
    )
    return (*(step for step in controls if step), *opened)


def combine(model: RiskModel, steps: Sequence[ReliefStep]) -> Relief:
    """The factors by peril of these steps, with the bounds of the model."""
    return combined(model.numbers(Territory.CHINA), steps)


def combined(numbers: Numbers, steps: Sequence[ReliefStep]) -> Relief:
    """Within a group the worst weakness counts alone, else the best control; groups add up, within bounds.

    The controls are bounded before the findings come on top: many good answers do not buy off an open hole.
    """
    low, high = _bounds(numbers)
    groups: Groups = {}
    for step in steps:
        for peril in step.signal.perils:
            _join(groups, peril, step)
    by_peril = {peril: _factor(groups[peril], low, high) for peril in sorted(groups)}
    return Relief(tuple(steps), by_peril) if steps else NO_RELIEF


def growing(numbers: Numbers, steps: Sequence[ReliefStep]) -> Iterator[Relief]:
    """What the first step does, the first two together, and so on to all; a step moves only its own perils."""
    low, high = _bounds(numbers)
    groups: Groups = {}
    by_peril: dict[str, float] = {}
    for count, step in enumerate(steps, start=1):
        for peril in step.signal.perils:
            _join(groups, peril, step)
            by_peril[peril] = _factor(groups[peril], low, high)
        yield Relief(tuple(steps[:count]), dict(sorted(by_peril.items())))


def _bounds(numbers: Numbers) -> tuple[float, float]:
    return math.log(numbers["relief.low"]), math.log(numbers["relief.high"])


def _join(groups: Groups, peril: str, step: ReliefStep) -> None:
    groups.setdefault(peril, {}).setdefault(step.signal.group, []).append(step)


def _factor(groups: Mapping[str, Sequence[ReliefStep]], low: float, high: float) -> float:
    """The one step of each group that counts: signals of a group are correlated, so they never multiply."""
    controls = findings = 0.0
    for group in sorted(groups):
        same = groups[group]
        leads = same[0] if len(same) == 1 else _leading(same)
        if leads.state is SignalState.OPEN:
            findings += leads.log_relativity
        else:
            controls += leads.log_relativity
    return math.exp(min(max(max(controls, low) + findings, low), high))


def _leading(same: Sequence[ReliefStep]) -> ReliefStep:
    worst = max(same, key=_log)
    return worst if worst.log_relativity > 0 else min(same, key=_log)


def relieve(model: RiskModel, standings: Iterable[ControlStanding], findings: Iterable[Finding]) -> Relief:
    """The factors by peril on a date, in one go."""
    return combine(model, relief_steps(model, standings, findings))


def possible_relativities(model: RiskModel, signal: Signal) -> tuple[float, ...]:
    """Every factor that a signal can have on its own: held and broken for a control, open for a finding."""
    return tuple(math.exp(log) for log in _logs(model.numbers(Territory.CHINA), signal).values())


def _logs(numbers: Numbers, signal: Signal) -> dict[SignalState, float]:
    """weight(grade) × ln(effect): published ratios are univariate and overlap, so only a part is believed.

    A finding is rare, so the average book is one without it. Of the average book a share `held_share` holds a
    control; held and broken stand around that average, so that the mean of the logarithm is nil.
    """
    log = numbers[f"relief.weight.{signal.effect.grade}"] * math.log(signal.effect.value)
    if signal.kind is SignalKind.FINDING:
        return {SignalState.OPEN: log}
    held_share = numbers["relief.held_share"]
    return {SignalState.HELD: -log * (1 - held_share), SignalState.BROKEN: log * held_share}


def _log(step: ReliefStep) -> float:
    return step.log_relativity


def _control_step(numbers: Numbers, signal: Signal | None, standing: ControlStanding) -> ReliefStep | None:
    from ringwall.evidence import Standing

    if signal is None or signal.kind is not SignalKind.CONTROL or standing.standing is Standing.UNKNOWN:
        return None
    state = SignalState.HELD if standing.standing is Standing.HELD else SignalState.BROKEN
    return ReliefStep(signal, state, _logs(numbers, signal)[state], standing.because, standing.source)


def _finding_step(numbers: Numbers, signal: Signal, findings: Sequence[Finding]) -> ReliefStep:
    places_zh, places_en = "、".join(f.locator for f in findings), ", ".join(f.locator for f in findings)
    because = Words(f"{signal.label.zh}：{places_zh}", f"{signal.label.en}: {places_en}")
    subjects, log = tuple(f.uid for f in findings), _logs(numbers, signal)[SignalState.OPEN]
    return ReliefStep(signal, SignalState.OPEN, log, because, findings[0].check, subjects)
