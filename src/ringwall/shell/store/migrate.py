"""Brings a database to the newest schema: migrations expand, fill and contract, one SQL file each."""

from __future__ import annotations

from pathlib import Path

from yoyo import get_backend, read_migrations

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(owner_url: str) -> int:
    """Apply what is missing, as the schema's owner, one starter at a time; gives the number of migrations applied."""
    backend = get_backend(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with backend.lock():
        missing = backend.to_apply(read_migrations(str(MIGRATIONS)))
        backend.apply_migrations(missing)
        return len(missing)
