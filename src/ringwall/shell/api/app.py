"""The JSON API, put together: routes, problems, its OpenAPI document and the page about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse

from ringwall.desk.doors import Gate
from ringwall.desk.exposure.prove_control import ControlCheck
from ringwall.desk.front import Front
from ringwall.shell.api import problems, unreadable
from ringwall.shell.api.caller import NO_READERS, House, Readers
from ringwall.shell.api.docs_page import page
from ringwall.shell.api.routes import ROUTERS
from ringwall.shell.api.schema import complete

TITLE = "Ringwall API"
VERSION = "1"


def make_api(
    front: Front,
    gate: Gate,
    now: Callable[[], datetime],
    readers: Readers = NO_READERS,
    control: ControlCheck | None = None,
) -> FastAPI:
    """The API on a front and a gate; mount it under `/api`. `now` is its only clock.

    Without `control` tokens are neither given out nor looked for.
    """
    api = FastAPI(title=TITLE, version=VERSION, openapi_url=None, docs_url=None, redoc_url=None)
    api.state.house = House(front, gate, now, readers, control)
    for router in ROUTERS:
        api.include_router(router)
    problems.install(api)
    unreadable.install(api)

    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = complete(api)
        return api.openapi_schema

    api.openapi = document  # type: ignore[method-assign]

    @api.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(document())

    @api.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(page(document()))

    return api
