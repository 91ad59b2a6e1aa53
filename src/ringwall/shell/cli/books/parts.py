"""What `portfolio` says beyond the measures: how sure they are, what a disaster costs, and what made one year."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from ringwall.basics import Words
from ringwall.portfolio import (
    Accumulation,
    Band,
    BookAgain,
    BookView,
    Compile,
    ForcedLoss,
    TracedPoint,
    YearEvent,
    events_of,
    forced_losses,
    gross_view,
    mean_band,
    net_view,
    tail_mean_band,
    traced,
    year_alone,
    years_again,
)
from ringwall.risk import cause_names
from ringwall.shell.cli.page import Page, money
from ringwall.treaty import Programme

EVENTS_SHOWN, POLICIES_SHOWN = 10, 10
CURVES = (("gross", "aep"), ("gross", "oep"), ("net", "aep"), ("net", "oep"))
HEADS = {
    ("gross", "aep"): Words("AEP 再保前", "AEP gross"),
    ("gross", "oep"): Words("OEP 再保前", "OEP gross"),
    ("net", "aep"): Words("AEP 再保后", "AEP net"),
    ("net", "oep"): Words("OEP 再保后", "OEP net"),
}


@dataclass(frozen=True, slots=True)
class Year:
    """One simulated year: what it costs gross and net, and the events that made it."""

    year: int
    gross_minor: int
    net_minor: int
    events: tuple[YearEvent, ...]


@dataclass(frozen=True, slots=True)
class BookParts:
    """Points with band and year by view and curve, bands of mean and tail, disasters, and the year asked for."""

    points: Mapping[str, tuple[TracedPoint, ...]]
    bands: Mapping[str, Band]
    disasters: tuple[ForcedLoss, ...]
    names: Mapping[str, Words]
    year: Year | None


def take_apart(
    book: BookAgain,
    views: tuple[BookView, BookView],
    programme: Programme,
    piles: Accumulation,
    year: int | None,
    loops: Compile,
    executor: Executor | None = None,
) -> BookParts:
    """`views`: gross and net; disasters and the year run again on the workers of the simulation."""
    sides = dict(zip(("gross", "net"), views, strict=True))
    return BookParts(
        {
            f"{side}_{curve}": traced(sides[side].totals if curve == "aep" else sides[side].largest)
            for side, curve in CURVES
        },
        {
            f"{side}_{name}": band(view.totals)
            for side, view in sides.items()
            for name, band in (("aal", mean_band), ("tvar99", tail_mean_band))
        },
        forced_losses(book, programme, piles.vendors, executor=executor, loops=loops),
        cause_names(book.model),
        None if year is None else _year(book, programme, year, loops, executor),
    )


def _year(book: BookAgain, programme: Programme, year: int, loops: Compile, executor: Executor | None) -> Year:
    calendar, payments = years_again(book, (year,), executor=executor, loops=loops)
    alone = year_alone(book, calendar, payments, year)
    gross, net = gross_view(alone), net_view(alone, programme)
    return Year(year, int(gross.totals[0]), int(net.totals[0]), events_of(alone, payments))


def draw_bands(page: Page, parts: BookParts) -> None:
    page.heading(
        Words(
            "置信区间（十次有九次含真值）与形成该点的模拟年份", "Bands (nine in ten hold the true value), and the year"
        )
    )
    columns = [Words("重现期（年）", "Return period"), *(HEADS[curve] for curve in CURVES)]
    curves = [parts.points[f"{side}_{curve}"] for side, curve in CURVES]
    rows = [(f"{points[0].years:,}", *(_point(point) for point in points)) for points in zip(*curves, strict=True)]
    page.table(columns, rows, numbers=(0, 1, 2, 3, 4))
    rows = [
        (label, _between(parts.bands[f"gross_{name}"]), _between(parts.bands[f"net_{name}"]))
        for name, label in (("aal", "AAL"), ("tvar99", "TVaR 99 %"))
    ]
    page.table((Words("指标", "Measure"), Words("再保前", "Gross"), Words("再保后", "Net")), rows, numbers=(1, 2))


def _point(point: TracedPoint) -> str:
    return "—" if point.year is None else f"{_between(Band(point.low_minor, point.high_minor))} #{point.year}"


def _between(band: Band) -> str:
    return f"{money(band.low_minor)} – {money(band.high_minor)}"


def draw_disasters(page: Page, parts: BookParts) -> None:
    page.heading(Words("现实灾难情景（假定必然发生）", "Realistic disasters, as if they were certain"))
    columns = (
        Words("情景", "Scenario"),
        Words("供应商", "Vendor"),
        Words("受影响保单", "Policies hit"),
        Words("再保前 平均", "Gross, mean"),
        Words("再保前 二十次一遇", "Gross, 1 in 20"),
        Words("再保后 平均", "Net, mean"),
        Words("再保后 二十次一遇", "Net, 1 in 20"),
    )
    rows = [
        (
            _named(page, parts, loss.scenario),
            loss.vendor or "—",
            f"{loss.policies_mean:,}",
            *(
                money(amount)
                for amount in (
                    loss.gross_mean_minor,
                    loss.gross_high_minor,
                    loss.net_mean_minor,
                    loss.net_high_minor,
                )
            ),
        )
        for loss in parts.disasters
    ]
    page.table(columns, rows, numbers=(2, 3, 4, 5, 6))


def _named(page: Page, parts: BookParts, code: str) -> str:
    return f"{code} {page.word(parts.names.get(code, Words(code, code)))}"


def draw_year(page: Page, parts: BookParts) -> None:
    """The largest events of the year asked for, each with the policies that it costs most."""
    if parts.year is None:
        return
    year = parts.year
    gross, net = money(year.gross_minor), money(year.net_minor)
    page.heading(
        Words(
            f"模拟年份 {year.year}：再保前 {gross}，再保后 {net}",
            f"Simulated year {year.year}: gross {gross}, net {net}",
        )
    )
    columns = (Words("事件", "Event"), Words("保单", "Policy"), Words("部分", "Parts"), Words("赔付", "Paid"))
    rows: list[tuple[str, str, str, str]] = []
    for event in year.events[:EVENTS_SHOWN]:
        name = _named(page, parts, event.cause) + (f" {event.vendor}" if event.vendor else "")
        rows.append((name, f"{len(event.paid):,}", "", money(event.gross_minor)))
        most_first = sorted(event.paid.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
        for policy, paid in most_first[:POLICIES_SHOWN]:
            said = ", ".join(f"{part} {money(amount)}" for part, amount in paid.items())
            rows.append(("", policy, said, money(sum(paid.values()))))
        if rest := most_first[POLICIES_SHOWN:]:
            rows.append(("", f"+ {len(rest):,}", "", money(sum(sum(paid.values()) for _, paid in rest))))
    if rest_events := year.events[EVENTS_SHOWN:]:
        rows.append((f"+ {len(rest_events):,}", "", "", money(sum(event.gross_minor for event in rest_events))))
    page.table(columns, rows, numbers=(3,))
