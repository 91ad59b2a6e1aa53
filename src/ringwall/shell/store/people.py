"""Organisations, people and sessions: who is on the platform, and who is speaking."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.basics import OrganisationId, Refusal, Words, refuse
from ringwall.desk.doors import GrantRole, Member, Speaker
from ringwall.shell.store.connection import Pool, acting_for

SESSION_LASTS = timedelta(hours=12)
HASHER = PasswordHasher()


class DirectoryRows:
    """The organisations that the acting one may know: listed ones, itself, and whoever shared an object with it."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def by_code(self, code: str) -> Member | None:
        return self._one("code = %s", code)

    def by_id(self, organisation: UUID) -> Member | None:
        return self._one("id = %s", organisation)

    def all(self) -> tuple[Member, ...]:
        rows = self._connection.execute("select * from ringwall.organisation order by code")
        return tuple(_member(row) for row in rows)

    def _one(self, condition: str, value: object) -> Member | None:
        row = self._connection.execute(
            f"select * from ringwall.organisation where {condition}",
            (value,),
        ).fetchone()
        return _member(row) if row else None


def _member(row: DictRow) -> Member:
    return Member(OrganisationId(row["id"]), row["code"], row["kind"], Words(row["name_zh"], row["name_en"]))


class ObjectRows:
    """The things that are shared as a whole, and the dated grants on them."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def open(self, number: str) -> UUID:
        row = self._connection.execute(
            "insert into ringwall.object (id, owner_id, number) values (uuidv7(), %s, %s) returning id",
            (self._me, number),
        ).fetchone()
        assert row is not None, "an insert gives back its row"
        object_id: UUID = row["id"]
        return object_id

    def hold(self, object_id: UUID) -> None:
        self._connection.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"ringwall.object:{object_id}",)
        )

    def by_number(self, number: str) -> UUID | None:
        row = self._connection.execute("select id from ringwall.object where number = %s", (number,)).fetchone()
        return row["id"] if row else None

    def number_of(self, object_id: UUID) -> str:
        row = self._connection.execute("select number from ringwall.object where id = %s", (object_id,)).fetchone()
        return row["number"] if row else ""

    def share(self, object_id: UUID, organisation: UUID, role: GrantRole) -> None:
        if self._connection.execute(
            "select from ringwall.object_grant where object_id = %s and organisation_id = %s and role = %s "
            "and now() < valid_until",
            (object_id, organisation, role),
        ).fetchone():
            return
        self._connection.execute(
            "insert into ringwall.object_grant (object_id, organisation_id, role, granted_by) values (%s, %s, %s, %s)",
            (object_id, organisation, role, self._me),
        )

    def roles(self, object_id: UUID) -> frozenset[str]:
        rows = self._connection.execute(
            "select role from ringwall.object_grant where object_id = %s and organisation_id = %s "
            "and now() >= valid_from and now() < valid_until "
            "union select 'insured' from ringwall.object where id = %s and owner_id = %s",
            (object_id, self._me, object_id, self._me),
        )
        return frozenset(row["role"] for row in rows)

    def holders(self, object_id: UUID, role: GrantRole) -> tuple[UUID, ...]:
        """Organisations to whom the acting one gave a role, or the acting one itself."""
        rows = self._connection.execute(
            "select organisation_id from ringwall.object_grant where object_id = %s and role = %s "
            "and now() >= valid_from and now() < valid_until order by valid_from, organisation_id",
            (object_id, role),
        )
        return tuple(row["organisation_id"] for row in rows)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be enrolled for an organisation."""

    sign_in_name: str
    display_name: str
    role: str
    password: str


def enrol(pool: Pool, organisation: Member, people: Iterable[NewPerson] = (), *, listed: bool) -> None:
    """Put an organisation and its people on the platform, all or nothing; whoever is enrolled keeps what they have."""
    with acting_for(pool, organisation.id) as connection:
        connection.execute(
            "insert into ringwall.organisation (id, code, kind, name_zh, name_en, listed) "
            "values (%s, %s, %s, %s, %s, %s) on conflict (id) do nothing",
            (organisation.id, organisation.code, organisation.kind, organisation.name.zh, organisation.name.en, listed),
        )
        for person in people:
            connection.execute(
                "insert into ringwall.person (owner_id, sign_in_name, display_name, role, password_hash) "
                "values (%s, %s, %s, %s, %s) on conflict (sign_in_name) do nothing",
                (organisation.id, person.sign_in_name, person.display_name, person.role, HASHER.hash(person.password)),
            )


