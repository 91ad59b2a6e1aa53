"""The embedded PostgreSQL server: no set-up by a person, no network port, and nothing acknowledged is lost.

The rule of sharing: every process that called `start` for a folder holds the server, whoever came first. A later one
attaches to the running server; the server stops when the last holder has stopped or died, also by kill -9. Holds are
kernel file locks, so none can be forgotten: `start.lock` (one starter at a time), `users.lock` (shared by the holders,
awaited by the keeper) and `server.lock` (held by the keeper and every process of the server: when it is free, no server
runs and a left-over postmaster.pid is stale).

PostgreSQL refuses to run as root. Then the server lives in a user namespace, or as `nobody` where that is refused.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from ringwall.basics import Refusal, refuse
from ringwall.shell.store.embedded.place import (
    DatabaseNotStarted,
    Place,
    ServerUser,
    choose_place,
    keeper_command,
    own,
    remember,
    remembered,
)

APP = "ringwall_app"
OWNER = "ringwall_owner"
SUPERUSER = "postgres"
DATABASE = "ringwall"
CREATE_DATABASE = sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))

PATIENCE_SECONDS = 120.0
LARGEST_LOG_BYTES = 5_000_000

# Sized for two cores and a few hundred MB; whatever makes a commit durable keeps PostgreSQL's safe default.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_parallel_workers_per_gather": "0",
    "max_worker_processes": "2",
    "autovacuum_max_workers": "1",
    "io_method": "sync",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


class Database(Protocol):
    """Where the store finds its database."""

    def url_for(self, role: str, database: str = DATABASE) -> str:
        """The address under which the role may connect."""
        ...

    def stop(self) -> None:
        """Let go of it; an embedded server ends with its last user."""
        ...


@dataclass(frozen=True, slots=True)
class ExternalDatabase:
    """A database that other people run: one address for the app, one for migrations, neither a superuser's."""

    app_url: str
    owner_url: str | None

    def url_for(self, role: str, database: str = DATABASE) -> str:
        """The address from the environment; the name of the database is part of that address."""
        del database
        if role == APP:
            return self.app_url
        if role == OWNER and self.owner_url:
            return self.owner_url
        raise DatabaseNotStarted(
            refuse(
                "database_owner_unknown",
                "DATABASE_OWNER_URL",
                zh=f"已设置 DATABASE_URL（应用角色），但角色 {role} 没有地址。"
                "请把数据表所有者的地址设为 DATABASE_OWNER_URL。",
                en=f"DATABASE_URL (the app's role) is set, but the role {role} has no address. "
                "Set DATABASE_OWNER_URL to the address of the role that owns the tables.",
            )
        )

    def stop(self) -> None:
        """Other people stop it."""


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A held server; the hold ends with `stop` or with this process."""

    place: Place
    folder: Path
    attached: bool
    _hold: BinaryIO = field(repr=False)
    _keeper: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url_for(self, role: str, database: str = DATABASE) -> str:
        """The address for a role, over the Unix socket."""
        return f"postgresql:///{quote(database)}?host={quote(str(self.place.socket), safe='')}&user={quote(role)}"

    def empty(self) -> None:
        """Start anew: throw the database away with all that is in it and make it again, without a table."""
        with _as_superuser(self.place) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(DATABASE)))
            connection.execute(CREATE_DATABASE)

    def stop(self) -> None:
        """Let go; when nobody else holds the server, wait until it has written everything and ended."""
        self._hold.close()
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not _is_free(self.folder / "server.lock") and time.monotonic() < give_up:
            if not _is_free(self.folder / "users.lock") and _is_free(self.folder / "users.lock", fcntl.LOCK_SH):
                return
            time.sleep(0.01)
        if self._keeper is not None:
            self._keeper.wait()


def database_from_environment(environment: Mapping[str, str], folder: Path) -> Database:
    """The database named by DATABASE_URL, else the embedded one under the folder."""
    app_url = environment.get("DATABASE_URL")
    if app_url:
        return ExternalDatabase(app_url, environment.get("DATABASE_OWNER_URL") or None)
    return start(folder)


def start(folder: Path, *, user: ServerUser | None = None, settings: Mapping[str, str] | None = None) -> EmbeddedServer:
    """Hold the server of this folder: attach to the running one, or start it (and make it on the first start).

    `user` fixes as whom the server runs (default: the best way the machine permits); `settings` override SETTINGS.
    """
    folder = folder.absolute()
    give_up = time.monotonic() + PATIENCE_SECONDS
    with _translated(folder):
        _prepare_folder(folder)
        with _lock(folder / "start.lock", fcntl.LOCK_EX, give_up):
            hold = _lock(folder / "users.lock", fcntl.LOCK_SH, give_up)
            os.register_at_fork(after_in_child=hold.close)  # a worker that outlives this process holds nothing
            try:
                return _attach_or_start(folder, hold, user, {**SETTINGS, **(settings or {})}, give_up)
            except BaseException:
                hold.close()
                raise


def _attach_or_start(
    folder: Path, hold: BinaryIO, user: ServerUser | None, settings: Mapping[str, str], give_up: float
) -> EmbeddedServer:
    while not _is_free(folder / "server.lock"):
        place = remembered(folder)
        if place and _welcomes(place):
            return EmbeddedServer(place, folder, attached=True, _hold=hold)
        _wait(folder, give_up)
    place = choose_place(folder, user)
    remember(folder, place)
    _make_cluster(folder, place)
    process = _launch(folder, place, settings)
    try:
        while not _welcomes(place):
            if process.poll() is not None:
                raise DatabaseNotStarted(_log_refusal(folder, "stopped at once", "立即停止了"))
            _wait(folder, give_up)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return EmbeddedServer(place, folder, attached=False, _hold=hold, _keeper=process)


# Locks


def _is_free(path: Path, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:  # somebody removed the folder: nothing is left to wait for
        return True
    return True


def _lock(path: Path, kind: int, give_up: float) -> BinaryIO:
    file = path.open("rb")
    while True:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                file.close()
                raise
            time.sleep(0.01)
        else:
            return file


def _wait(folder: Path, give_up: float) -> None:
    if time.monotonic() > give_up:
        raise DatabaseNotStarted(_log_refusal(folder, "did not become ready in time", "未能及时就绪"))
    time.sleep(0.005)


def _prepare_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    for name in ("start.lock", "users.lock", "server.lock"):
        (folder / name).touch(mode=0o600)


# The server


def _make_cluster(folder: Path, place: Place) -> None:
    """Run initdb beside the final name, so that an interrupted first start leaves nothing half made."""
    own(place.socket, place.owner)
    (place.data / "postmaster.pid").unlink(missing_ok=True)  # server.lock was free: whoever wrote it is gone
    if place.data.exists():
        own(place.data, place.owner)
        return
    unfinished = place.data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    own(unfinished, place.owner)
    command = [
        *keeper_command("once", place.user),
        str(place.programs / "bin" / "initdb"),
        *("-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--data-checksums"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    ]
    with (folder / "server.log").open("ab") as log:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place.socket, check=False)
    if run.returncode != 0:
        raise DatabaseNotStarted(_log_refusal(folder, "could not be made (initdb)", "无法创建(initdb)"))
    unfinished.rename(place.data)


def _launch(folder: Path, place: Place, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    log_file = folder / "server.log"
    if log_file.exists() and log_file.stat().st_size > LARGEST_LOG_BYTES:
        log_file.unlink()
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [
        *keeper_command("serve", place.user),
        *(str(folder / "users.lock"), str(folder / "server.lock")),
        *(str(place.programs / "bin" / "postgres"), "-D", str(place.data), "-k", str(place.socket), *options),
    ]
    with log_file.open("ab") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place.socket, start_new_session=True
        )


def _welcomes(place: Place) -> bool:
    """Whether the server takes work: its status line says so, it lets us in, and the roles are there."""
    try:
        lines = (place.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        _make_roles(place)
    except (FileNotFoundError, psycopg.OperationalError):
        return False
    return True


def _make_roles(place: Place) -> None:
    """The owner of the tables and the app's role; neither is a superuser, and the app's role owns nothing."""
    plain = sql.SQL("login nosuperuser nocreatedb nocreaterole noreplication nobypassrls")
    with _as_superuser(place) as connection:
        for role in (OWNER, APP):
            if not connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("create role {} {}").format(sql.Identifier(role), plain))
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(CREATE_DATABASE)


def _as_superuser(place: Place) -> psycopg.Connection[TupleRow]:
    return psycopg.connect(f"host={place.socket} user={SUPERUSER} dbname={SUPERUSER}", autocommit=True)


# Refusals


def _log_refusal(folder: Path, en: str, zh: str) -> Refusal:
    log = folder / "server.log"
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:] if log.exists() else []
    said = " / ".join(last) or "-"
    return refuse(
        "database_not_started",
        str(folder),
        zh=f"内置数据库{zh}。日志 {log} 的结尾：{said}。请按日志排除原因后重试，或设置 DATABASE_URL。",
        en=f"The embedded database {en}. The log {log} ends: {said}. Mend what it names and start again, "
        "or set DATABASE_URL.",
    )


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """The machine's own errors, said once in the words of the house."""
    try:
        yield
    except DatabaseNotStarted:
        raise
    except (OSError, psycopg.Error) as problem:
        raise DatabaseNotStarted(
            refuse(
                "database_not_started",
                str(folder),
                zh=f"无法使用该数据目录：{problem}。请检查权限与磁盘空间后重试，或设置 DATABASE_URL。",
                en=f"This data folder cannot be used: {problem}. "
                "Check its permissions and the free space and start again, or set DATABASE_URL.",
            )
        ) from problem
