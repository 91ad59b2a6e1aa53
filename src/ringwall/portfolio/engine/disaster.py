"""A realistic disaster scenario: one common shock that is certain to come, and what the book loses by it alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ringwall.basics import Refusal, refuse
from ringwall.portfolio.engine.calendar import Calendar, shocks_of
from ringwall.portfolio.engine.run import Structure
from ringwall.risk import Footprint, Peril, RiskModel, SystemicEvents, uniforms


def disaster_calendar(
    model: RiskModel, code: str, times: int, seed: int, *, vendor: str | None = None
) -> Calendar | Refusal:
    """So many years, in the middle of each the same scenario; its reach and hit chance are drawn anew each time.

    `vendor` is needed where the scenario strikes the customers of one; no policy has an event of its own.
    """
    place = next((n for n, scenario in enumerate(model.scenarios) if scenario.code == code), None)
    if place is None:
        return _unknown(code, [scenario.code for scenario in model.scenarios])
    scenario, vendors = model.scenarios[place], list(model.vendor_shares)
    by_vendor = scenario.footprint is Footprint.VENDOR
    if by_vendor and vendor not in model.vendor_shares:
        return _unknown(f"{code} {vendor or '-'}", vendors)
    year = np.arange(times, dtype=np.int64)
    struck = vendors.index(vendor) if by_vendor and vendor else -1
    reach, hit = (uniforms(times, seed, "disaster", code, what) for what in ("exposed", "hit"))
    events = SystemicEvents(
        times,
        year,
        np.full(times, place, np.int64),
        np.full(times, struck, np.int64),
        scenario.exposed.low + (scenario.exposed.high - scenario.exposed.low) * reach,
        scenario.hit.low + (scenario.hit.high - scenario.hit.low) * hit,
    )
    causes = (*(str(peril) for peril in Peril), *(s.code for s in model.scenarios))
    shocks = shocks_of(model, events, np.full(times, 0.5), seed)
    return Calendar(seed, None, np.ones(times), shocks, causes, len(Peril))


def without_own_events(structures: Iterable[Structure]) -> list[Structure]:
    """The same policies, struck by common shocks only."""
    return [replace(s, columns=s.columns._replace(rate=np.zeros_like(s.columns.rate))) for s in structures]


def _unknown(asked: str, known: list[str]) -> Refusal:
    return refuse(
        "disaster_unknown",
        asked,
        zh=f"模型中没有情景或供应商「{asked}」；请从以下选择：{'、'.join(known)}。",
        en=f"The model has no scenario or vendor “{asked}”; choose one of: {', '.join(known)}.",
    )
