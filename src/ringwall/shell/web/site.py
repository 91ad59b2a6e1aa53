"""The site: what every page shares – who is speaking, in which language, at which time – and the way to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote, urlencode

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ringwall.basics import Language, Refusal, Words, day_start, refuse
from ringwall.desk.doors import Gate, Json, Speaker
from ringwall.desk.exposure.prove_control import ControlCheck
from ringwall.desk.front import Front
from ringwall.desk.front import Request as Write
from ringwall.desk.office import Office
from ringwall.desk.views.policy import Verified
from ringwall.evidence import Upload
from ringwall.shell.web.language import LANGUAGE_NAMES, AmountUnit
from ringwall.shell.web.rendering import fragment_of, looking_back, templates

T = TypeVar("T")

SESSION_COOKIE = "ringwall_session"
LANGUAGE_COOKIE = "ringwall_language"
UNIT_COOKIE = "ringwall_unit"
A_YEAR_SECONDS = 31_536_000
HIDDEN = frozenset({"not_visible", "not_your_task", "message_unknown"})
"""Refusals that are answered like a page which does not exist."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu: a page that stands, for the people that it is for (nobody named: everybody)."""

    path: str
    label: Words
    roles: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody who may try this installation out, as the sign-in page names them."""

    sign_in_name: str
    organisation: Words
    task: Words


@dataclass(frozen=True, slots=True)
class Installation:
    """What the place of this portal decides: its clock, whether it is reached by https, who may try it out."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    secure: bool = False
    people: tuple[ListedPerson, ...] = ()
    password_file: str = ""
    control: ControlCheck | None = None
    """Without it tokens are neither given out nor looked for."""
    read_report: Callable[[bytes, str], Upload | Refusal] | None = None
    """Reads a report of somebody else's scanner; without it the portal takes none."""
    verify: Callable[[str], Verified | None] | None = None
    """Answers strangers on `/verify`; without it only people who have signed in are answered, within their walls."""


