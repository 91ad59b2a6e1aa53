"""The embedded PostgreSQL server: `start` holds it, and it ends with its last holder."""

from ringwall.shell.store.embedded.place import DatabaseNotStarted, Place, ServerUser
from ringwall.shell.store.embedded.server import (
    APP,
    DATABASE,
    OWNER,
    SETTINGS,
    SUPERUSER,
    Database,
    EmbeddedServer,
    ExternalDatabase,
    database_from_environment,
    start,
)

__all__ = [
    "APP",
    "DATABASE",
    "OWNER",
    "SETTINGS",
    "SUPERUSER",
    "Database",
    "DatabaseNotStarted",
    "EmbeddedServer",
    "ExternalDatabase",
    "Place",
    "ServerUser",
    "database_from_environment",
    "start",
]
