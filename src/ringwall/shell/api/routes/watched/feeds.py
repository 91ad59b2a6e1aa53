"""The catalogue of known exploited vulnerabilities as a file: what is new in it, and whom it touches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from ringwall.basics import Refusal
from ringwall.desk.intelligence.take_edition import EditionTaken, take_edition
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.content import BINARY, Binary, described
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.problems import Refused

router = APIRouter(tags=["证据 · Evidence"], route_class=SignedRoute)


@dataclass(frozen=True, slots=True)
class Edition:
    """The newest edition of a feed that the speaker's insurer has taken."""

    feed: str
    version: str
    dated: date
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class EditionList:
    """One edition of each feed."""

    editions: tuple[Edition, ...]


@router.post(
    "/feeds/kev",
    status_code=201,
    response_model=mirror(EditionTaken),
    summary="载入 KEV 目录 · Load a KEV catalogue",
    openapi_extra=described(BINARY),
)
def load_kev(
    content: Binary,
    writer: Writing,
    since: Annotated[
        date | None, Query(description="首次载入时自该日起通知 · at the first load, tell of entries added since")
    ] = None,
) -> EditionTaken:
    """Every entry that no edition before had finds the policies that it touches, and each is told once."""
    edition = writer.house.readers.read_kev(content, "kev.json")
    if isinstance(edition, Refusal):
        raise Refused(edition)
    at = writer.instant(None)
    stated = {"sha256": hashlib.sha256(content).hexdigest(), "since": since.isoformat() if since else None}
    return writer.write(
        "load_feeds", dict(stated), EditionTaken, lambda office: take_edition(office, edition, at=at, since=since)
    )


@router.get("/feeds", response_model=mirror(EditionList), summary="已载入的情报 · Feeds taken")
def feeds(caller: Asking) -> EditionList:
    """Which edition of each feed was taken, and the date of everything in it."""
    return caller.ask(lambda office: EditionList(tuple(Edition(*each) for each in office.editions.newest())))
