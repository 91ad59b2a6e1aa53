"""Signing in and out, a password for a token which every other route wants to see; and the messages that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field, StringConstraints

from ringwall.basics import Language, Refusal
from ringwall.desk.message.open_message import message_unknown, open_message
from ringwall.desk.office import Office
from ringwall.monitoring import Message
from ringwall.shell.api.caller import REPEATABLE, Asking, BoundedRoute, House, SignedRoute, Writing, token_of
from ringwall.shell.api.forms.fields import PRINTABLE, Body
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.problems import Refused, not_signed_in

TAG = "会话与消息 · Sessions and messages"
open_to_all = APIRouter(tags=[TAG], route_class=BoundedRoute)
router = APIRouter(tags=[TAG], route_class=SignedRoute)

Credential = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]


class SignIn(Body):
    """A person's name on the platform and their password."""

    name: Credential = Field(examples=["shouan"])
    password: Credential


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: send the token as `Authorization: Bearer`."""

    token: str
    display_name: str
    role: str
    language: Language
    organisation_kind: str


@open_to_all.post("/sessions", status_code=201, response_model=mirror(Session), summary="登录 · Sign in")
def sign_in(request: Request, body: SignIn) -> Session:
    """A bearer token for a name and its password. Only the token's hash is kept."""
    house: House = request.app.state.house
    token = house.gate.sign_in(body.name, body.password)
    if isinstance(token, Refusal):
        raise Refused(token)
    speaker = house.gate.speaker(token)
    if speaker is None:
        raise Refused(not_signed_in())
    return Session(token, speaker.display_name, speaker.role, speaker.language, speaker.organisation_kind)


@router.delete("/sessions", status_code=204, summary="退出 · Sign out", openapi_extra={f"x-{REPEATABLE}": True})
def sign_out(request: Request, caller: Asking) -> None:
    """The token that was sent is worth nothing from now on."""
    caller.house.gate.sign_out(caller.speaker, token_of(request))


Most = Annotated[int, Query(ge=1, le=500)]


class Opening(Body):
    """Nothing needs to be said: who opens it, and when, is known."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """Messages to the speaker's organisation, unread first, then newest first."""

    unread: int
    letters: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages that the speaker's organisation has sent, newest first, with sent, delivered, read and failed."""

    letters: tuple[Message, ...]


@router.get("/inbox", response_model=mirror(Inbox), summary="收件箱 · Inbox")
def inbox(caller: Asking, limit: Most = 100) -> Inbox:
    """What was sent to the speaker's organisation. To list a message does not open it."""
    return caller.ask(lambda office: Inbox(office.post.unread(), office.post.inbox()[:limit]))


@router.get("/inbox/{message}", response_model=mirror(Message), summary="消息 · One message")
def one(message: UUID, caller: Asking) -> Message:
    """The message with its receipts; reading it here does not open it."""

    def read(office: Office) -> Message | Refusal:
        return office.post.received(message) or message_unknown(message)

    return caller.ask(read)


@router.post("/inbox/{message}/openings", status_code=201, response_model=mirror(Message), summary="打开消息 · Open")
def opened(message: UUID, body: Opening, writer: Writing) -> Message:
    """The speaker opens the message: it is delivered and read, under the speaker's name, and clocks start."""
    by, at = writer.speaker.display_name, writer.instant(None)
    return writer.write("open_message", body, Message, lambda office: open_message(office, message, by=by, at=at))


@router.get("/sent", response_model=mirror(Sent), summary="已发消息 · Sent messages")
def sent(caller: Asking, limit: Most = 100) -> Sent:
    """What became of the messages of the speaker's organisation, with the proof of each instant."""
    return caller.ask(lambda office: Sent(tuple(reversed(office.post.sent()))[:limit]))
