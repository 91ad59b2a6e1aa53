"""The model card: as a page, and as a document to take along."""

from __future__ import annotations

from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ringwall.basics import Refusal
from ringwall.desk.views.model.card import card_page
from ringwall.risk import card_markdown
from ringwall.shell.web.site import MenuItem, Site

NAME = "model"
MENU: MenuItem | None = None
"""The book leads to it."""


def router(site: Site) -> APIRouter:
    """The page and the document."""
    routes = APIRouter()

    @routes.get("/model")
    def model(request: Request) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: card_page(office, visit.me, visit.now))
        return visit.show("model.html", view, key=f"portal:refit:{uuid4()}")

    @routes.get("/model/card.md")
    def document(request: Request) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: card_page(office, visit.me, visit.now))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        name = f"model-card-{view.card.version}-{visit.language}.md"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        text = card_markdown(view.card, visit.language)
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)

    return routes
