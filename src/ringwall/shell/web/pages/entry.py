"""Signing in and out. The session's token is in a cookie that no script reads; only its hash is kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from ringwall.basics import Refusal
from ringwall.shell.web.site import SESSION_COOKIE, MenuItem, Site, Visit, back_to

NAME = "entry"
MENU: MenuItem | None = None

TWELVE_HOURS_SECONDS = 43_200
"""As long as a session lasts at the gate."""


def router(site: Site) -> APIRouter:
    """The two ways through the gate."""
    routes = APIRouter()

    @routes.get("/sign-in")
    def sign_in_page(request: Request, next: str = "/") -> Response:
        return _page(site.look(request), next)

    @routes.post("/sign-in")
    def sign_in(
        request: Request,
        name: Annotated[str, Form()],
        password: Annotated[str, Form()],
        next: Annotated[str, Form()] = "/",
    ) -> Response:
        token = site.gate.sign_in(name, password)
        if isinstance(token, Refusal):
            return _page(site.look(request), next, name, token)
        response = back_to(next)
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=TWELVE_HOURS_SECONDS,
            httponly=True,
            samesite="lax",
            secure=site.installation.secure,
        )
        return response

    @routes.post("/sign-out")
    def sign_out(request: Request) -> Response:
        visit = site.visit(request)
        site.gate.sign_out(visit.me, request.cookies.get(SESSION_COOKIE, ""))
        response = back_to("/sign-in")
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=site.installation.secure)
        return response

    return routes


def _page(visit: Visit, next: str, name: str = "", refusal: Refusal | None = None) -> Response:
    installation = visit.site.installation
    values = {
        "next": next,
        "name": name,
        "refusal": refusal,
        "people": installation.people,
        "password_file": installation.password_file,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return visit.page("sign_in.html", values, status=status)
