"""The site: the API under /api, and the portal everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from secrets import token_hex
from uuid import UUID

from fastapi import FastAPI

from ringwall.basics import Refusal
from ringwall.desk.doors import Speaker
from ringwall.desk.exposure.prove_control import ControlCheck
from ringwall.desk.life.case import Case
from ringwall.desk.permissions import UNDERWRITER
from ringwall.desk.views.policy import Verified, verify_schedule
from ringwall.exposure import Challenge, Consent, ControlProof
from ringwall.shell.api import Readers, make_api
from ringwall.shell.feeds import read_kev
from ringwall.shell.probes import check_control, machine_resolver
from ringwall.shell.probes.uploads import read_upload
from ringwall.shell.store.people import insurers
from ringwall.shell.web.portal import make_portal
from ringwall.shell.web.site import Installation, ListedPerson
from ringwall.wiring.house import House
from ringwall.wiring.people import password_file

READERS = Readers(read_upload, read_kev)
"""By which shells files of others are read."""
NOBODY = UUID(int=0)
"""No person: a public question is asked in nobody's name, and reads only."""


def make_app(house: House, case: Case, *, https: bool = False) -> FastAPI:
    """One application over one open house."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/api", make_api(house.front, house.gate, now, READERS, control_of(house)))
    app.mount("/", make_portal(house.front, house.gate, _installation(house, case, https=https)))
    return app


def verifier(house: House) -> Callable[[str], Verified | None]:
    """Answers anybody who holds a schedule's code with number and period, by asking each insurer's own policies."""

    def verify(code: str) -> Verified | None:
        for insurer in insurers(house.pool):
            reader = Speaker(NOBODY, insurer, "insurer", UNDERWRITER, "zh", "verification")
            found = house.front.ask(reader, lambda office: verify_schedule(office, code, now()))
            if found is not None:
                return found
        return None

    return verify


def now() -> datetime:
    """The clock of this installation."""
    return datetime.now(UTC)


def _installation(house: House, case: Case, *, https: bool) -> Installation:
    """The people of the case are listed on the sign-in page while their password stands in this folder."""
    names = {party.code: party.name for party in case.parties}
    people = tuple(ListedPerson(each.sign_in_name, names[each.organisation], each.name) for each in case.people)
    password = str(password_file(house.home))
    return Installation(
        now=now,
        secure=https,
        people=people,
        password_file=password,
        control=control_of(house),
        read_report=read_upload,
        verify=verifier(house),
    )


def control_of(house: House) -> ControlCheck:
    """Tokens under the key of this installation, looked for by itself."""
    return ControlCheck(house.server_key, partial(token_hex, 16), look_for_token)


def look_for_token(challenge: Challenge, consent: Consent | None, at: datetime) -> ControlProof | Refusal:
    """One look by the name servers of this machine; a website is asked for its token within the consent only."""
    return check_control((challenge,), consent, machine_resolver(), at)[0]
