"""The embedded server, really started: its roles, its sharing rule, its recovery, and both ways not to be root."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ringwall.shell.store import embedded
from ringwall.shell.store.embedded import APP, DATABASE, OWNER, SUPERUSER, EmbeddedServer, place

# Another process of ours: it holds the server, writes one row after another and says which ones were acknowledged.
WRITER = """
import sys, psycopg
from pathlib import Path
from ringwall.shell.store import embedded
server = embedded.start(Path(sys.argv[1]))
with psycopg.connect(server.url_for(embedded.OWNER), autocommit=True) as connection:
    connection.execute("create table if not exists said (number int primary key)")
    print("attached" if server.attached else "started", flush=True)
    for number in range(int(sys.argv[2]), 1_000_000):
        connection.execute("insert into said values (%s)", [number])
        print(number, flush=True)
"""
FORKER = """
import os, sys, time
from pathlib import Path
from ringwall.shell.store import embedded
server = embedded.start(Path(sys.argv[1]))
if os.fork():
    print("forked", flush=True)
time.sleep(60)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
Start = Callable[..., EmbeddedServer]


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder that every user reaches (pytest's own is private) and whose path leaves room for a socket's name."""
    folder = Path("/tmp") / f"ringwall-test-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def start() -> Iterator[Start]:
    """`embedded.start`, with whatever is still held let go at the end."""
    held: list[EmbeddedServer] = []

    def hold(folder: Path, **options: Any) -> EmbeddedServer:
        held.append(embedded.start(folder, **options))
        return held[-1]

    yield hold
    for server in held:
        server.stop()
        if server.place.moved:
            shutil.rmtree(server.place.moved, ignore_errors=True)


def ask(server: EmbeddedServer, question: str, role: str = APP, database: str = DATABASE) -> Any:
    with psycopg.connect(server.url_for(role, database)) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def run_writer(folder: Path, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), str(first)], stdout=subprocess.PIPE, text=True)


def read_and_kill(writer: subprocess.Popen[str], lines: int) -> list[str]:
    """The first lines, then kill -9, then what was acknowledged before the kill arrived."""
    assert writer.stdout
    said = [writer.stdout.readline().strip() for _ in range(lines)]
    writer.kill()
    rest = writer.stdout.read().splitlines()
    writer.wait()
    return [*said, *rest[:-1], *(line for line in rest[-1:] if line)]


def postmaster(server: EmbeddedServer) -> int:
    return int((server.place.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])


def wait_until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_each_role_connects_and_none_of_ours_is_a_superuser(server: EmbeddedServer) -> None:
    for role in (OWNER, APP):
        assert ask(server, "select current_user::text", role) == role
        rights = "select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole from pg_roles"
        assert ask(server, f"{rights} where rolname = current_user", role) is False
    assert ask(server, "select pg_get_userbyid(datdba) from pg_database where datname = current_database()") == OWNER


def test_row_level_security_binds_the_apps_role(database: Any) -> None:
    with psycopg.connect(database.url_for(OWNER)) as connection:
        connection.execute("create table held (owner text)")
        connection.execute("alter table held enable row level security")
        connection.execute("alter table held force row level security")
        connection.execute("create policy mine on held using (owner = current_setting('ringwall.test'))")
        connection.execute(f"grant select, insert on held to {APP}")
    with psycopg.connect(database.url_for(APP)) as connection:
        connection.execute("select set_config('ringwall.test', 'a', false)")
        connection.execute("insert into held values ('a')")
        assert connection.execute("select count(*) from held").fetchone() == (1,)
        connection.execute("select set_config('ringwall.test', 'b', false)")
        assert connection.execute("select count(*) from held").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("insert into held values ('a')")


def test_what_makes_a_commit_durable_is_on_and_no_port_is_open(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert ask(server, f"select current_setting('{name}')") == "on"
    assert ask(server, "select current_setting('listen_addresses')") == ""
    assert ask(server, "select current_setting('server_encoding')") == "UTF8"


def test_a_second_start_attaches_and_the_last_to_leave_ends_the_server(start: Start, tmp_path: Path) -> None:
    first, second = start(tmp_path), start(tmp_path)
    assert (first.attached, second.attached) == (False, True)
    first.stop()
    assert ask(second, "select 1") == 1
    second.stop()
    second.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(second, "select 1")


def test_the_server_outlives_the_process_that_started_it_while_another_holds_it(start: Start, tmp_path: Path) -> None:
    writer = run_writer(tmp_path, 0)
    assert writer.stdout
    assert writer.stdout.readline() == "started\n"
    server = start(tmp_path)
    assert server.attached
    said = read_and_kill(writer, 10)
    assert ask(server, "select max(number) from said", OWNER) >= int(said[-1])


def test_a_killed_app_takes_the_server_with_it_and_loses_nothing_acknowledged(start: Start, tmp_path: Path) -> None:
    first = 0
    for _ in range(2):
        said = read_and_kill(run_writer(tmp_path, first), 40)
        assert said[0] == "started"
        last = int(said[-1])
        wait_until(lambda: not (tmp_path / "data" / "postmaster.pid").exists())
        server = start(tmp_path)
        assert ask(server, f"select count(*) from said where number <= {last}", OWNER) == last + 1
        first = ask(server, "select max(number) + 1 from said", OWNER)
        server.stop()


def test_a_forked_worker_that_outlives_its_app_does_not_hold_the_server(tmp_path: Path) -> None:
    app = subprocess.Popen(
        [sys.executable, "-c", FORKER, str(tmp_path)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert app.stdout
    assert app.stdout.readline() == "forked\n"
    app.kill()
    app.wait()
    try:
        wait_until(lambda: not (tmp_path / "data" / "postmaster.pid").exists())
    finally:
        os.killpg(app.pid, signal.SIGKILL)
        app.stdout.close()


def test_a_killed_server_recovers_from_its_stale_pid_file(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    with psycopg.connect(server.url_for(OWNER)) as connection:
        connection.execute("create table kept as select 7 as number")
    os.kill(postmaster(server), signal.SIGKILL)
    again = start(tmp_path)
    assert not again.attached
    assert ask(again, "select number from kept", OWNER) == 7


def test_a_pid_file_that_names_a_living_stranger_is_stale_too(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    pid_file = server.place.data / "postmaster.pid"
    written = pid_file.read_text(encoding="ascii")
    server.stop()
    pid_file.write_text(written.replace(written.splitlines()[0], str(os.getpid()), 1), encoding="ascii")
    assert ask(start(tmp_path), "select 1") == 1


def test_an_interrupted_first_start_leaves_nothing_half_made(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "PG_VERSION").write_text("18")
    assert ask(start(tmp_path), "select 1") == 1


def test_a_long_path_puts_only_the_socket_into_a_short_private_folder(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / ("clone " * 20)
    server = start(folder)
    assert ask(server, "select 1") == 1
    assert server.place.data == folder / "data"
    assert server.place.socket.parent == place.SHORT_FOLDER
    assert server.place.socket.stat().st_mode & 0o777 == 0o700
    server.stop()
    server.place.socket.rmdir()


def test_emptying_leaves_a_database_without_a_table(start: Start, tmp_path: Path) -> None:
    server = start(tmp_path)
    with psycopg.connect(server.url_for(OWNER)) as connection:
        connection.execute("create table gone ()")
    server.empty()
    assert ask(server, "select to_regclass('gone')", OWNER) is None


@as_root
@pytest.mark.parametrize("user", ["namespace", "nobody"])
def test_root_runs_the_server_as_somebody_else(user: place.ServerUser, start: Start, short_path: Path) -> None:
    if place.out_of_reach(user, ()):
        pytest.skip(f"this machine does not permit the server to run as {user}")
    server = start(short_path / "database", user=user)
    assert server.place.user == user
    assert server.place.moved is None
    assert ask(server, "select 1") == 1
    assert server.place.data.stat().st_uid == server.place.owner[0]


@as_root
def test_data_changes_hands_when_the_way_not_to_be_root_changes(start: Start, short_path: Path) -> None:
    users: tuple[place.ServerUser, ...] = ("nobody", "namespace", "nobody")
    for user in users:
        if place.out_of_reach(user, ()):
            pytest.skip(f"this machine does not permit the server to run as {user}")
        server = start(short_path / "database", user=user)
        assert ask(server, "select 1") == 1
        server.stop()


@as_root
def test_data_lies_elsewhere_when_nobody_cannot_reach_the_clone(
    start: Start, short_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "DURABLE_FOLDER", short_path / "durable")
    home = short_path / "home"
    home.mkdir(mode=0o700)
    server = start(home / "clone", user="nobody")
    moved = server.place.moved
    assert moved
    assert moved.parent == short_path / "durable"
    with psycopg.connect(server.url_for(OWNER)) as connection:
        connection.execute("create table kept as select 7 as number")
    assert server.place.data.stat().st_mode & 0o777 == 0o700
    server.stop()
    home.chmod(0o755)  # reachable now: but the data stays where it is
    again = start(home / "clone", user="nobody")
    assert again.place.moved == moved
    assert ask(again, "select number from kept", OWNER) == 7
    again.stop()
    shutil.rmtree(home / "clone")
    home.chmod(0o700)
    other = start(home / "clone", user="nobody")  # a new clone at the same path starts empty
    assert other.place.moved != moved
    assert ask(other, "select to_regclass('kept')", OWNER) is None


def test_a_folder_that_cannot_be_made_is_a_refusal_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.DatabaseNotStarted) as caught:
        embedded.start(tmp_path / "file" / "folder")
    assert caught.value.refusal.code == "database_not_started"
    assert "DATABASE_URL" in caught.value.refusal.message.en
    assert "DATABASE_URL" in caught.value.refusal.message.zh


def test_a_server_that_stops_at_once_is_a_refusal_that_quotes_its_log(tmp_path: Path) -> None:
    with pytest.raises(embedded.DatabaseNotStarted, match="shared_buffers"):
        embedded.start(tmp_path, settings={"shared_buffers": "none"})


def test_the_address_in_the_environment_wins_over_the_embedded_server(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "postgresql://app@db/x", "DATABASE_OWNER_URL": "postgresql://owner@db/x"}
    database = embedded.database_from_environment(environment, tmp_path / "unused")
    assert database.url_for(APP) == "postgresql://app@db/x"
    assert database.url_for(OWNER) == "postgresql://owner@db/x"
    assert not (tmp_path / "unused").exists()
    with pytest.raises(embedded.DatabaseNotStarted, match=SUPERUSER):
        database.url_for(SUPERUSER)


def test_without_an_owners_address_migrations_are_refused_by_name(tmp_path: Path) -> None:
    database = embedded.database_from_environment({"DATABASE_URL": "postgresql://app@db/x"}, tmp_path)
    with pytest.raises(embedded.DatabaseNotStarted, match="DATABASE_OWNER_URL"):
        database.url_for(OWNER)
