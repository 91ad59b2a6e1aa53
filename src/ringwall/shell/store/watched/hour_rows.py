"""Rows of the hour table and the records of the evidence room, each way."""

from __future__ import annotations

from psycopg.rows import DictRow

from ringwall.basics import day_start
from ringwall.evidence import Calls, HourlyCount, Interesting, Kind, NameSpread

HALF = 1 << 63
"""Marks are unsigned, the database's whole numbers are not; taken off, their order stays."""


def names_row(spread: NameSpread) -> tuple[object, ...]:
    """Sums in place of means, so that the rows of further files add up."""
    marks = "{" + ",".join(str(mark - HALF) for mark in spread.marks) + "}"
    sums = (spread.mean_left_label * spread.names, spread.mean_entropy * spread.names)
    return (spread.host, spread.day, spread.domain, spread.names, spread.names, *sums, marks)


def names_of(row: DictRow) -> NameSpread:
    marks = tuple(mark + HALF for mark in row["marks"])
    means = (row["label_sum"] / row["weight"], row["entropy_sum"] / row["weight"])
    return NameSpread(row["host"], row["day"], row["domain"], max(len(marks), row["most_names"]), *means, marks)


def call_row(calls: Calls) -> tuple[object, ...]:
    starts, sizes = ("{" + ",".join(map(str, numbers)) + "}" for numbers in (calls.starts, calls.sizes))
    return (calls.host, calls.peer, calls.port, calls.day, starts, sizes)


def calls_of(row: DictRow) -> Calls:
    return Calls(row["host"], row["peer"], row["port"], row["day"], tuple(row["starts"]), tuple(row["sizes"]))


def day_row(row: DictRow) -> HourlyCount:
    """A day as one row: no indicator looks at a shorter time."""
    counted = (row["events"], row["bytes_out"], row["bytes_in"], row["severe_alerts"])
    return HourlyCount(row["host"], day_start(row["day"]), row["event_type"], *counted)


def login_of(row: DictRow) -> Interesting:
    """Logins of a day in the clear, after the rows that named the other end are gone."""
    at = day_start(row["day"])
    detail = row["what"].removeprefix("login ")
    return Interesting(Kind.CLEARTEXT_LOGIN, row["host"], "", None, row["day"], at, at, row["events"], None, detail)
