"""Signing in and out, a password for a token which every other route wants to see; and the letters that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field, StringConstraints

from ringwall.basics import Language, Refusal
from ringwall.desk.doors import ReceivedLetter
from ringwall.shell.api.caller import REPEATABLE, Asking, BoundedRoute, House, SignedRoute, token_of
from ringwall.shell.api.forms.fields import PRINTABLE, Body
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.problems import Refused, not_signed_in

TAG = "会话与收件箱 · Sessions and inbox"
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


@dataclass(frozen=True, slots=True)
class Inbox:
    """Letters, newest first."""

    letters: tuple[ReceivedLetter, ...]


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


@router.get("/inbox", response_model=mirror(Inbox), summary="收件箱 · Inbox")
def inbox(caller: Asking, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> Inbox:
    """What was sent to the speaker's organisation and delivered."""
    return caller.ask(lambda office: Inbox(office.post.inbox()[:limit]))
