"""A promise of the insured over time: held, broken or unknown, with what each period rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ringwall.basics import Term, Words
from ringwall.evidence import ControlStanding, Standing


@dataclass(frozen=True, slots=True)
class PromisePeriod:
    """One stretch of time with one standing; `because` is the judgement it rests on."""

    term: Term
    standing: Standing
    because: Words


Judged = tuple[datetime, ControlStanding]

NOBODY_LOOKED = Words("没有仍在有效期内的检测或证据", "no look or proof that still counts")


def promise_over(standings: Iterable[ControlStanding], holds_for: timedelta, term: Term) -> tuple[PromisePeriod, ...]:
    """The standing over a term without gaps: a judgement counts until the next one or until it is stale."""
    judged = _in_order(standings)
    edges = {term.start, term.end}
    for seen_at, _ in judged:
        edges |= {seen_at, seen_at + holds_for}
    cuts = sorted(edge for edge in edges if term.start <= edge <= term.end)
    periods = [_at(judged, holds_for, Term(start, end)) for start, end in pairwise(cuts)]
    return tuple(_joined(periods))


def promise_at(standings: Iterable[ControlStanding], holds_for: timedelta, at: datetime) -> PromisePeriod:
    """The standing at one instant, such as that of a loss."""
    return _at(_in_order(standings), holds_for, Term(at, at))


def _in_order(standings: Iterable[ControlStanding]) -> list[Judged]:
    """Judgements by the instant of their look; what rests on no look has no place in time."""
    dated = [(standing.seen_at, standing) for standing in standings if standing.seen_at is not None]
    return sorted(dated, key=lambda each: each[0])


def _at(judged: Sequence[Judged], holds_for: timedelta, term: Term) -> PromisePeriod:
    fresh = [standing for seen_at, standing in judged if seen_at <= term.start < seen_at + holds_for]
    if not fresh:
        return PromisePeriod(term, Standing.UNKNOWN, NOBODY_LOOKED)
    return PromisePeriod(term, fresh[-1].standing, fresh[-1].because)


def _joined(periods: Iterable[PromisePeriod]) -> Iterable[PromisePeriod]:
    """Neighbours with the same standing for the same reason are one period."""
    last: PromisePeriod | None = None
    for period in periods:
        if last and (last.standing, last.because) == (period.standing, period.because):
            last = PromisePeriod(Term(last.term.start, period.term.end), last.standing, last.because)
            continue
        if last:
            yield last
        last = period
    if last:
        yield last
