"""A book of any size in sums: each portion of its rows is read, settled and added up by one worker, and forgotten.

The sums are those of the whole book in one go: a policy's draws hang on its number, and nothing on its portion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, round_ratio
from ringwall.portfolio.blocks import Watch, Work, finished
from ringwall.portfolio.book import BookPolicy
from ringwall.portfolio.engine import Calendar, Compile, in_memory, structures_of, tiles_of, total_book, with_shocks
from ringwall.portfolio.measures import Measures, measure
from ringwall.portfolio.schedules import Products, compile_book
from ringwall.portfolio.simulate import ready
from ringwall.risk import RiskModel, Territory

Whole = NDArray[np.int64]
PORTION = 10_000
"""Rows that one worker holds at once: 10,000 policies with their terms are some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some rows of the book, by their places."""

    first: int
    last: int


Read = Callable[[int, int], Iterable[BookPolicy]]
"""The policies at these places; an executor may read elsewhere, so it is a function that can be sent."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all portions share: years and shocks, the model, and the products by whose terms they are settled."""

    calendar: Calendar
    model: RiskModel
    products: Products
    territory: Territory = Territory.CHINA


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a portion comes to, in whole fen."""

    by_year: Whole
    largest: Whole
    by_shock: Whole
    by_cause: Whole
    policies: int
    premium_minor: int
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class LargeBook:
    """A book in sums, gross; known are its years and largest events, no payment and no policy's share of them."""

    by_year: Whole
    largest: Whole
    """The largest event of each year, a common shock counted as one over its policies."""
    mean_by_cause: Mapping[str, int]
    """A year, by peril and scenario."""
    policies: int
    premium_minor: int
    refusals: tuple[Refusal, ...]

    @property
    def measures(self) -> Measures:
        return measure(self.by_year, self.largest)


def total_portions(
    read: Read,
    rows: int,
    setting: Setting,
    *,
    executor: Executor | None = None,
    loops: Compile = in_memory,
    portion: int = PORTION,
    watch: Watch | None = None,
) -> LargeBook:
    """The same sums in portions of any size, on any executor, in whatever order they are done."""
    portions = [Portion(at, min(at + portion, rows)) for at in range(0, rows, portion)]
    work = Work(partial(_summed, read, setting, loops), lambda _: "", _Sums)
    years, shocks = setting.calendar.years, len(setting.calendar.shocks.date)
    by_year, largest, by_shock, by_cause = (
        np.zeros(size, np.int64) for size in (years, years, shocks, len(setting.calendar.causes))
    )
    policies = premium = 0
    refused: list[tuple[int, tuple[Refusal, ...]]] = []
    for at, found in finished(work, portions, executor, None, watch):
        by_year += found.by_year
        np.maximum(largest, found.largest, out=largest)
        by_shock += found.by_shock
        by_cause += found.by_cause
        policies, premium = policies + found.policies, premium + found.premium_minor
        refused.append((at.first, found.refusals))
    largest = with_shocks(setting.calendar, largest, by_shock)
    in_order = tuple(refusal for _, refusals in sorted(refused, key=lambda pair: pair[0]) for refusal in refusals)
    names = setting.calendar.causes
    means = {cause: round_ratio(total, years) for cause, total in zip(names, by_cause.tolist(), strict=True)}
    return LargeBook(by_year, largest, means, policies, premium, in_order)


def _summed(read: Read, setting: Setting, loops: Compile, portion: Portion) -> _Sums:
    held = list(read(portion.first, portion.last))
    compiled = compile_book(held, setting.products)
    known = [policy for policy in held if policy.number in compiled.terms]
    jobs, refusals = ready(known, compiled.terms, setting.model, {}, setting.territory)
    calendar = setting.calendar
    structures, more = structures_of(calendar, setting.model, setting.territory, jobs)
    totals = total_book(calendar, structures, len(known), loops=loops, tiles=tiles_of(calendar))
    settled = _settled(known, (*refusals, *more))
    return _Sums(
        totals.by_year,
        totals.largest,
        totals.by_shock,
        totals.by_cause,
        len(settled),
        sum(policy.premium_minor for policy in settled),
        (*compiled.refusals, *refusals, *more),
    )


def _settled(known: Sequence[BookPolicy], refusals: Iterable[Refusal]) -> list[BookPolicy]:
    out = {refusal.where for refusal in refusals}
    return [policy for policy in known if policy.number not in out]
