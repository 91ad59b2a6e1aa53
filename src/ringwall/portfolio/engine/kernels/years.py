"""Which years of a policy have several events, and those in date order, as loops for a compiler.

A year's terms begin anew, so that only the events of one year wait for each other; most years have one event or none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Floats


def put_in_order(span: Any, period: Any, date: Floats, whole: Any, room: Any, filled: Any, order: Any) -> Any:
    """Writes the events of years that have several from place `filled` of `order`: year by year, each in date order.

    `span` says where the policy's own events begin, where its common shocks do, and where both end. Events of one date
    stand as they come: own events before common shocks. `whole`: so are the events that are alone in their year. Gives
    the places filled.
    """
    latest, earlier, crowded = room
    several = link(span, period, date, latest, earlier, crowded)
    if whole:
        for event in range(span[0], span[2]):
            order[filled] = event
            filled += (latest[period[event]] == event) & (earlier[event] < 0)
    for k in range(several):
        year = np.uint64(crowded[k])
        last = np.int64(latest[year])
        latest[year] = -1
        at = last
        while at >= 0:
            filled += 1
            at = np.int64(earlier[at])
        place, at = filled, last
        while at >= 0:
            place -= 1
            order[place] = at
            at = np.int64(earlier[at])
    return filled


def link(span: Any, period: Any, date: Floats, latest: Any, earlier: Any, crowded: Any) -> Any:
    """Links each event to the one before it in its year; `latest` has the last of each year.

    Gives the number of years in `crowded`: those with several events, some more than once. A place in `latest` before
    this policy's own is another policy's. Own events come in date order; a common shock is put where its date is.
    """
    begins, shocks, ends = span
    count = np.uint64(0)
    for event in range(begins, shocks):
        year = np.uint64(period[event])
        before = np.int64(latest[year])
        several = before >= begins
        earlier[event] = before if several else np.int64(-1)
        latest[year] = event
        crowded[count] = year
        count += np.uint64(several)
    for event in range(shocks, ends):
        year = np.uint64(period[event])
        before = np.int64(latest[year])
        crowded[count] = year
        if before < begins:
            earlier[event] = -1
            latest[year] = event
            continue
        count += np.uint64(1)
        after = np.int64(-1)
        while before >= 0 and date[before] > date[event]:
            after = before
            before = np.int64(earlier[before])
        earlier[event] = before
        if after < 0:
            latest[year] = event
        else:
            earlier[after] = event
    return np.int64(count)


def in_groups(policy: Any, apart: bool, begins: Any, ends: Any, period: Any, groups: Any, again: Any) -> Any:
    """The groups of one policy's events in `order`: all of them, or each year apart; gives the number so far."""
    group_policy, group_start, order = again
    for place in range(begins, ends):
        if place == begins or (apart and period[order[place]] != period[order[place - 1]]):
            group_policy[groups] = policy
            group_start[groups] = place
            groups += 1
        elif not apart:
            break
    return groups
