"""Three organisations that know nothing of each other, on a fresh database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from ringwall.basics import OrganisationId, Words
from ringwall.desk.doors import Member, OrganisationKind
from ringwall.shell.store.connection import Pool, acting_for, open_pool
from ringwall.shell.store.people import ObjectRows, enrol


@dataclass(frozen=True, slots=True)
class Town:
    """An insured with one object, its lead and a follower by grant, and a stranger of every kind."""

    pool: Pool
    owner_url: str
    insured: UUID
    lead: UUID
    follower: UUID
    strangers: dict[str, UUID]
    object_id: UUID


def enrolled(pool: Pool, code: str, kind: OrganisationKind, *, listed: bool = False) -> UUID:
    member = Member(OrganisationId(uuid4()), code, kind, Words(f"机构{code}", f"Organisation {code}"))
    enrol(pool, member, listed=listed)
    return member.id


@pytest.fixture
def pool(database) -> Iterator[Pool]:  # type: ignore[no-untyped-def]
    with open_pool(database.url_for("ringwall_app"), most=4) as opened:
        yield opened


@pytest.fixture
def town(pool: Pool, database) -> Town:  # type: ignore[no-untyped-def]
    insured = enrolled(pool, "factory", "insured")
    lead = enrolled(pool, "lead", "insurer", listed=True)
    follower = enrolled(pool, "follower", "insurer", listed=True)
    kinds: tuple[OrganisationKind, ...] = ("insured", "insurer", "broker", "provider", "regulator")
    strangers = {kind: enrolled(pool, f"other-{kind}", kind) for kind in kinds}
    with acting_for(pool, insured) as connection:
        objects = ObjectRows(connection, insured)
        object_id = objects.open("FACTORY-SUB-000001")
        objects.share(object_id, lead, "lead")
    with acting_for(pool, lead) as connection:
        ObjectRows(connection, lead).share(object_id, follower, "follower")
    return Town(pool, database.url_for("ringwall_owner"), insured, lead, follower, strangers, object_id)
