"""Open results data (ORD): the tables of a simulation, from plain arrays of periods, events and losses.

Columns, codes and their order are those that Oasis writes (ORD v1): SELT and SPLT list sampled losses, MPLT their
moments, EPT the exceedance curves, PALT the average. One simulated year is one period of one sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Column = NDArray[np.int64] | NDArray[np.float64] | None
"""None: nobody knows it, and every row of the file says so."""

OEP, OEP_TVAR, AEP, AEP_TVAR = 1, 2, 3, 4
"""EPType: largest event or sum of a period; the loss itself or the mean of all that are as large."""
FULL_UNCERTAINTY = 2
"""EPCalc: every period is a draw of frequency and severity."""
SAMPLED = 2
"""SampleType: from draws, not from a formula."""
THE_SAMPLE = 1
WHOLE_BOOK = 1
"""The SummaryId where nothing is said."""
MONEY = (
    "Loss", "MeanLoss", "SDLoss", "MaxLoss", "ImpactedExposure", "FootprintExposure", "MeanImpactedExposure",
    "MaxImpactedExposure",
)  # fmt: skip
MINUTES_A_DAY = 1_440
_HALF = 32


@dataclass(frozen=True, slots=True)
class PeriodLosses:
    """One entry an event (and summary) with its loss in whole minor units; periods count from one.

    `minute` counts from the start of the period's first day; `exposure` is the sum of the limits that the event hits.
    """

    periods: int
    period: Whole
    event: Whole
    loss: Whole
    summary: Whole | None = None
    minute: Whole | None = None
    exposure: Whole | None = None

    @property
    def summaries(self) -> Whole:
        return np.full(len(self.loss), WHOLE_BOOK, np.int64) if self.summary is None else self.summary

    def paying(self) -> PeriodLosses:
        """The entries with a loss: ORD lists no others."""
        rows = np.flatnonzero(self.loss > 0)
        columns = (self.period, self.event, self.loss, self.summary, self.minute, self.exposure)
        return PeriodLosses(self.periods, *(None if c is None else c[rows] for c in columns))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class OrdTable:
    """A table by the names of its columns in order; the columns of `money` are whole minor units."""

    name: str
    columns: Mapping[str, Column]
    rows: int

    @property
    def money(self) -> tuple[str, ...]:
        return tuple(name for name in self.columns if name in MONEY)


def of_years(starts: Whole, loss: Whole) -> PeriodLosses:
    """From events in order of year, where `starts` says at which each year begins and the last one ends."""
    years = np.arange(1, len(starts), dtype=np.int64)
    return PeriodLosses(
        len(years), np.repeat(years, np.diff(starts)), np.arange(1, len(loss) + 1, dtype=np.int64), loss
    )


def ord_tables(losses: PeriodLosses, first_day: date | None = None) -> tuple[OrdTable, ...]:
    """The tables of one perspective (gross, or net of reinsurance)."""
    return selt(losses), splt(losses, first_day), mplt(losses, first_day), ept(losses), palt(losses)


def selt(losses: PeriodLosses) -> OrdTable:
    """Sample event loss table."""
    found = losses.paying()
    columns = {
        "EventId": found.event,
        "SummaryId": found.summaries,
        "SampleId": _all(found, THE_SAMPLE),
        "Loss": found.loss,
        "ImpactedExposure": found.exposure,
    }
    return OrdTable("SELT", columns, len(found.loss))


def splt(losses: PeriodLosses, first_day: date | None = None) -> OrdTable:
    """Sample period loss table; without a first day nobody knows on which date an event falls."""
    found = losses.paying()
    columns = {
        **_when(found, first_day),
        "SummaryId": found.summaries,
        "SampleId": _all(found, THE_SAMPLE),
        "Loss": found.loss,
        "ImpactedExposure": found.exposure,
    }
    return OrdTable("SPLT", columns, len(found.loss))


def mplt(losses: PeriodLosses, first_day: date | None = None) -> OrdTable:
    """Moment period loss table: with one sample an event the mean is the loss and nothing deviates from it."""
    found = losses.paying()
    columns: dict[str, Column] = {
        **_when(found, first_day),
        "SummaryId": found.summaries,
        "SampleType": _all(found, SAMPLED),
        "ChanceOfLoss": np.ones(len(found.loss)),
        "MeanLoss": found.loss,
        "SDLoss": _all(found, 0),
        "MaxLoss": found.loss,
        "FootprintExposure": found.exposure,
        "MeanImpactedExposure": found.exposure,
        "MaxImpactedExposure": found.exposure,
    }
    return OrdTable("MPLT", columns, len(found.loss))


def ept(losses: PeriodLosses, return_periods: Sequence[int] | None = None) -> OrdTable:
    """Exceedance probability table: every rank of the simulated periods, or the whole return periods that are named."""
    ranks = np.arange(1, losses.periods + 1, dtype=np.int64)
    named = ranks if return_periods is None else np.array([losses.periods // p for p in return_periods], np.int64)
    kept = named[named > 0]
    years = losses.periods / kept if return_periods is None else np.array(return_periods, np.float64)[named > 0]
    blocks = [
        (summary, kind, curve[kept - 1])
        for summary in _each(losses)
        for kind, curve in _curves(losses, summary).items()
    ]
    columns: dict[str, Column] = {
        "SummaryId": np.repeat(np.array([summary for summary, _, _ in blocks], np.int64), len(kept)),
        "EPCalc": np.full(len(blocks) * len(kept), FULL_UNCERTAINTY, np.int64),
        "EPType": np.repeat(np.array([kind for _, kind, _ in blocks], np.int64), len(kept)),
        "ReturnPeriod": np.tile(years, len(blocks)),
        "Loss": np.concatenate([curve for _, _, curve in blocks]) if blocks else np.zeros(0, np.int64),
    }
    return OrdTable("EPT", columns, len(blocks) * len(kept))


def palt(losses: PeriodLosses) -> OrdTable:
    """Period average loss table: mean and standard deviation (of a sample) of a period's sum."""
    sums = [_by_period(losses, summary)[0] for summary in _each(losses)]
    columns: dict[str, Column] = {
        "SummaryId": _each(losses),
        "SampleType": np.full(len(sums), SAMPLED, np.int64),
        "MeanLoss": np.array([_tail_means(_descending(total))[-1] for total in sums], np.int64),
        "SDLoss": np.array([round(total.std(ddof=1)) if len(total) > 1 else 0 for total in sums], np.int64),
    }
    return OrdTable("PALT", columns, len(sums))


