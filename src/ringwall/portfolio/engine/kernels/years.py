"""Which years of a policy have several events, and those in date order, as loops for a compiler.

A year's terms begin anew, so that only the events of one year wait for each other; most years have one event or none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.chance import Floats


def put_in_order(span: Any, period: Any, date: Floats, whole: Any, room: Any, filled: Any, order: Any) -> Any:
    """Writes the events of years that have several from place `filled` of `order`: year by year, each in date order.

    `span` says where the policy's own events begin, where its common shocks do, and where both end; both come in date
    order. Of one date, own events come first. `whole`: so are the events that are alone in their year. Gives the places
    filled.
    """
    begins, shocks, _ = span
    latest, crowded = room
    several = find_crowded(span, period, latest, crowded)
    for k in range(several):
        year = np.uint64(crowded[k])
        own, struck = np.int64(latest[year, 0]), np.int64(latest[year, 1])
        if own >= begins or struck >= begins:
            filled = in_date_order(own, struck, span, period, date, filled, order)
            latest[year, 0], latest[year, 1] = -1, -1
    if whole:
        for event in range(begins, span[2]):
            order[filled] = event
            filled += latest[period[event], np.int64(event >= shocks)] == event
    return filled


def find_crowded(span: Any, period: Any, latest: Any, crowded: Any) -> Any:
    """Years with several events, some more than once; gives their number.

    `latest` has the last own event and the last common shock of each year; a place before this policy's is another's.
    """
    begins, shocks, ends = span
    count = np.uint64(0)
    last = np.int64(-1)
    for event in range(begins, shocks):
        year = np.int64(period[event])
        latest[np.uint64(year), 0] = event
        crowded[count] = year
        count += np.uint64(year == last)
        last = year
    last = np.int64(-1)
    for event in range(shocks, ends):
        year = np.int64(period[event])
        latest[np.uint64(year), 1] = event
        crowded[count] = year
        count += np.uint64((year == last) | (latest[np.uint64(year), 0] >= begins))
        last = year
    return np.int64(count)


def in_date_order(own: Any, struck: Any, span: Any, period: Any, date: Floats, filled: Any, order: Any) -> Any:
    """The events of one year, of which `own` and `struck` are the last, if they are the policy's; from the last on."""
    begins, shocks, _ = span
    year = period[max(own, struck)]
    i, j = own, struck
    while i >= begins and period[i] == year:
        i -= 1
    while j >= shocks and period[j] == year:
        j -= 1
    ends = filled + max(own - i, 0) + max(struck - j, 0)
    place = ends
    while place > filled:
        place -= 1
        take = struck > j and (own <= i or date[struck] >= date[own])
        order[place] = struck if take else own
        struck -= np.int64(take)
        own -= np.int64(not take)
    return ends


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
