"""Web exposure: does a server show its `.git` folder, its `.env` file, its status, a page for its administrators or a
login portal, and what does its front page tell of its care?

A few GETs of fixed paths. What is found is hashed; of a configuration file nothing is kept but how many lines it has.
"""

from __future__ import annotations

import re
import ssl

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.fingerprints import admin_pages
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.http_get import get
from ringwall.shell.probes.target import Target, observe
from ringwall.shell.probes.web import page
from ringwall.shell.probes.web.tls import any_tls

NAME = "web"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (80, 443, 8000, 8080, 8443)
TLS_PORTS = (443, 8443)
SAYS: tuple[str, ...] = (
    "git_exposed", "env_exposed", "status_exposed", "admin_shown", *page.SAYS, "nothing_exposed", "not_http",
)  # fmt: skip
EXPOSED = frozenset(
    {"git_exposed", "env_exposed", "status_exposed", "admin_shown", "listing_exposed", "portal_shown", "login_in_clear"}
)

GIT_HEAD = re.compile(rb"\A(ref: refs/[\x21-\x7e]+|[0-9a-f]{40})\s*\Z")
ENV_LINE = re.compile(rb"^[A-Z][A-Z0-9_]{1,60}=[^\r\n]*\r?$", re.MULTILINE)
STATUS_PATH = "/server-status"
STATUS = re.compile(rb"Apache Server Status for|^Active connections: \d+", re.MULTILINE)


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    tls = any_tls() if target.port in TLS_PORTS else None
    front = await get(gate, target, "/", tls, METHOD)
    if front is None:
        return (observe(NAME, target, "not_http"),)
    seen = list(page.read_front(front, target, NAME, tls is not None))
    seen += await _files(target, gate, tls)
    seen += await _administration(target, gate, tls)
    exposed = any(observation.says in EXPOSED for observation in seen)
    return tuple(seen) if exposed else (observe(NAME, target, "nothing_exposed", front.body), *seen)


async def _files(target: Target, gate: Gate, tls: ssl.SSLContext | None) -> list[Observation]:
    """What nobody outside should be able to read."""
    seen = []
    git = await get(gate, target, "/.git/HEAD", tls, METHOD)
    if git and git.status == 200 and GIT_HEAD.match(git.body):
        seen.append(observe(NAME, target, "git_exposed", git.body, git.text.strip()[:80]))
    env = await get(gate, target, "/.env", tls, METHOD)
    lines = len(ENV_LINE.findall(env.body)) if env and env.status == 200 and b"<" not in env.body[:64] else 0
    if env and lines:
        seen.append(observe(NAME, target, "env_exposed", env.body, f"{lines} assignments"))
    status = await get(gate, target, STATUS_PATH, tls, METHOD)
    if status and status.status == 200 and STATUS.search(status.body):
        seen.append(observe(NAME, target, "status_exposed", status.body))
    return seen


async def _administration(target: Target, gate: Gate, tls: ssl.SSLContext | None) -> list[Observation]:
    """The first page for administrators that answers, by the table of the catalogue."""
    for row in admin_pages():
        answer = await get(gate, target, row.path, tls, METHOD)
        if answer and answer.status in row.statuses and row.pattern.search(row.text_of(answer.headers, answer.text)):
            return [observe(NAME, target, "admin_shown", answer.body, f"{row.product} {row.path}")]
    return []