def _each(losses: PeriodLosses) -> Whole:
    """The summaries; the whole book has one even where nothing happened."""
    return np.unique(losses.summaries) if losses.summary is not None else np.array([WHOLE_BOOK], np.int64)


def _by_period(losses: PeriodLosses, summary: int) -> tuple[Whole, Whole]:
    """Sum and largest event of each period."""
    rows = losses.summaries == summary
    total, largest = np.zeros(losses.periods, np.int64), np.zeros(losses.periods, np.int64)
    np.add.at(total, losses.period[rows] - 1, losses.loss[rows])
    np.maximum.at(largest, losses.period[rows] - 1, losses.loss[rows])
    return total, largest


def _curves(losses: PeriodLosses, summary: int) -> dict[int, Whole]:
    total, largest = (_descending(amounts) for amounts in _by_period(losses, summary))
    return {OEP: largest, OEP_TVAR: _tail_means(largest), AEP: total, AEP_TVAR: _tail_means(total)}


def _descending(amounts: Whole) -> Whole:
    return np.sort(amounts)[::-1]


def _tail_means(descending: Whole) -> Whole:
    """The mean of the largest 1, 2, 3 … amounts, half-even, in halves of a word so that no sum leaves int64."""
    rank = np.arange(1, len(descending) + 1, dtype=np.int64)
    high, low = (np.cumsum(half) for half in np.divmod(descending, 1 << _HALF))
    whole, rest = np.divmod(high, rank)
    quotient, left = np.divmod((rest << _HALF) + low, rank)
    floor = (whole << _HALF) + quotient
    up = (2 * left > rank) | ((2 * left == rank) & (floor % 2 != 0))
    return np.asarray(floor + up, np.int64)


def _when(losses: PeriodLosses, first_day: date | None) -> dict[str, Column]:
    weight = np.full(len(losses.loss), 1 / losses.periods)
    known: dict[str, Column] = {"Period": losses.period, "PeriodWeight": weight, "EventId": losses.event}
    return known | _date(losses.minute, first_day)


def _date(minute: Whole | None, first_day: date | None) -> dict[str, Column]:
    if minute is None or first_day is None:
        return dict.fromkeys(("Year", "Month", "Day", "Hour", "Minute"))
    days = np.datetime64(first_day, "D") + (minute // MINUTES_A_DAY).astype("timedelta64[D]")
    months = days.astype("datetime64[M]")
    return {
        "Year": days.astype("datetime64[Y]").astype(np.int64) + 1970,
        "Month": months.astype(np.int64) % 12 + 1,
        "Day": (days - months).astype(np.int64) + 1,
        "Hour": minute % MINUTES_A_DAY // 60,
        "Minute": minute % 60,
    }


def _all(losses: PeriodLosses, value: int) -> Whole:
    return np.full(len(losses.loss), value, np.int64)
