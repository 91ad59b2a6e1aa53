"""Every route, walked as every role of every kind of other organisation; a new route that stands nowhere fails here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute
from psycopg import sql
from tests.conftest import FreshDatabase
from tests.shell.api.conftest import Told, inside
from tests.shell.api.story import Desk
from tests.shell.api.walk import OF_OTHERS, OF_THE_SESSION, OWN_READS, OWN_WRITES, SIGNED, Ask, Route, send

from ringwall.basics import OrganisationId, Words
from ringwall.desk.doors import Member, OrganisationKind
from ringwall.desk.permissions import PERSON_ROLES
from ringwall.shell.store.people import enrol

KINDS: tuple[OrganisationKind, ...] = ("insured", "insurer", "broker", "provider", "regulator")
REFUSED = {401, 403, 404}


def routes_of(desk: Desk) -> set[Route]:
    found = [route for route in flat(desk.api.routes) if route.include_in_schema]
    return {(method, route.path) for route in found for method in route.methods or ()}


def flat(routes: Iterable[Any]) -> Iterator[APIRoute]:
    """The routes of an application and of every router that it includes."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        inner = getattr(route, "original_router", route)
        yield from flat(getattr(inner, "routes", ()))


@pytest.fixture
def strangers(desk: Desk, database_of: FreshDatabase) -> dict[str, str]:
    """A session of every role in an organisation of every kind, none of which has anything to do with the case."""
    tokens = {}
    with inside(database_of) as connection:
        for kind in KINDS:
            organisation = OrganisationId(uuid4())
            enrol(desk.house.pool, Member(organisation, f"other-{kind}", kind, Words("外", "other")), listed=True)
            for role in PERSON_ROLES:
                who = tokens[f"{kind}.{role}"] = f"token of {kind}.{role}"
                connection.execute(
                    "with stranger as (insert into ringwall.person (owner_id, sign_in_name, display_name, role, "
                    "password_hash) values (%(of)s, %(token)s, %(role)s, %(role)s, '') returning id) "
                    "insert into ringwall.session (token_sha256, owner_id, person_id, expires_at) "
                    "select sha256(convert_to(%(token)s, 'UTF8')), %(of)s, id, now() + '1 hour' from stranger",
                    {"of": organisation, "token": who, "role": role},
                )
    return tokens


def rows_of_the_case(database: FreshDatabase) -> dict[str, str]:
    """A digest of every table's rows but those that belong to a stranger."""
    of_strangers = "(select id from ringwall.organisation where code like 'other-%%')"
    with inside(database) as connection:
        tables = connection.execute(
            "select c.table_name, min(c.column_name) from information_schema.columns c join pg_tables t "
            "on t.tablename = c.table_name and t.schemaname = 'ringwall' where c.table_schema = 'ringwall' "
            "and c.column_name in ('owner_id', 'granted_by') group by c.table_name"
        ).fetchall()
        return {
            table: str(
                connection.execute(
                    sql.SQL(
                        "select count(*)::text || md5(coalesce(string_agg(r::text, '' order by r::text), '')) "
                        "from ringwall.{} r where r.{} not in " + of_strangers.replace("%%", "%")
                    ).format(sql.Identifier(table), sql.Identifier(column))
                ).fetchone()
            )
            for table, column in tables
        }


def test_every_route_is_walked(seen: Desk) -> None:
    described = {(verb.upper(), path) for path, item in seen.api.openapi()["paths"].items() for verb in item}
    assert routes_of(seen) == described == set(SIGNED) | OF_THE_SESSION


def test_no_role_of_another_organisation_gets_through_any_route(
    told: Told, desk: Desk, database_of: FreshDatabase, strangers: dict[str, str]
) -> None:
    before = rows_of_the_case(database_of)
    assert len(before) > 25
    through = []
    for who, token in strangers.items():
        for (method, path), make in OF_OTHERS.items():
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{who}-{method}-{path}"}
            answer = send(desk, method, make(told), headers)
            if answer.status_code not in REFUSED or mentions_the_case(told, answer):
                through.append(f"{who}: {method} {path} → {answer.status_code} {answer.text[:200]}")
    assert not through, "\n".join(through)
    assert rows_of_the_case(database_of) == before


