"""Web exposure: does a server show its `.git` folder, its `.env` file, a listing of its files or a login portal?

Four GETs of fixed paths. What is found is hashed; of a configuration file nothing is kept but how many lines it has.
"""

from __future__ import annotations

import re

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.fingerprints import portal_of
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.http_get import Response, get
from ringwall.shell.probes.target import Target, observe
from ringwall.shell.probes.web.tls import any_tls

NAME = "web"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (80, 443, 8000, 8080, 8443)
TLS_PORTS = (443, 8443)
SAYS: tuple[str, ...] = ("git_exposed", "env_exposed", "listing_exposed", "portal_shown", "nothing_exposed", "not_http")

GIT_HEAD = re.compile(rb"\A(ref: refs/[\x21-\x7e]+|[0-9a-f]{40})\s*\Z")
ENV_LINE = re.compile(rb"^[A-Z][A-Z0-9_]{1,60}=[^\r\n]*\r?$", re.MULTILINE)
LISTING = re.compile(r"<title>\s*(index of /|directory listing for /)|<h1>index of /", re.IGNORECASE)


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    tls = any_tls() if target.port in TLS_PORTS else None
    front = await get(gate, target, "/", tls, METHOD)
    if front is None:
        return (observe(NAME, target, "not_http"),)
    seen = list(_front_page(front, target))
    git = await get(gate, target, "/.git/HEAD", tls, METHOD)
    if git and git.status == 200 and GIT_HEAD.match(git.body):
        seen.append(observe(NAME, target, "git_exposed", git.body, git.text.strip()[:80]))
    env = await get(gate, target, "/.env", tls, METHOD)
    lines = len(ENV_LINE.findall(env.body)) if env and env.status == 200 and b"<" not in env.body[:64] else 0
    if env and lines:
        seen.append(observe(NAME, target, "env_exposed", env.body, f"{lines} assignments"))
    return tuple(seen) or (observe(NAME, target, "nothing_exposed", front.body),)


def _front_page(front: Response, target: Target) -> tuple[Observation, ...]:
    seen = []
    if front.status == 200 and LISTING.search(front.text):
        seen.append(observe(NAME, target, "listing_exposed", front.body))
    if portal := portal_of(front.headers, front.text):
        seen.append(observe(NAME, target, "portal_shown", front.body, portal))
    return tuple(seen)
