"""The portal as one application: the pages in their order, the files that they load, and what stands before them."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from ringwall.desk.doors import Gate
from ringwall.desk.front import Front
from ringwall.shell.web.guard import comes_from_elsewhere, with_headers
from ringwall.shell.web.pages import PAGES
from ringwall.shell.web.site import Installation, Refused, Site

LOG = logging.getLogger("ringwall.web")
STATIC = "/static"


def make_portal(front: Front, gate: Gate, installation: Installation | None = None) -> FastAPI:
    """The portal over a front and a gate, to be mounted at the root of a server."""
    menu = tuple(page.MENU for page in PAGES if page.MENU is not None)
    site = Site(front, gate, installation or Installation(), menu)
    portal = FastAPI(title="Ringwall portal", docs_url=None, redoc_url=None, openapi_url=None)
    portal.mount(STATIC, StaticFiles(packages=[("ringwall.shell.web", "static")]))
    for page in PAGES:
        portal.include_router(page.router(site))
    _stand_guard(portal, site)
    _answer_what_goes_wrong(portal, site)
    return portal


def _stand_guard(portal: FastAPI, site: Site) -> None:
    secure = site.installation.secure

    @portal.middleware("http")
    async def guard(request: Request, go_on: RequestResponseEndpoint) -> Response:
        is_page = not request.url.path.startswith(STATIC)
        if comes_from_elsewhere(request):
            refused = site.look(request).problem(HTTPStatus.FORBIDDEN)
            return with_headers(refused, secure=secure, is_page=True)
        return with_headers(await go_on(request), secure=secure, is_page=is_page)

    @portal.get("/favicon.ico", include_in_schema=False)
    def favicon() -> Response:
        return RedirectResponse(f"{STATIC}/mark.svg", HTTPStatus.MOVED_PERMANENTLY)


def _answer_what_goes_wrong(portal: FastAPI, site: Site) -> None:
    """Whatever goes wrong has a page that says what to do; our own mistakes go to the log, not to the reader."""

    @portal.exception_handler(HTTPException)
    def answer(request: Request, problem: HTTPException) -> Response:
        if problem.headers and ("Location" in problem.headers or "HX-Redirect" in problem.headers):
            return Response(status_code=problem.status_code, headers=dict(problem.headers))
        return site.look(request).problem(problem.status_code, problem.headers)

    @portal.exception_handler(Refused)
    def answer_refused(request: Request, refused: Refused) -> Response:
        return site.look(request).refuse(refused.refusal)

    @portal.exception_handler(RequestValidationError)
    def answer_unreadable(request: Request, _: RequestValidationError) -> Response:
        return site.look(request).problem(HTTPStatus.UNPROCESSABLE_ENTITY)

    @portal.exception_handler(Exception)
    def answer_mistake(request: Request, mistake: Exception) -> Response:
        LOG.error("%s %s failed", request.method, request.url.path, exc_info=mistake)
        return site.look(request).problem(HTTPStatus.INTERNAL_SERVER_ERROR)