def reach(pool: Pool, sign_in_name: str, *, email: str | None = None, phone: str | None = None) -> bool:
    """Where messages reach a person besides the inbox; None leaves an address as it is. False: nobody of that name."""
    organisation = organisation_of(pool, sign_in_name)
    if organisation is None:
        return False
    with acting_for(pool, organisation) as connection:
        connection.execute(
            "update ringwall.person set email = coalesce(%s, email), phone = coalesce(%s, phone) "
            "where sign_in_name = %s",
            (email, phone, sign_in_name),
        )
    return True


def organisation_of(pool: Pool, sign_in_name: str) -> OrganisationId | None:
    """The organisation of a person who is enrolled, or nothing."""
    with pool.connection() as connection:
        found = connection.execute("select * from ringwall.person_by_name(%s)", (sign_in_name,)).fetchone()
    return OrganisationId(found["organisation_id"]) if found else None


def speaker_named(pool: Pool, sign_in_name: str) -> Speaker:
    """The person in whose name the installation itself acts, as the main job does; it needs no session."""
    found = person_here(pool, sign_in_name)
    assert found is not None, f"{sign_in_name} has been enrolled"
    return found


def person_here(pool: Pool, sign_in_name: str) -> Speaker | None:
    """Somebody by the name of signing in, for whoever holds the keys of this installation; None where there is none."""
    organisation = organisation_of(pool, sign_in_name)
    if organisation is None:
        return None
    with acting_for(pool, organisation) as connection:
        row = connection.execute(
            "select p.id as person_id, p.owner_id as organisation_id, o.kind as organisation_kind, p.role, p.language, "
            "p.display_name from ringwall.person p join ringwall.organisation o on o.id = p.owner_id "
            "where p.sign_in_name = %s",
            (sign_in_name,),
        ).fetchone()
    assert row is not None, "a person is visible to its own organisation"
    return Speaker(**row)


def insurers(pool: Pool) -> tuple[OrganisationId, ...]:
    """The insurers that are listed on the platform, for whoever asks."""
    with acting_for(pool, UUID(int=0)) as connection:
        rows = connection.execute(
            "select id from ringwall.organisation where listed and kind = 'insurer' order by code"
        )
        return tuple(OrganisationId(row["id"]) for row in rows)


def sign_in(pool: Pool, sign_in_name: str, password: str) -> str | Refusal:
    """A new session's token, of which only the hash is kept."""
    nobody = _nobody()
    with pool.connection() as connection:
        found = connection.execute("select * from ringwall.person_by_name(%s)", (sign_in_name,)).fetchone()
    if not _matches(found["password_hash"] if found else nobody, password) or found is None:
        return refuse(
            "sign_in_refused",
            sign_in_name,
            zh="用户名与密码不符；请检查后重试，或请本机构管理员重设密码。",
            en="Name and password do not match; check both, or ask your administrator for a new password.",
        )
    token = secrets.token_urlsafe(32)
    with acting_for(pool, found["organisation_id"]) as connection:
        connection.execute(
            "insert into ringwall.session (token_sha256, owner_id, person_id, expires_at) "
            "values (%s, %s, %s, now() + %s)",
            (_token_hash(token), found["organisation_id"], found["person_id"], SESSION_LASTS),
        )
    return token


def speaker(pool: Pool, token: str) -> Speaker | None:
    with pool.connection() as connection:
        row = connection.execute("select * from ringwall.session_by_token(%s)", (_token_hash(token),)).fetchone()
    return Speaker(**row) if row else None


def sign_out(pool: Pool, organisation: UUID, token: str) -> None:
    with acting_for(pool, organisation) as connection:
        connection.execute("delete from ringwall.session where token_sha256 = %s", (_token_hash(token),))


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@cache
def _nobody() -> str:
    """Checked when the name is unknown, so that the answer takes as long as for a wrong password.

    Hashing is dear by design: it is done at the first sign-in, whoever it is, and not by every command.
    """
    return HASHER.hash(secrets.token_urlsafe())


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


class GateRows:
    """The gate of the portal and the API, on the store's people and sessions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def sign_in(self, name: str, password: str) -> str | Refusal:
        return sign_in(self._pool, name, password)

    def speaker(self, token: str) -> Speaker | None:
        return speaker(self._pool, token)

    def sign_out(self, speaker: Speaker, token: str) -> None:
        sign_out(self._pool, speaker.organisation_id, token)
