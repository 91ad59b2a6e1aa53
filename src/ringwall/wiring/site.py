"""The site: the API under /api, and the portal everywhere else."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import FastAPI

from ringwall.desk.life.case import Case
from ringwall.shell.api import make_api
from ringwall.shell.web.portal import make_portal
from ringwall.shell.web.site import Installation, ListedPerson
from ringwall.wiring.house import House
from ringwall.wiring.people import password_file


def make_app(house: House, case: Case) -> FastAPI:
    """One application over one open house."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/api", make_api(house.front, house.gate, now))
    app.mount("/", make_portal(house.front, house.gate, _installation(house, case)))
    return app


def now() -> datetime:
    """The clock of this installation."""
    return datetime.now(UTC)


def _installation(house: House, case: Case) -> Installation:
    """The people of the case are listed on the sign-in page while their password stands in this folder."""
    names = {party.code: party.name for party in case.parties}
    people = tuple(ListedPerson(each.sign_in_name, names[each.organisation], each.name) for each in case.people)
    return Installation(now=now, people=people, password_file=str(password_file(house.home)))
