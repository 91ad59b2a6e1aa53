"""What stands before every page: forms of other sites are refused, and browsers are told what they may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

READS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the icons inside the style sheet
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}

Next = Callable[[Request], Awaitable[Response]]


def comes_from_elsewhere(request: Request) -> bool:
    """A form that another site's page sends is not our user's will; a program that sends no origin is no page."""
    if request.method in READS:
        return False
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return True
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def with_headers(response: Response, *, secure: bool, is_page: bool) -> Response:
    """The same answer with what the browser is allowed; pages are never kept, files of the site are asked for again."""
    for name, value in {**HEADERS, **(HTTPS_ONLY if secure else {})}.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store" if is_page else "no-cache")
    if is_page:
        response.headers.setdefault("Vary", "Cookie, HX-Request")
    return response
