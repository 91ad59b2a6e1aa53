"""How a record feed gathers its entries: the newest edition of each, and a refusal for each bad one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from ringwall.basics import Refusal
from ringwall.evidence import VulnerabilityRecord
from ringwall.shell.feeds.parsed import Parsed, bad_entry, bad_feed, listed

Raw = TypeVar("Raw")


def gather(
    rows: Iterable[Raw], read: Callable[[Raw], VulnerabilityRecord], where: str
) -> Parsed[VulnerabilityRecord] | Refusal:
    """Every row read; what cannot be read is refused by its place, and of two editions the later stands."""
    entries: dict[str, VulnerabilityRecord] = {}
    refusals: list[Refusal] = []
    for number, row in enumerate(rows, start=1):
        try:
            record = read(row)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            words = f"{type(fault).__name__} {fault}"
            refusals.append(bad_entry(f"{where}#{number}", f"字段不合格式：{words}", f"a field is malformed: {words}"))
            continue
        known = entries.get(record.id)
        if known is None or known.modified_on < record.modified_on:
            entries[record.id] = record
    if not entries:
        return bad_feed(where, "没有一条可用的漏洞记录", "no record in it is usable")
    newest = max(record.modified_on for record in entries.values())
    return Parsed(newest.isoformat(), newest, entries, listed(refusals, where))


def day(text: str) -> date:
    """The day of an ISO date or instant."""
    return date.fromisoformat(text[:10])
