"""A run taken apart: the years behind its curves, what made its tail, forced disasters, the events of one year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, round_ratio
from ringwall.exposure import VendorKind
from ringwall.portfolio.again import BookAgain, disaster, years_again
from ringwall.portfolio.book import Pile
from ringwall.portfolio.engine import Compile, Replay, in_memory
from ringwall.portfolio.measures import (
    RETURN_PERIODS,
    allocate_tail,
    exceedance_band,
    sums_by,
    tail_years,
)
from ringwall.portfolio.result import BookResult, BookView, gross_events, gross_view, net_view
from ringwall.risk import Footprint, SystemicScenario
from ringwall.treaty import Programme

Amounts = NDArray[np.int64]

TIMES = 1000
"""How often each disaster is drawn."""
ONCE_IN = 20
KNOWN = "known"
"""Under this key stands what the claims known so far put into every year."""


@dataclass(frozen=True, slots=True)
class TracedPoint:
    """A point of a curve with its band and the simulated year that made it; None where the years are too few."""

    years: int
    loss_minor: int | None
    low_minor: int | None
    high_minor: int | None
    year: int | None


def traced(amounts: Amounts) -> tuple[TracedPoint, ...]:
    """The return periods of a curve, the worst year as its last point; of equal years the earlier is the worse."""
    worst_first, found = np.argsort(-amounts, kind="stable"), []
    for period in (*RETURN_PERIODS, len(amounts)):
        rank = len(amounts) // period
        if rank:
            year, band = int(worst_first[rank - 1]), exceedance_band(amounts, period)
            found.append(TracedPoint(period, int(amounts[year]), band.low_minor, band.high_minor, year))
        else:
            found.append(TracedPoint(period, None, None, None, None))
    return tuple(found)


def tail_by_part(
    book: BookAgain, gross: BookView, *, executor: Executor | None = None, loops: Compile = in_memory
) -> Mapping[str, int]:
    """The gross tail value at risk by coverage part, exact: the worst years are replayed."""
    worst = tail_years(gross.totals)
    _, payments = years_again(book, worst.tolist(), executor=executor, loops=loops)
    sums = sums_by(payments.part, payments.amount, payments.parts)
    return _given_back(sums, book.known_minor * len(worst), gross)


def tail_by_vendor(result: BookResult, gross: BookView) -> Mapping[str, int]:
    """By the vendor behind the common shock; without one (own events, shocks that need no vendor): an empty name."""
    worst = np.zeros(result.years, np.bool_)
    worst[tail_years(gross.totals)] = True
    rows = result.rows.only(worst[result.rows.year])
    names = tuple(dict.fromkeys(("", *result.event_vendor)))
    place = np.array([*(names.index(vendor) for vendor in result.event_vendor), 0], np.int64)
    sums = sums_by(place[rows.event], rows.payable, names)
    return _given_back(sums, result.known_minor * int(worst.sum()), gross)


def _given_back(sums: Mapping[str, int], known_minor: int, gross: BookView) -> Mapping[str, int]:
    paid = {key: amount for key, amount in {**sums, KNOWN: known_minor}.items() if amount}
    return allocate_tail(paid, gross.measures.tvar99_minor)


@dataclass(frozen=True, slots=True)
class ForcedLoss:
    """A realistic disaster: a scenario that is certain to come, so many times drawn; what each time costs (fen)."""

    scenario: str
    vendor: str
    """The vendor whose customers it strikes; empty where it needs none."""
    times: int
    gross_mean_minor: int
    gross_high_minor: int
    net_mean_minor: int
    net_high_minor: int
    """`high`: reached once in twenty times."""
    policies_mean: int
    policies_most: int


def forced_losses(
    book: BookAgain,
    programme: Programme,
    vendors: Iterable[Pile],
    *,
    executor: Executor | None = None,
    loops: Compile = in_memory,
) -> tuple[ForcedLoss, ...]:
    """Every scenario of the model; one that strikes a vendor's customers takes the vendor with the largest limits."""
    kind = f"{VendorKind.CLOUD}:"
    clouds = [pile.key.removeprefix(kind) for pile in vendors if pile.key.startswith(kind)]
    known = book.model.vendor_shares
    vendor = next((name for name in clouds if name in known), next(iter(known)))
    forced = partial(disaster, book, executor=executor, loops=loops)
    return tuple(_forced(forced, programme, scenario, vendor) for scenario in book.model.scenarios)


