"""What a front page's answer tells of itself: version, missing protection, cookies, where it sends its visitors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringwall.evidence import Observation
from ringwall.shell.probes.fingerprints import default_page_of, portal_of
from ringwall.shell.probes.http_get import Response
from ringwall.shell.probes.target import Target, observe

SAYS: tuple[str, ...] = (
    "listing_exposed", "portal_shown", "default_page_shown", "login_in_clear", "redirect_to_clear",
    "hsts_missing", "headers_missing", "cookie_unprotected", "version_told",
)  # fmt: skip
LISTING = re.compile(r"<title>\s*(index of /|directory listing for /)|<h1>index of /", re.IGNORECASE)
PASSWORD_FIELD = re.compile(r"""<input\b[^>]*\btype\s*=\s*["']?password\b""", re.IGNORECASE)
HAS_VERSION = re.compile(r"/v?\d")
FRAMES = re.compile(r"\bframe-ancestors\b", re.IGNORECASE)


def read_front(front: Response, target: Target, probe: str, over_tls: bool) -> tuple[Observation, ...]:
    """Every word that the front page earns, with what earned it."""
    words = (*_shown(front, over_tls), *_protection(front, over_tls), *_cookies(front), *_version(front))
    answer = "\n".join(f"{name}: {value}" for name, value in front.headers.items()).encode() + b"\n\n" + front.body
    return tuple(observe(probe, target, says, answer, detail[:200]) for says, detail in words)


def _shown(front: Response, over_tls: bool) -> Iterator[tuple[str, str]]:
    if front.status == 200 and LISTING.search(front.text):
        yield "listing_exposed", ""
    if portal := portal_of(front.headers, front.text):
        yield "portal_shown", portal
    if front.status == 200 and (product := default_page_of(front.text)):
        yield "default_page_shown", product
    if front.status == 200 and not over_tls and PASSWORD_FIELD.search(front.text):
        yield "login_in_clear", ""
    place = front.headers.get("location", "")
    if over_tls and front.status // 100 == 3 and place.lower().startswith("http://"):
        yield "redirect_to_clear", place


def _protection(front: Response, over_tls: bool) -> Iterator[tuple[str, str]]:
    if over_tls and front.status < 400 and "strict-transport-security" not in front.headers:
        yield "hsts_missing", ""
    if front.status != 200:
        return
    missing = [] if "nosniff" in front.headers.get("x-content-type-options", "").lower() else ["X-Content-Type-Options"]
    framed = "x-frame-options" in front.headers or FRAMES.search(front.headers.get("content-security-policy", ""))
    missing += [] if framed else ["frame-ancestors"]
    if missing:
        yield "headers_missing", ", ".join(missing)


def _cookies(front: Response) -> Iterator[tuple[str, str]]:
    """One word for all cookies; their values are not kept."""
    bare = []
    for cookie in filter(None, front.headers.get("set-cookie", "").split("\n")):
        name, *attributes = (part.strip() for part in cookie.split(";"))
        marks = {attribute.lower() for attribute in attributes}
        if not {"secure", "httponly"} <= marks:
            bare.append(name.partition("=")[0])
    if bare:
        yield "cookie_unprotected", ", ".join(bare)


def _version(front: Response) -> Iterator[tuple[str, str]]:
    told = [
        front.headers[name] for name in ("server", "x-powered-by") if HAS_VERSION.search(front.headers.get(name, ""))
    ]
    if told:
        yield "version_told", "; ".join(told).replace("\n", "; ")