def test_a_strangers_own_lists_and_writes_show_and_touch_nothing_of_the_case(
    told: Told, desk: Desk, database_of: FreshDatabase, strangers: dict[str, str]
) -> None:
    before, seen = rows_of_the_case(database_of), []
    for who, token in strangers.items():
        for (method, path), make in {**OWN_READS, **OWN_WRITES}.items():
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{who}-{method}-{path}"}
            answer = send(desk, method, renamed(make(told), who), headers)
            if answer.status_code >= 500 or mentions_the_case(told, answer):
                seen.append(f"{who}: {method} {path} → {answer.status_code} {answer.text[:300]}")
    assert not seen, "\n".join(seen)
    assert rows_of_the_case(database_of) == before


def renamed(ask: Ask, who: str) -> Ask:
    """Three rows of the opening book under the importer's own policy numbers."""
    rows = (ask.content or b"").splitlines(keepends=True)[:4]
    if ask.media != "text/csv":
        return ask
    return replace(ask, content=b"".join(rows).replace(b"SYN-", f"{who}-".encode())) if rows else ask


def test_two_insurers_may_each_hold_an_imported_policy_of_the_same_number(
    told: Told, desk: Desk, strangers: dict[str, str]
) -> None:
    headers = {"Authorization": f"Bearer {strangers['insurer.underwriter']}", "Idempotency-Key": "same-numbers"}
    ask = OWN_WRITES["POST", "/book/imports"](told)
    assert send(desk, "POST", ask, headers).status_code == 200


def mentions_the_case(told: Told, answer: httpx.Response) -> bool:
    """Whether an answer that is no refusal shows a number under which something of the case stands."""
    if answer.status_code >= 400:
        return False
    return any(f'"{number}"' in answer.text for number in numbers_of(told))


def numbers_of(told: Told) -> Iterator[str]:
    numbers = told.numbers
    yield from (numbers.submission, numbers.quote, numbers.policy, numbers.incident, numbers.order, numbers.claim)
    yield from (numbers.run, numbers.publication, numbers.refit, numbers.notice, numbers.receipt)


def test_without_a_session_every_route_is_closed(told: Told, seen: Desk) -> None:
    for token in ("", "Bearer ", "Bearer nonsense", "Basic abc"):
        for (method, path), make in SIGNED.items():
            headers = {"Idempotency-Key": "x", **({"Authorization": token} if token else {})}
            answer = send(seen, method, make(told), headers)
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code} {answer.text}"
            assert answer.json()["code"] == "not_signed_in"
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_write_is_done_by_those_whose_task_it_is_and_by_nobody_else_on_the_case(told: Told, seen: Desk) -> None:
    people = [person.sign_in_name for person in told.case.people]
    through = []
    for (method, path), make in {**OF_OTHERS, **OWN_WRITES}.items():
        ask = make(told)
        for person in people if ask.whose else ():
            if person in ask.whose or person in ALSO_IN_ITS_OWN_NAME.get((method, path), ()):
                continue
            answer = send(seen, method, ask, seen.headers(person, seen.fresh_key()))
            if answer.status_code not in (403, 404):
                through.append(f"{person}: {method} {path} → {answer.status_code} {answer.text[:200]}")
    assert not through, "\n".join(through)


FOLLOWERS = ("zhongliu", "yuanqiao")
ALSO_IN_ITS_OWN_NAME: dict[Route, tuple[str, ...]] = {
    ("POST", "/feeds/kev"): FOLLOWERS,
    ("POST", "/providers/{code}/suspensions"): FOLLOWERS,
    ("POST", "/book/imports"): FOLLOWERS,
    ("POST", "/book/runs"): FOLLOWERS,
    ("POST", "/model/refits"): FOLLOWERS,
    ("POST", "/market/statistics"): FOLLOWERS,
}
"""A follower keeps a book and a model, and publishes figures, of its own."""


def test_a_signed_out_token_opens_nothing(desk: Desk) -> None:
    answer: Any = desk.client.post("/sessions", json={"name": "shouan", "password": desk.password})
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert desk.client.get("/policies", headers=headers).status_code == 200
    assert desk.client.delete("/sessions", headers=headers).status_code == 204
    assert desk.client.get("/policies", headers=headers).status_code == 401