def _forced(
    forced: Callable[..., BookResult | Refusal], programme: Programme, scenario: SystemicScenario, vendor: str
) -> ForcedLoss:
    struck = vendor if scenario.footprint is Footprint.VENDOR else ""
    result = forced(scenario.code, TIMES, vendor=struck or None)
    assert not isinstance(result, Refusal), "scenario and vendor are of the model"
    gross, net, events = gross_view(result), net_view(result, programme), gross_events(result)
    hit = np.zeros(TIMES, np.int64)
    np.maximum.at(hit, np.repeat(np.arange(TIMES), np.diff(events.starts)), events.paying)
    return ForcedLoss(
        scenario=scenario.code,
        vendor=struck,
        times=TIMES,
        gross_mean_minor=gross.measures.aal_minor,
        gross_high_minor=_high(gross.totals),
        net_mean_minor=net.measures.aal_minor,
        net_high_minor=_high(net.totals),
        policies_mean=round_ratio(int(hit.sum()), TIMES),
        policies_most=int(hit.max()),
    )


def _high(amounts: Amounts) -> int:
    return int(np.sort(amounts)[::-1][TIMES // ONCE_IN - 1])


@dataclass(frozen=True, slots=True)
class YearEvent:
    """An event of a replayed year; a common shock is one over its policies. `key` is its name within the year."""

    key: str
    cause: str
    vendor: str
    time: float
    """The part of the year that is gone."""
    paid: Mapping[str, Mapping[str, int]]
    """Policy number to what each part pays."""
    retained_minor: int
    """Without what others share in the policies."""

    @property
    def gross_minor(self) -> int:
        return sum(sum(parts.values()) for parts in self.paid.values())


def events_of(alone: BookResult, payments: Replay) -> tuple[YearEvent, ...]:
    """The events of the one year that was replayed, the largest first."""
    rows = alone.rows
    own = len(alone.event_vendor) + np.arange(len(rows.event))
    keys = np.where(rows.event >= 0, rows.event, own)
    events = [_event(alone, payments, np.flatnonzero(keys == key)) for key in np.unique(keys)]
    return tuple(sorted(events, key=lambda event: (-event.gross_minor, event.key)))


def _event(alone: BookResult, payments: Replay, mine: Amounts) -> YearEvent:
    """From the rows of one event to its payments; an own event is told by policy, instant and cause."""
    rows, first = alone.rows, int(mine[0])
    shock = int(rows.event[first])
    found = payments.shock == shock
    if shock < 0:
        when = payments.date - payments.year
        found &= (payments.policy == rows.policy[first]) & (when == rows.time[first])
        found &= payments.cause == rows.cause[first]
    paid: dict[str, dict[str, int]] = {}
    numbers = zip(
        payments.policy[found].tolist(), payments.part[found].tolist(), payments.amount[found].tolist(), strict=True
    )
    for policy, part, amount in numbers:
        by_part = paid.setdefault(alone.policies[policy].number, {})
        by_part[payments.parts[part]] = by_part.get(payments.parts[part], 0) + amount
    return YearEvent(
        key=f"s{shock}" if shock >= 0 else f"p{first}",
        cause=alone.causes[int(rows.cause[first])],
        vendor=alone.event_vendor[shock] if shock >= 0 else "",
        time=float(rows.time[first]),
        paid=paid,
        retained_minor=int(rows.retained[mine].sum()),
    )
