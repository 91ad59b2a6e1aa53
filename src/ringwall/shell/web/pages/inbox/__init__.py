"""The inbox: unread first; to open a message is an act of its own, which delivers it and starts clocks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from ringwall.basics import Refusal
from ringwall.desk.message.open_message import open_message
from ringwall.desk.views.inbox import inbox, message_page, sent_messages
from ringwall.monitoring import Message
from ringwall.shell.web.site import MenuItem, Site, back_to

NAME = "inbox"
MENU: MenuItem | None = None


def router(site: Site) -> APIRouter:
    """The list, one message, opening it, and what was sent."""
    routes = APIRouter()

    @routes.get("/inbox")
    def received(request: Request) -> Response:
        visit = site.visit(request)
        return visit.show("inbox.html", visit.ask(lambda office: inbox(office, visit.now)))

    @routes.get("/sent")
    def sent(request: Request) -> Response:
        visit = site.visit(request)
        return visit.show("sent.html", visit.ask(lambda office: sent_messages(office, visit.now)))

    @routes.get("/inbox/{message}")
    def one(request: Request, message: UUID) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: message_page(office, message, visit.now))
        return visit.show("message.html", view, may_open=visit.day is None)

    @routes.post("/inbox/{message}")
    def open_it(request: Request, message: UUID, opened: Annotated[str, Form()] = "") -> Response:
        visit = site.visit(request)
        at, by = site.installation.now(), visit.me.display_name
        done = visit.perform(
            "open_message",
            f"portal:open:{visit.me.person_id}:{message}",
            Message,
            lambda office: open_message(office, message, by=by, at=at),
            content={"message": str(message), "opened": opened},
        )
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/inbox/{message}")

    return routes
