"""The walls of the database: every table, walked as every kind of other organisation."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors, sql
from tests.shell.store.conftest import Town, enrolled

from ringwall.shell.store.connection import Pool, acting_for
from ringwall.shell.store.people import ObjectRows

SHAPE = "noun_shape"
FILLED_BY_THE_TOWN = {"organisation", "object", "object_grant"}


def tables(pool: Pool) -> list[str]:
    with pool.connection() as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'ringwall' order by tablename")
        return [row["tablename"] for row in rows]


def noun_tables(pool: Pool) -> list[str]:
    with pool.connection() as connection:
        rows = connection.execute(
            "select table_name from information_schema.columns where table_schema = 'ringwall' "
            "and column_name = 'body' and table_name in (select table_name from information_schema.columns "
            "where table_schema = 'ringwall' and column_name = 'effective_at') order by table_name"
        )
        return [row["table_name"] for row in rows if row["table_name"] != SHAPE]


def put_one_row(town: Town, table: str, owner: str) -> None:
    owner_id = getattr(town, owner)
    with acting_for(town.pool, owner_id) as connection:
        connection.execute(
            sql.SQL(
                "insert into ringwall.{} (owner_id, object_id, number, effective_at, known_at, body) "
                "values (%s, %s, %s, now(), now(), '{{}}')"
            ).format(sql.Identifier(table)),
            (owner_id, town.object_id, f"{table}-1"),
        )


def count(pool: Pool, organisation: object, table: str) -> int:
    with acting_for(pool, organisation) as connection:  # type: ignore[arg-type]
        query = sql.SQL("select count(*) as n from ringwall.{}").format(sql.Identifier(table))
        row = connection.execute(query).fetchone()
        assert row is not None
        return int(row["n"])


def test_every_table_has_forced_row_level_security_and_a_policy(town: Town) -> None:
    with town.pool.connection() as connection:
        rows = connection.execute(
            "select c.relname as name, c.relrowsecurity as on_, c.relforcerowsecurity as forced, "
            "(select count(*) from pg_policy p where p.polrelid = c.oid) as policies from pg_class c "
            "join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'ringwall' and c.relkind in ('r', 'p')"
        ).fetchall()
    assert len(rows) > 25
    assert [row["name"] for row in rows if not (row["on_"] and row["forced"])] == []
    assert [row["name"] for row in rows if row["policies"] == 0] == [SHAPE]


def test_the_apps_role_is_neither_owner_nor_superuser_and_bypasses_nothing(town: Town) -> None:
    with town.pool.connection() as connection:
        role = connection.execute("select * from pg_roles where rolname = current_user").fetchone()
        owned = connection.execute("select count(*) as n from pg_tables where tableowner = current_user").fetchone()
    assert role is not None
    assert owned is not None
    assert (role["rolname"], role["rolsuper"], role["rolbypassrls"]) == ("ringwall_app", False, False)
    assert owned["n"] == 0


def test_without_an_organisation_every_table_raises(town: Town) -> None:
    for table in tables(town.pool):
        if table in (SHAPE,):
            continue
        with pytest.raises(psycopg.Error), town.pool.connection() as connection:
            connection.execute(sql.SQL("select * from ringwall.{} limit 1").format(sql.Identifier(table)))
            raise AssertionError(f"{table} can be read without an organisation")


def test_no_stranger_of_any_kind_sees_a_row_of_any_noun(town: Town) -> None:
    for table in noun_tables(town.pool):
        put_one_row(town, table, "insured")
        assert count(town.pool, town.insured, table) == 1
        for kind, stranger in town.strangers.items():
            assert count(town.pool, stranger, table) == 0, f"a stranger ({kind}) sees {table}"


def test_no_stranger_writes_to_the_object_of_another_or_in_the_name_of_another(town: Town) -> None:
    for table in noun_tables(town.pool):
        for owner in ("insured", None):
            for kind, stranger in town.strangers.items():
                with pytest.raises(errors.InsufficientPrivilege), acting_for(town.pool, stranger) as connection:
                    connection.execute(
                        sql.SQL(
                            "insert into ringwall.{} (owner_id, object_id, number, effective_at, known_at, body) "
                            "values (%s, %s, 'X-1', now(), now(), '{{}}')"
                        ).format(sql.Identifier(table)),
                        (getattr(town, owner) if owner else stranger, town.object_id),
                    )
                    raise AssertionError(f"a stranger ({kind}) wrote to {table}")


def test_nothing_on_a_shelf_is_changed_or_taken_away(town: Town) -> None:
    for table in noun_tables(town.pool):
        put_one_row(town, table, "insured")
        for verb in ("delete from ringwall.{}", "update ringwall.{} set state = 'x'"):
            with pytest.raises(errors.InsufficientPrivilege), acting_for(town.pool, town.insured) as connection:
                connection.execute(sql.SQL(verb).format(sql.Identifier(table)))


def test_a_grant_opens_what_its_role_may_read_and_ending_it_closes_the_door(town: Town) -> None:
    put_one_row(town, "submission", "insured")
    assert count(town.pool, town.lead, "submission") == 1
    assert count(town.pool, town.follower, "submission") == 0, "a follower does not read the application"
    with acting_for(town.pool, town.insured) as connection:
        ended = "update ringwall.object_grant set valid_until = now() where organisation_id = %s"
        connection.execute(ended, (town.lead,))
    assert count(town.pool, town.lead, "submission") == 0


def test_only_the_owner_or_the_lead_shares_an_object(town: Town) -> None:
    for stranger in (*town.strangers.values(), town.follower):
        with pytest.raises(errors.InsufficientPrivilege), acting_for(town.pool, stranger) as connection:
            ObjectRows(connection, stranger).share(town.object_id, stranger, "follower")
    with pytest.raises(errors.InsufficientPrivilege), acting_for(town.pool, town.lead) as connection:
        ObjectRows(connection, town.lead).share(town.object_id, town.follower, "lead")


def test_the_tables_that_are_no_nouns_show_a_stranger_only_what_is_public(town: Town) -> None:
    nouns = {*noun_tables(town.pool), SHAPE}
    for table in tables(town.pool):
        if table in nouns:
            continue
        for stranger in town.strangers.values():
            with acting_for(town.pool, stranger) as connection:
                rows = connection.execute(sql.SQL("select * from ringwall.{}").format(sql.Identifier(table))).fetchall()
            for row in rows:
                mine = {row.get("owner_id"), row.get("id"), row.get("organisation_id"), row.get("granted_by")}
                assert stranger in mine or row.get("listed"), f"{table} shows a stranger {row}"


def test_an_unlisted_insured_is_unknown_to_those_with_whom_it_shared_nothing(town: Town) -> None:
    other = enrolled(town.pool, "another", "insurer", listed=True)
    assert count(town.pool, other, "organisation") == 3, "itself and the two listed insurers"
    assert count(town.pool, town.lead, "organisation") == 4, "itself, the other listed one and the insured, and another"


def test_the_queue_cannot_be_entered_by_the_app(town: Town) -> None:
    with pytest.raises(errors.InsufficientPrivilege), town.pool.connection() as connection:
        connection.execute("create table jobs.mine (n int)")
