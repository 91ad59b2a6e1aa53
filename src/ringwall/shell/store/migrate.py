"""Brings a database to the newest schema: migrations expand, fill and contract, one SQL file each."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psycopg
from yoyo import get_backend, read_migrations

MIGRATIONS = Path(__file__).with_name("migrations")
ONE_STARTER = 7_205_759_403
"""The key of the advisory lock under which a schema is brought up to date; any number that nobody else uses."""


def migrate(owner_url: str) -> int:
    """Apply what is missing, as the schema's owner, one starter at a time; gives the number of migrations applied.

    The lock is the session's, not a row: a starter that was killed takes it along.
    """
    with psycopg.connect(owner_url, autocommit=True) as alone:
        alone.execute("select pg_advisory_lock(%s)", (ONE_STARTER,))
        backend = get_backend(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
        with closing(backend.connection):  # the library leaves it to the garbage collector
            missing = backend.to_apply(read_migrations(str(MIGRATIONS)))
            backend.apply_migrations(missing)
            return len(missing)
