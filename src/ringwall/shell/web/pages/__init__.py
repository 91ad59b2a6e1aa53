"""The pages: one module each with NAME, MENU and `router`; the tuple is the whole portal and the order of its menu."""

from __future__ import annotations

from typing import Protocol

from fastapi import APIRouter

from ringwall.shell.web.pages import (
    claim,
    entry,
    explain,
    home,
    inbox,
    journey,
    market,
    policy,
    settlement,
    workbench,
)
from ringwall.shell.web.pages.book import dashboard as book
from ringwall.shell.web.pages.book import year as book_year
from ringwall.shell.web.pages.model import card, refits
from ringwall.shell.web.pages.service import cards, orders, payables, providers
from ringwall.shell.web.pages.service import included as services
from ringwall.shell.web.pages.watched import after_term, alerts, assets, dossier, increase, posture
from ringwall.shell.web.site import MenuItem, Site


class Page(Protocol):
    """What each module of this folder offers."""

    NAME: str
    MENU: MenuItem | None

    def router(self, site: Site) -> APIRouter: ...


PAGES: tuple[Page, ...] = (
    home,
    inbox,
    journey,
    policy,
    after_term,
    posture,
    assets,
    dossier,
    alerts,
    workbench,
    increase,
    claim,
    orders,
    services,
    providers,
    cards,
    payables,
    settlement,
    book,
    book_year,
    card,
    refits,
    market,
    explain,
    entry,
)
