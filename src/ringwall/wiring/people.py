"""The parties and people of the main job's case, enrolled once, for trying out, with one password in a file."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from ringwall.basics import OrganisationId
from ringwall.catalogue import read_folder
from ringwall.desk.doors import Member, Speaker
from ringwall.desk.life.case import Case, read_case
from ringwall.shell.store.people import NewPerson, enrol, organisation_of, speaker_named
from ringwall.wiring.house import House

ACTORS = {
    "insured": "jiangkou",
    "underwriter": "shouan",
    "claims": "shouan.claims",
    "provider": "fengtai",
    "first_follower": "zhongliu",
    "second_follower": "yuanqiao",
}
"""Who in the case acts for whom in the story's steps."""


CASE = ("scenarios", "jiangkou")


def shipped_case() -> Case:
    """The case that stands in the catalogue."""
    case = read_case(read_folder(*CASE), "/".join(CASE))
    assert isinstance(case, Case), "the shipped case can be read"
    return case


def password_file(home: Path) -> Path:
    return home / "keys" / "people-password"


def try_out_password(home: Path) -> str:
    """Made at the first start, readable by this machine's user alone."""
    path = password_file(home)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def enrol_everybody(house: House, case: Case) -> Mapping[str, Speaker]:
    """Put the parties and people on the platform, where they are not yet, and give the story's actors."""
    password = try_out_password(house.home)
    for party in case.parties:
        people = [
            NewPerson(person.sign_in_name, person.name.zh, person.role, password)
            for person in case.people
            if person.organisation == party.code
        ]
        known = organisation_of(house.pool, people[0].sign_in_name)
        member = Member(known or OrganisationId(uuid4()), party.code, party.kind, party.name)
        if known is None:
            enrol(house.pool, member, people, listed=party.kind != "insured")
    return {actor: speaker_named(house.pool, name) for actor, name in ACTORS.items()}