class Refused(Exception):
    """A page cannot be shown; the portal answers with the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class Site:
    """The portal as the pages know it; a page asks it for a visit and answers through that."""

    def __init__(self, front: Front, gate: Gate, installation: Installation, menu: tuple[MenuItem, ...]) -> None:
        self.front = front
        self.gate = gate
        self.installation = installation
        self._menu = menu

    def visit(self, request: Request) -> Visit:
        """The visit of a signed-in person; nobody is sent to sign in and comes back to where they wanted to go."""
        found = self.look(request)
        if found.looks_back and found.day is None:
            raise Refused(_no_such_day(request.query_params["at"]))
        if found.speaker is None:
            wanted = local_target(request) if request.method == "GET" else "/"
            address = f"/sign-in?next={quote(wanted, safe='/')}"
            if request.headers.get("HX-Request"):
                raise HTTPException(HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": address})
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": address})
        return found

    def look(self, request: Request) -> Visit:
        """A visit of whoever it is, signed in or not."""
        return Visit(self, request, self.gate.speaker(request.cookies.get(SESSION_COOKIE, "")))

    def menu_for(self, speaker: Speaker | None) -> tuple[MenuItem, ...]:
        return tuple(item for item in self._menu if speaker and (not item.roles or speaker.role in item.roles))


class Visit:
    """One request: it asks inside the person's walls and answers in the person's language."""

    def __init__(self, site: Site, request: Request, speaker: Speaker | None) -> None:
        self.site = site
        self.request = request
        self.speaker = speaker

    @property
    def me(self) -> Speaker:
        """The person who speaks; only a page for everybody meets nobody."""
        assert self.speaker is not None, "Site.visit has made sure that somebody is signed in"
        return self.speaker

    @cached_property
    def language(self) -> Language:
        """As just chosen, else as the browser keeps it, else as the person is enrolled."""
        chosen = self.request.query_params.get("lang") or self.request.cookies.get(LANGUAGE_COOKIE)
        if chosen in ("zh", "en"):
            return "zh" if chosen == "zh" else "en"
        return self.speaker.language if self.speaker else "zh"

    @cached_property
    def unit(self) -> AmountUnit:
        """Amounts to the fen, or in 万元 (thousands in English) as the reader has switched."""
        chosen = self.request.query_params.get("unit") or self.request.cookies.get(UNIT_COOKIE)
        return "large" if chosen == "large" else "whole"

    @property
    def looks_back(self) -> bool:
        """Whether the reader has chosen a day to look back to (`?at=2026-03-05`)."""
        return bool(self.request.query_params.get("at"))

    @cached_property
    def day(self) -> date | None:
        """The chosen day; None where nothing was chosen, or where it is no day."""
        try:
            return date.fromisoformat(self.request.query_params.get("at", ""))
        except ValueError:
            return None

    @cached_property
    def now(self) -> datetime:
        """The installation's time, or the last moment of the day that the reader looks back to."""
        if self.day is None:
            return self.site.installation.now()
        return day_start(self.day + timedelta(days=1)) - timedelta(microseconds=1)

    def ask(self, question: Callable[[Office], T]) -> T:
        """A read inside the speaker's walls."""
        return self.site.front.ask(self.me, question)

    def perform(
        self,
        action: str,
        key: str,
        answer: type[T],
        work: Callable[[Office], T | Refusal],
        *,
        number: str = "",
        content: Json = None,
    ) -> T | Refusal:
        """A write through the front: permission, one transaction, once for its key."""
        return self.site.front.perform(Write(self.me, action, key, content, number), answer, work)

    def show(self, template: str, view: object, *, block: str = "", **more: object) -> HTMLResponse:
        """The page of a view, or its refusal; `block` is what htmx gets of the template in place of the whole."""
        if isinstance(view, Refusal):
            return self.refuse(view)
        return self.page(template, {"view": view, **more}, block=block)

    def refuse(self, refusal: Refusal) -> HTMLResponse:
        """What clashes and what to do next, where the answer would have stood; what is not visible does not exist."""
        if refusal.code in HIDDEN:
            return self.problem(HTTPStatus.NOT_FOUND)
        return self.page("refusal.html", {"refusal": refusal}, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def problem(self, status: int, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        """A page for what is not there, not allowed, or not readable; it asks nothing more of the house."""
        return self.page("problem.html", {"status": status, "unread": None}, status=status, headers=headers)

    def page(
        self,
        template: str,
        values: Mapping[str, object],
        *,
        block: str = "",
        status: int = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A whole page, or for htmx the fragment of it; whatever was switched is remembered."""
        found = templates(self.language, self.unit).get_template(template)
        values = {**self._frame(), **values}
        part = block and self.wants_fragment
        text = fragment_of(found, block, values) if part else found.render(values)
        if self.day is not None:
            text = looking_back(text, self.day)
        response = HTMLResponse(text, status, dict(headers or {}))
        self._remember(response)
        return response

    @property
    def wants_fragment(self) -> bool:
        """htmx asks for a part of a page, unless it moves to another page or restores one from its history."""
        asked = self.request.headers
        whole = "HX-Boosted" in asked or "HX-History-Restore-Request" in asked
        return asked.get("HX-Request") == "true" and not whole

    def _frame(self) -> Mapping[str, object]:
        other: Language = "en" if self.language == "zh" else "zh"
        return {
            "request_path": self.request.url.path,
            "language": self.language,
            "other_language": other,
            "other_language_name": LANGUAGE_NAMES[other],
            "unit": self.unit,
            "speaker": self.speaker,
            "unread": self._unread,
            "menu": self.site.menu_for(self.speaker),
            "partial": self.wants_fragment,
            "now": self.now,
            "day_looked_at": self.day,
            "with_query": self._with_query,
        }

    def _unread(self) -> int:
        """How many messages wait in the inbox of the speaker's organisation; asked when the frame is drawn."""
        return self.ask(lambda office: office.post.unread())

    def _with_query(self, **changed: str) -> str:
        """This page's address with something switched; an empty value takes the name away."""
        kept = {name: value for name, value in self.request.query_params.items() if name not in changed}
        return f"?{urlencode({**kept, **{name: value for name, value in changed.items() if value}})}"

    def _remember(self, response: Response) -> None:
        asked, secure = self.request.query_params, self.site.installation.secure
        for name, cookie, value in (("lang", LANGUAGE_COOKIE, self.language), ("unit", UNIT_COOKIE, self.unit)):
            if name in asked:
                response.set_cookie(cookie, value, max_age=A_YEAR_SECONDS, samesite="lax", secure=secure, httponly=True)


def local_target(request: Request) -> str:
    """Where the reader wanted to go, with its query."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def back_to(path: str) -> RedirectResponse:
    """After a write the browser reads again, so that a reload repeats nothing; only to a place of this site."""
    here = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return RedirectResponse(path if here else "/", HTTPStatus.SEE_OTHER)


def _no_such_day(text: str) -> Refusal:
    return refuse(
        "day_unreadable",
        text,
        zh=f"“{text}”不是日期；请写成 2026-03-05 的形式。",
        en=f"'{text}' is not a day; write it as 2026-03-05.",
    )
