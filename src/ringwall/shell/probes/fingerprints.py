"""Which product shows itself on a page or in a certificate, and who receives a domain's mail: tables as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ringwall import catalogue
from ringwall.basics import read_yaml


@dataclass(frozen=True, slots=True)
class Portal:
    vendor: str
    where: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class AdminPage:
    """A page for administrators: where it lies, how it answers, and what in its answer names the product."""

    product: str
    path: str
    statuses: tuple[int, ...]
    where: str
    pattern: re.Pattern[str]

    def text_of(self, headers: Mapping[str, str], page: str) -> str:
        return page if self.where == "body" else headers.get(self.where, "")


@cache
def _table() -> Mapping[str, list[dict[str, Any]]]:
    text = catalogue.read_folder("controls")["fingerprints.yaml"]
    table: Mapping[str, list[dict[str, Any]]] = read_yaml(text)
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


def portal_of_certificate(subject: str) -> str:
    """The appliance whose factory certificate this is; empty where no rule fits."""
    rules = (portal for portal in portals() if portal.where == "certificate")
    return next((portal.vendor for portal in rules if portal.pattern.search(subject)), "")


@cache
def admin_pages() -> tuple[AdminPage, ...]:
    return tuple(
        AdminPage(
            row["product"],
            row["path"],
            tuple(int(status) for status in row["statuses"]),
            row["where"],
            re.compile(row["pattern"], re.IGNORECASE),
        )
        for row in _table()["admin_pages"]
    )


def default_page_of(page: str) -> str:
    """The product whose page of installation this is; empty where none fits."""
    for row in _table()["default_pages"]:
        if re.search(row["pattern"], page, re.IGNORECASE):
            return str(row["product"])
    return ""


def mail_provider(exchanges: tuple[str, ...]) -> str:
    """The provider behind the first mail exchange; `own` where none of the table fits."""
    for exchange in exchanges:
        for row in _table()["mail_providers"]:
            if exchange == row["suffix"] or exchange.endswith("." + row["suffix"]):
                return str(row["provider"])
    return "own" if exchanges else ""
