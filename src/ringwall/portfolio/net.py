"""The columnar reader of treaties: all simulated years at once, equal to `ringwall.treaty` to the last fen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ringwall.treaty import AnnualStopLoss, EventExcess, Programme, QuotaShare, Treaty, reinstatement_premium

Amounts = NDArray[np.int64]
INT64_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class YearEvents:
    """The book's events in order of year and time: where each year begins, the loss, and how many policies pay."""

    starts: NDArray[np.int64]
    amount: Amounts
    paying: NDArray[np.int64]

    @property
    def years(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class NetYears:
    """What the programme leaves: net amount of each event, and each year's reinstatement premium and recoveries."""

    amount: Amounts
    reinstatement_premium: Amounts
    recovery_by_treaty: dict[str, Amounts]


def net_of(programme: Programme, events: YearEvents) -> NetYears:
    """All events through all treaties in inuring order; running totals begin anew with each year."""
    remaining = events.amount.copy()
    premium = np.zeros(events.years, np.int64)
    recoveries: dict[str, Amounts] = {}
    for step in programme.steps:
        taken = np.zeros_like(remaining)
        for treaty in step:
            recovery, charged = _cede(treaty, events, remaining)
            recoveries[treaty.code] = by_year(recovery, events.starts)
            premium += charged
            taken += recovery
        remaining = remaining - taken
    return NetYears(remaining, premium, recoveries)


def _cede(treaty: Treaty, events: YearEvents, subject: Amounts) -> tuple[Amounts, Amounts]:
    nothing = np.zeros(events.years, np.int64)
    match treaty:
        case QuotaShare():
            return _posted(treaty.ceded, _running(subject, events.starts), events.starts), nothing
        case AnnualStopLoss():
            total = _running(subject, events.starts)
            used = np.clip(total - treaty.attachment_minor, 0, treaty.limit_minor)
            return _posted(treaty.placed, used, events.starts), nothing
        case EventExcess():
            least = treaty.event.min_policies_with_payment or 0
            offered = np.where(events.paying >= least, subject, 0)
            wanted = np.clip(offered - treaty.attachment_minor, 0, treaty.limit_minor)
            used = np.minimum(_running(wanted, events.starts), treaty.capacity_minor)
            return _posted(treaty.placed, used, events.starts), _charged(treaty, used, events.starts)


def _running(amounts: Amounts, starts: NDArray[np.int64]) -> Amounts:
    """Running totals that begin anew with each year."""
    sums = np.concatenate([[0], np.cumsum(amounts)])
    return np.asarray(sums[1:] - np.repeat(sums[starts[:-1]], np.diff(starts)), np.int64)


def _posted(share: Fraction, running: Amounts, starts: NDArray[np.int64]) -> Amounts:
    """What each event books: the difference of the rounded shares of the running totals."""
    rounded = rounded_share(share, running)
    before = np.concatenate([[0], rounded[:-1]])
    before[starts[:-1][np.diff(starts) > 0]] = 0
    return np.asarray(rounded - before, np.int64)


def rounded_share(share: Fraction, amounts: Amounts) -> Amounts:
    """R(amount × share), half-even, in int64: whole denominators apart, so that no product is too large."""
    assert share >= 0, "a share is not negative"
    whole, rest = np.divmod(amounts, share.denominator)
    assert _fits(share, amounts), f"{share} of these amounts leaves int64"
    quotient, left = np.divmod(rest * share.numerator, share.denominator)
    floor = whole * share.numerator + quotient
    up = (2 * left > share.denominator) | ((2 * left == share.denominator) & (floor % 2 != 0))
    return np.asarray(floor + up, np.int64)


def _fits(share: Fraction, amounts: Amounts) -> bool:
    high = int(np.abs(amounts).max(initial=0))
    above, below = share.numerator, share.denominator
    return 2 * above * below <= INT64_MAX and high * above // below + above < INT64_MAX


def _charged(treaty: EventExcess, used: Amounts, starts: NDArray[np.int64]) -> Amounts:
    """A year's reinstatement premium: the rounded premium of all that the layer has lost at the year's end."""
    last = np.concatenate([[0], used])[starts[1:]]
    at_end = np.where(np.diff(starts) > 0, last, 0)
    unique, places = np.unique(at_end, return_inverse=True)
    premiums = np.array([reinstatement_premium(treaty, int(value)) for value in unique], np.int64)
    return np.asarray(premiums[places], np.int64)


def by_year(amounts: Amounts, starts: NDArray[np.int64]) -> Amounts:
    sums = np.concatenate([[0], np.cumsum(amounts)])
    return np.asarray(sums[starts[1:]] - sums[starts[:-1]], np.int64)


def largest_by_year(amounts: Amounts, starts: NDArray[np.int64]) -> Amounts:
    """The largest event of each year; nil in a year without one."""
    out = np.zeros(len(starts) - 1, np.int64)
    filled = np.diff(starts) > 0
    if filled.any():
        out[filled] = np.maximum.reduceat(amounts, starts[:-1][filled])
    return out
