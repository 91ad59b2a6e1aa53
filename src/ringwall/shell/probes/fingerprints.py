"""Which product shows itself on a page, and who receives a domain's mail: the tables stand in the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from ringwall import catalogue


@dataclass(frozen=True, slots=True)
class Portal:
    vendor: str
    where: str
    pattern: re.Pattern[str]


@cache
def _table() -> Mapping[str, list[dict[str, str]]]:
    text = catalogue.read_folder("controls")["fingerprints.yaml"]
    table: Mapping[str, list[dict[str, str]]] = yaml.load(text, Loader=yaml.BaseLoader)
    return table


@cache
def portals() -> tuple[Portal, ...]:
    return tuple(
        Portal(row["vendor"], row["where"], re.compile(row["pattern"], re.IGNORECASE)) for row in _table()["portals"]
    )


def portal_of(headers: Mapping[str, str], page: str) -> str:
    """The vendor whose login portal this is, by the first rule that fits; empty where none does."""
    for portal in portals():
        text = page if portal.where == "body" else headers.get(portal.where, "")
        if portal.pattern.search(text):
            return portal.vendor
    return ""


def mail_provider(exchanges: tuple[str, ...]) -> str:
    """The provider behind the first mail exchange; `own` where none of the table fits."""
    for exchange in exchanges:
        for row in _table()["mail_providers"]:
            if exchange == row["suffix"] or exchange.endswith("." + row["suffix"]):
                return row["provider"]
    return "own" if exchanges else ""
