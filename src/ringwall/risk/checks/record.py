"""A check of the model: what is asked, what was published, how far the model may be off, and what it came to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ringwall.basics import Words
from ringwall.risk.model import Span

NEAR = 0.10
"""A figure meets a single published number where it differs by at most a tenth of it."""


class FigureUnit(StrEnum):
    """What a figure counts."""

    SHARE = "share"
    USD = "usd"
    MULTIPLE = "multiple"
    LOG = "log"


class Agreement(StrEnum):
    """How a figure stands to what was published and to the tolerance."""

    MET = "met"
    """within the tolerance, and it meets the published figure"""
    MISS = "miss"
    """within the tolerance, but not the published figure"""
    OUTSIDE = "outside"
    """outside the tolerance: the reason stands in the model card"""


@dataclass(frozen=True, slots=True)
class Target:
    """One figure of a check. `published` is None where only a tolerance was set; a single number is a span of one."""

    code: str
    says: Words
    unit: FigureUnit
    published: Span | None
    tolerance: Span
    reason: Words | None = None
    """Why it cannot hold, where it does not."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the model, with the population to which the published answer belongs."""

    code: str
    question: Words
    population: Words
    source: str
    since: date
    how: Words
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """What the model came to for one target; the standard error is nil for a closed form."""

    target: str
    value: float
    standard_error: float = 0.0


def judge_figure(target: Target, figure: Figure) -> Agreement:
    """Outside, a miss of the published figure, or met."""
    if not target.tolerance.low <= figure.value <= target.tolerance.high:
        return Agreement.OUTSIDE
    return Agreement.MET if target.published is None or _meets(target.published, figure.value) else Agreement.MISS


def _meets(published: Span, value: float) -> bool:
    slack = NEAR * abs(published.low) if published.low == published.high else 0.0
    return published.low - slack <= value <= published.high + slack


def shown_figure(unit: FigureUnit, value: float) -> str:
    """A figure as people read it."""
    match unit:
        case FigureUnit.SHARE:
            return f"{value * 100:.1f} %" if abs(value) >= 0.1 else f"{value * 100:.2f} %"
        case FigureUnit.USD:
            return f"USD {value:,.0f}"
        case _:
            return f"{value:.2f}"


def shown_span(unit: FigureUnit, span: Span) -> str:
    """A published figure or a tolerance as people read it."""
    if math.isinf(span.high):
        return f"≥ {shown_figure(unit, span.low)}"
    ends = [shown_figure(unit, end) for end in (span.low, span.high)]
    return ends[0] if span.low == span.high else f"{ends[0]} – {ends[1]}"


def check_line(check: Check, target: Target, figure: Figure) -> str:
    """What a test prints: the figure, its error, what was published, the tolerance, and MISS or OUTSIDE."""
    agreement = judge_figure(target, figure)
    error = f" ± {shown_figure(target.unit, figure.standard_error)}" if figure.standard_error else ""
    published = f"published {shown_span(target.unit, target.published)}, " if target.published else ""
    mark = "" if agreement is Agreement.MET else f" {agreement.upper()}"
    tolerance = f"tolerance {shown_span(target.unit, target.tolerance)}"
    value = shown_figure(target.unit, figure.value)
    return f"{check.code} {target.says.en}: {value}{error} ({published}{tolerance}){mark}"
