"""Files that a person hands in by a form of the portal, and takes home again."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import StoredFile

LARGEST_FILE_BYTES = 8_000_000
OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """Its name and its content."""

    name: str
    content: bytes


async def given_file(form: FormData, field: str = "file") -> GivenFile | Refusal | None:
    """The file of a field; None where none was chosen, and no more of a large one than shows that it is too large."""
    uploaded = form.get(field)
    if not isinstance(uploaded, UploadFile) or not uploaded.filename:
        return None
    content = await uploaded.read(LARGEST_FILE_BYTES + 1)
    if len(content) <= LARGEST_FILE_BYTES:
        return GivenFile(uploaded.filename, content)
    return refuse(
        "file_too_large",
        uploaded.filename,
        zh=f"{uploaded.filename} 超过 {LARGEST_FILE_BYTES} 字节；请压缩或分份提交。",
        en=f"{uploaded.filename} has more than {LARGEST_FILE_BYTES} bytes; compress it or send it in parts.",
    )


def attached(found: tuple[StoredFile, bytes]) -> Response:
    """A stored file for the reader's own disk, never opened by the browser."""
    stored, content = found
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}"}
    return Response(content, media_type=OCTETS, headers=headers)


def file_missing(about: str) -> Refusal:
    return refuse(
        "file_missing",
        about,
        zh=f"没有为 {about} 选择文件；请选择文件后提交。",
        en=f"No file was chosen for {about}; choose one and send it.",
    )
