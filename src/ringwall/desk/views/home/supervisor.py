"""The supervisor: the market at a glance, as far as it has been published."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Words
from ringwall.desk.office import Office
from ringwall.desk.permissions import SUPERVISOR
from ringwall.desk.views.home.waiting import Waiting
from ringwall.desk.views.parts import Figure, all_known
from ringwall.market import TOTAL

PEOPLE = frozenset({SUPERVISOR})


def waiting(office: Office, now: datetime) -> tuple[Waiting, ...]:
    """Publications wait for nobody's act; each that is shared is there to be read."""
    return tuple(
        Waiting(
            "read_statistics",
            Words(f"查看市场统计 {row.number}", f"Read the market figures {row.number}"),
            Words(f"{len(row.record.tables)} 张表", f"{len(row.record.tables)} tables"),
            "/market",
            Words("打开统计", "Open the figures"),
            since=row.known_at,
        )
        for row in all_known(office.statistics, now)
    )


def figures(office: Office, now: datetime) -> tuple[Figure, ...]:
    """The totals of the newest publication; a cell below the privacy floor has no figures."""
    rows = all_known(office.statistics, now)
    total = rows[-1].record.tables[0].find(TOTAL, TOTAL) if rows else None
    if total is None or total.figures is None:
        return ()
    return (
        Figure(Words("保单", "Policies"), total.figures.policies, "count", "/market"),
        Figure(Words("保费", "Premium"), total.figures.premium_minor, "money", "/market"),
    )
