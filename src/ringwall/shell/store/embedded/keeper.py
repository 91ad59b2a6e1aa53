"""The process beside the app that owns the embedded PostgreSQL server: it ends the server when nobody uses it any more.

A program of its own (standard library only, started as `python -I -S keeper.py ...`), because becoming another user and
asking for a signal at a parent's death are only safe in a process with one thread. Three verbs:

    reach USER PATH...                     exit 0 when USER can enter and read every path
    once  USER COMMAND...                  become USER and run the command (initdb)
    serve USER USERS_LOCK SERVER_LOCK COMMAND...   run the server until the last shared hold on USERS_LOCK is gone

USER is `self`, `namespace` (root outside, `nobody` inside a user namespace of its own) or `nobody`.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import threading

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
CANNOT_BECOME = 77
OUT_OF_REACH = 78


def nobody() -> tuple[int, int]:
    """The uid and gid of the unprivileged system user."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def become(user: str) -> None:
    """Give up root in this process; raises OSError where the machine does not permit it."""
    if user == "namespace":
        enter_namespace()
    elif user == "nobody":
        uid, gid = nobody()
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def enter_namespace() -> None:
    """Inside, this process is `nobody`; outside, and on disk, it stays who it was."""
    libc = ctypes.CDLL(None, use_errno=True)
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    inner_uid, inner_gid = nobody()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace is permitted here")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{inner_uid} {outer_uid} 1"),
        ("gid_map", f"{inner_gid} {outer_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)
    if os.geteuid() != inner_uid:
        raise OSError("the user namespace did not change the user")


def end_with_parent() -> None:
    """Ask for a fast shutdown when the parent is gone, however it went. A change of user clears this: call it last."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def reach(user: str, paths: list[str]) -> int:
    """Whether the user can enter and read all the paths."""
    become(user)
    missing = [path for path in paths if not os.access(path, os.R_OK | (os.X_OK if os.path.isdir(path) else 0))]
    for path in missing:
        print(path)
    return OUT_OF_REACH if missing else 0


def serve(user: str, users_lock: str, server_lock: str, command: list[str]) -> int:
    """Run the server; when this process can take the users' lock alone, the last user is gone and the server stops.

    The server inherits the lock on `server_lock`, so this lock is free only when no process of the server is left.
    """
    running = os.open(server_lock, os.O_RDWR)
    fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.set_inheritable(running, True)

    def in_the_child() -> None:
        become(user)
        end_with_parent()

    server = subprocess.Popen(command, preexec_fn=in_the_child, close_fds=False, stdin=subprocess.DEVNULL)

    def stop_when_unused() -> None:
        users = os.open(users_lock, os.O_RDWR)
        fcntl.flock(users, fcntl.LOCK_EX)
        server.send_signal(signal.SIGINT)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.send_signal(signal.SIGINT))
    threading.Thread(target=stop_when_unused, daemon=True).start()
    return server.wait()


def main(arguments: list[str]) -> int:
    """Run one verb; the exit code is the answer."""
    verb, user, *rest = arguments
    try:
        if verb == "reach":
            return reach(user, rest)
        if verb == "serve":
            return serve(user, rest[0], rest[1], rest[2:])
        become(user)
        end_with_parent()
        os.execv(rest[0], rest)
    except (OSError, subprocess.SubprocessError) as problem:
        print(problem, file=sys.stderr)
        return CANNOT_BECOME


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
