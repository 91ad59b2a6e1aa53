"""What every feed's `parse` returns: the good entries, and a refusal for each bad one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from ringwall.basics import Refusal, refuse

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}")
Entry = TypeVar("Entry", covariant=True)

REFUSALS_LISTED = 50
"""Bad entries that are named one by one; a file with more gets one further refusal that counts the rest."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Entry]):
    """One edition of a feed: its version and date as the publisher states them."""

    version: str
    published_on: date
    entries: Mapping[str, Entry]
    refusals: tuple[Refusal, ...]


def bad_entry(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "feed_entry_malformed",
        where,
        zh=f"{zh}；已略去该条，其余照用，请核对来源文件",
        en=f"{en}; this entry was left out and the others kept: check the source file",
    )


def bad_feed(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "feed_unreadable",
        where,
        zh=f"{zh}；请重新下载该文件，或改用另一来源",
        en=f"{en}; download the file again or use another source",
    )


def listed(refusals: list[Refusal], where: str) -> tuple[Refusal, ...]:
    """The first refusals, and how many more there are."""
    more = len(refusals) - REFUSALS_LISTED
    if more <= 0:
        return tuple(refusals)
    rest = bad_entry(where, f"另有 {more} 条格式错误", f"{more} more entries are malformed")
    return (*refusals[:REFUSALS_LISTED], rest)


def is_cve(text: str) -> bool:
    return _CVE.fullmatch(text) is not None
