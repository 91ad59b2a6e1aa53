"""The parts of a run as they are kept with it, so that no page has to simulate the book again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ringwall.desk.office import Office
from ringwall.desk.portfolio.held_book import panels_of, weaknesses_of
from ringwall.desk.records import RunParts, RunPoint
from ringwall.portfolio import (
    Accumulation,
    Band,
    BookAgain,
    BookResult,
    BookView,
    by_insurer,
    forced_losses,
    in_force,
    mean_band,
    piles_by,
    tail_by_part,
    tail_by_policy,
    tail_by_vendor,
    tail_mean_band,
    traced,
)


def take_apart(
    office: Office,
    book: BookAgain,
    result: BookResult,
    views: tuple[BookView, BookView],
    piles: Accumulation,
    *,
    at: datetime,
) -> RunParts:
    """`views`: gross and net of this result."""
    (gross, net), catalogue = views, office.catalogue
    weaknesses = weaknesses_of(office, at)
    standing = in_force(book.policies, book.as_at) if book.as_at else book.policies
    return RunParts(
        points=(*_points("gross", gross), *_points("net", net)),
        bands=_bands(gross, net),
        tail_by_part=tail_by_part(book, gross, loops=catalogue.loops),
        tail_by_vendor=tail_by_vendor(result, gross),
        tail_by_insurer=by_insurer(tail_by_policy(result), panels_of(office, book.policies)),
        disasters=forced_losses(book, catalogue.programme, piles.vendors, loops=catalogue.loops),
        regions=piles.regions,
        products=piles.products,
        weaknesses=piles_by(standing, lambda policy: set(weaknesses.get(policy.number, ()))),
    )


def _points(view: str, of: BookView) -> tuple[RunPoint, ...]:
    return tuple(
        RunPoint(view, curve, p.years, p.loss_minor, p.low_minor, p.high_minor, p.year)
        for curve, amounts in (("aep", of.totals), ("oep", of.largest))
        for p in traced(amounts)
    )


def _bands(gross: BookView, net: BookView) -> Mapping[str, Band]:
    return {
        f"{name}_{measure}": band(view.totals)
        for name, view in (("gross", gross), ("net", net))
        for measure, band in (("aal", mean_band), ("tvar99", tail_mean_band))
    }
