"""One request, one transaction, acting for one organisation: the setting that row-level security reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

Pool = ConnectionPool[Connection[DictRow]]


def open_pool(app_url: str, *, most: int = 8) -> Pool:
    """Connections as the app's role, which is neither owner nor superuser, so that no wall is bypassed in silence."""
    return ConnectionPool(
        app_url,
        min_size=1,
        max_size=most,
        kwargs={"row_factory": dict_row, "autocommit": False},
        connection_class=Connection[DictRow],
        open=True,
    )


@contextmanager
def acting_for(pool: Pool, organisation: UUID) -> Iterator[Connection[DictRow]]:
    """A transaction that sees and writes what the organisation may; it commits at the end or leaves nothing."""
    with pool.connection() as connection, connection.transaction():
        connection.execute("select set_config('ringwall.organisation', %s, true)", (str(organisation),))
        yield connection
