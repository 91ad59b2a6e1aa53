"""Which years of a policy have several events, and those in date order, as loops for a compiler.

A year's terms begin anew, so that only the events of one year wait for each other; most years have one event or none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringwall.portfolio.engine.kernels.arrivals import date_of

FULL = 2**60
"""Sums of years count from no more than this, so that none leaves 64 bits."""


def order_years(
    rows: Any, events: Any, paid: Any, spare: Any, opening_of: Any, levels: Any, calendar: Any, room: Any, again: Any
) -> Any:
    """Names in groups the events of years that have several; gives the number of groups.

    A group is a policy, or a year where each opens with a state of its own. Policies that spend in no year more than
    their `spare` are left out: what they pay hangs on no order. Where there is no `spare`, all events are named.
    """
    row_policy, row_start, row_shocks, period, place, shock = events
    latest, before, crowded, spent = room
    latest[:] = -1
    spent[:] = 0
    groups, ordered, nil = np.int64(0), np.int64(0), np.int64(0)
    for row in range(rows):
        span = (row_start[row], row_shocks[row], row_start[row + 1])
        if spare is not None:
            nil, held = spend(span, period, paid, spare[row], nil, spent)
            if held:
                continue
        begins, apart = ordered, opening_of[row_policy[row]] >= 0
        linked, dates = (latest, before, crowded), (shock, place, levels, calendar)
        ordered = put_in_order(span, period, dates, spare is None, linked, ordered, again[2])
        groups = in_groups(row_policy[row], apart, begins, ordered, period, groups, again)
    again[1][groups] = ordered
    return groups


def spend(span: Any, period: Any, paid: Any, spare: Any, nil: Any, spent: Any) -> Any:
    """Whether what events pay stays within `spare` in each year, and what is nil for the next policy.

    Sums count from `nil`, and what is less is nil: the next policy begins at the largest sum of this one, so that
    nothing has to be cleared in between.
    """
    if not 0 <= spare <= FULL:
        return nil, False
    begins, _, ends = span
    years, pays, most = period[begins:], paid[begins:], nil
    for event in range(ends - begins):
        year = np.uint64(years[event])
        total = max(spent[year], nil) + pays[event]
        spent[year] = total
        most = max(most, total)
    if most > FULL:
        spent[:] = 0
        return np.int64(0), most - nil <= spare
    return most, most - nil <= spare


def put_in_order(span: Any, period: Any, dates: Any, whole: Any, room: Any, filled: Any, order: Any) -> Any:
    """Writes the events of years that have several from place `filled` of `order`: year by year, each in date order.

    `span` says where the policy's own events begin, where its common shocks do, and where both end; own events come in
    date order. Of one date, own events come first. `whole`: so are the events that are alone in their year. Gives the
    places filled.
    """
    begins, _, ends = span
    latest, before, crowded = room
    several = find_crowded(span, period, room)
    for k in range(several):
        year = np.uint64(crowded[k])
        last = np.int64(latest[year])
        if last >= begins:
            latest[year] = -1
            filled = in_date_order(last, span, period, dates, before, filled, order)
    if whole:
        for event in range(begins, ends):
            order[filled] = event
            filled += latest[np.uint64(period[event])] == event
    return filled


def find_crowded(span: Any, period: Any, room: Any) -> Any:
    """Years with several events, some more than once; gives their number.

    `latest` has the last event of each year; a place before this policy's is another's. `before` has the one before
    each common shock in its year.
    """
    begins, shocks, ends = span
    latest, before, crowded = room
    count = np.uint64(0)
    year_before = np.uint64(len(latest))
    for event in range(begins, shocks):
        year = np.uint64(period[event])
        latest[year] = event
        crowded[count] = year
        count += np.uint64(year == year_before)
        year_before = year
    for event in range(shocks, ends):
        year = np.uint64(period[event])
        earlier = latest[year]
        latest[year] = event
        before[np.uint64(event - shocks)] = earlier
        crowded[count] = year
        count += np.uint64(earlier >= begins)
    return np.int64(count)


def in_date_order(last: Any, span: Any, period: Any, dates: Any, before: Any, filled: Any, order: Any) -> Any:
    """The events of one year, of which `last` is one: most years have two. More are put in place one by one."""
    begins, shocks, _ = span
    second = preceding(last, span, period, before)
    third = preceding(second, span, period, before)
    if third >= begins:
        return in_place(last, span, period, dates, before, filled, order)
    turned = last >= shocks and later(second, last, shocks, period, dates)
    order[filled] = last if turned else second
    order[filled + 1] = second if turned else last
    return filled + 2


def preceding(event: Any, span: Any, period: Any, before: Any) -> Any:
    """The event of the year that stands before this one; below the policy's first where there is none."""
    begins, shocks, _ = span
    if event >= shocks:
        return np.int64(before[np.uint64(event - shocks)])
    return event - 1 if event > begins and period[np.uint64(event - 1)] == period[np.uint64(event)] else np.int64(-1)


def in_place(last: Any, span: Any, period: Any, dates: Any, before: Any, filled: Any, order: Any) -> Any:
    """Many events of one year: the own ones as they stand, then each common shock where its date belongs."""
    begins, shocks, _ = span
    own = last
    while own >= shocks:
        own = preceding(own, span, period, before)
    ends, event = filled, own
    while event >= begins:
        ends += 1
        event = preceding(event, span, period, before)
    for place in range(filled, ends):
        order[place] = own - (ends - 1 - place)
    while last >= shocks:
        place = ends
        while place > filled and later(np.int64(order[place - 1]), last, shocks, period, dates):
            order[place] = order[place - 1]
            place -= 1
        order[place] = last
        ends += 1
        last = preceding(last, span, period, before)
    return ends


def later(event: Any, struck: Any, shocks: Any, period: Any, dates: Any) -> Any:
    """Whether an event comes after a common shock; shocks are numbered in date order."""
    shock = dates[0]
    if event >= shocks:
        return shock[event] > shock[struck]
    return date_of(event, shocks, period, dates) > date_of(struck, shocks, period, dates)


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
