"""Who asks, and how a route reaches the front: signed in, once for a key, at the instant of the clock outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Security
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import Gate, Json, Speaker
from ringwall.desk.exposure.prove_control import ControlCheck
from ringwall.desk.front import Front
from ringwall.desk.front import Request as Write
from ringwall.desk.office import Office
from ringwall.desk.price.reprice import KeptBases
from ringwall.evidence import KevEdition, Upload
from ringwall.shell.api.problems import Refused, not_signed_in

T = TypeVar("T")
KEY = re.compile(r"[\x21-\x7e]{1,200}")
LARGEST_BODY_BYTES = 8_000_000
BEARER = "bearer "
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REPEATABLE = "repeatable"
"""A route's mark in its OpenAPI extension: a POST that stores nothing and needs no key."""


def _nobody_reads(_: bytes, name: str) -> Refusal:
    return refuse(
        "reader_missing",
        name,
        zh="本接口未装配该类文件的读取器；请经命令行提交，或由管理员装配。",
        en="This interface was set up without a reader for such files; hand it in by the command line.",
    )


@dataclass(frozen=True, slots=True)
class Readers:
    """How files of others are read: by the shells that know their forms, which this one does not."""

    read_report: Callable[[bytes, str], Upload | Refusal] = _nobody_reads
    read_kev: Callable[[bytes, str], KevEdition | Refusal] = _nobody_reads


NO_READERS = Readers()


@dataclass(frozen=True, slots=True)
class House:
    """What the routes stand on."""

    front: Front
    gate: Gate
    now: Callable[[], datetime]
    readers: Readers = NO_READERS
    control: ControlCheck | None = None
    bases: KeptBases = field(default_factory=KeptBases)


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person, asking; a refusal leaves as a problem."""

    speaker: Speaker
    house: House

    def ask(self, question: Callable[[Office], T | Refusal]) -> T:
        return _good(self.house.front.ask(self.speaker, question))

    def instant(self, stated: datetime | None, field: str = "at") -> datetime:
        """The instant that was stated, or now; nothing that is still to come has happened."""
        now = self.house.now().astimezone(UTC)
        if stated is not None and stated > now:
            raise Refused(_not_yet(field, stated, now))
        return stated or now


@dataclass(frozen=True, slots=True)
class Writer(Caller):
    """A signed-in person, writing under a key: the same key with the same content gives the stored answer."""

    key: str
    route: str

    def write(
        self,
        action: str,
        content: BaseModel | Json,
        answer: type[T],
        work: Callable[[Office], T | Refusal],
        number: str = "",
    ) -> T:
        """One write through the front; `number` is that of the application under which everything of it stands."""
        body = content.model_dump(mode="json") if isinstance(content, BaseModel) else content
        write = Write(self.speaker, action, self.key, {"route": self.route, "body": body}, number)
        return _good(self.house.front.perform(write, answer, work))


def _good(result: T | Refusal) -> T:
    if isinstance(result, Refusal):
        raise Refused(result)
    return result


class BoundedRoute(APIRoute):
    """A route whose body is not read where it is too large."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            _refuse_large_bodies(request)
            return await handle(request)

        return bounded


class SignedRoute(BoundedRoute):
    """A route that nobody reaches without a session, and no write without a key; checked before the body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        stores = bool(WRITES & (self.methods or set())) and not (self.openapi_extra or {}).get(f"x-{REPEATABLE}")

        async def signed(request: Request) -> Response:
            request.state.speaker = await run_in_threadpool(_speaker, request)
            if stores:
                _refuse_without_key(request)
            return await handle(request)

        return signed


def token_of(request: Request) -> str:
    header = request.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""


def _speaker(request: Request) -> Speaker:
    house: House = request.app.state.house
    token = token_of(request)
    speaker = house.gate.speaker(token) if token else None
    if speaker is None:
        raise Refused(not_signed_in())
    return speaker


def _refuse_large_bodies(request: Request) -> None:
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal() or int(length) > LARGEST_BODY_BYTES:
        raise Refused(
            refuse(
                "body_too_large",
                "Content-Length",
                zh=f"内容长度为 {length} 字节或未声明，上限为 {LARGEST_BODY_BYTES} 字节；请声明长度并分批提交。",
                en=f"The content has {length} bytes or does not say how many, {LARGEST_BODY_BYTES} are taken; "
                "state the length and send it in parts.",
            )
        )


def _refuse_without_key(request: Request) -> None:
    key = request.headers.get("idempotency-key", "")
    if not key:
        raise Refused(
            refuse(
                "idempotency_key_missing",
                "Idempotency-Key",
                zh="写入请求没有 Idempotency-Key 头；请为每个新请求生成一个键，重试时沿用原键。",
                en="The write has no Idempotency-Key header; make one for each new request and keep it on a retry.",
            )
        )
    if not KEY.fullmatch(key):
        raise Refused(
            refuse(
                "idempotency_key_malformed",
                "Idempotency-Key",
                zh="幂等键须为 1 至 200 个可见 ASCII 字符，不含空格；请换一个键。",
                en="An idempotency key has 1 to 200 visible ASCII characters and no space; use another key.",
            )
        )


def _not_yet(field: str, stated: datetime, now: datetime) -> Refusal:
    return refuse(
        "instant_in_future",
        field,
        zh=f"{field} 为 {stated.isoformat()}，晚于当前时刻 {now.isoformat()}；请填写已经发生的时刻。",
        en=f"{field} is {stated.isoformat()}, after now ({now.isoformat()}); state an instant that has passed.",
    )


TOKEN = HTTPBearer(auto_error=False, description="POST /sessions 给出的令牌 · the token that POST /sessions gives")
KEY_HEADER = Header(
    alias="Idempotency-Key",
    description="每个新请求一个键，重试时不变 · one key for each new request, the same when it is sent again",
    min_length=1,
    max_length=200,
    pattern=r"^[\x21-\x7e]+$",
    examples=["6f1c0e9e-apply-1"],
)


Token = Annotated[object, Security(TOKEN)]
"""Only so that the document says what a route wants; SignedRoute has looked at the token before."""


def _caller(request: Request, _token: Token) -> Caller:
    return Caller(request.state.speaker, request.app.state.house)


def _writer(request: Request, _token: Token, key: Annotated[str, KEY_HEADER]) -> Writer:
    route = f"{request.method} {request.url.path.removeprefix(request.scope.get('root_path', ''))}"
    return Writer(request.state.speaker, request.app.state.house, key, route)


Asking = Annotated[Caller, Depends(_caller)]
Writing = Annotated[Writer, Depends(_writer)]
