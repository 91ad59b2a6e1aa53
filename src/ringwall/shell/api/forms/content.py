"""A body that is content and not JSON: a file, or a table as CSV."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request

from ringwall.basics import refuse
from ringwall.shell.api.problems import Refused, storable

BINARY, CSV = "application/octet-stream", "text/csv"


def described(media_type: str, example: str = "") -> dict[str, Any]:
    """What OpenAPI says of such a body."""
    form: dict[str, Any] = {"type": "string", "minLength": 1}
    if media_type == BINARY:
        form["format"] = "binary"
    said = {"schema": form, **({"example": example} if example else {})}
    return {"requestBody": {"required": True, "content": {media_type: said}}}


def _reader(media_type: str) -> Callable[[Request], Coroutine[Any, Any, bytes]]:
    async def read(request: Request) -> bytes:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != media_type:
            raise Refused(
                refuse(
                    "media_type_unknown",
                    "Content-Type",
                    zh=f"内容类型为 {storable(given) or '未声明'}，此处只接受 {media_type}；请更正 Content-Type。",
                    en=f"The content type is {storable(given) or 'not stated'}, only {media_type} is taken here; "
                    "correct Content-Type.",
                )
            )
        content = await request.body()
        if not content:
            raise Refused(
                refuse(
                    "content_empty",
                    "body",
                    zh="请求没有内容；请附上文件内容后重发。",
                    en="The request has no content; send it again with the file's content.",
                )
            )
        return content

    return read


Binary = Annotated[bytes, Depends(_reader(BINARY))]
Table = Annotated[bytes, Depends(_reader(CSV))]
