"""What the bench's forms send: texts by field, and a case file that was pasted or chosen."""

from __future__ import annotations

import re

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from ringwall.basics import Refusal, refuse
from ringwall.desk.views.settlement.sheet import MOST_ITEMS

MOST_BYTES = 200_000
MOST_FIELDS = 40 * MOST_ITEMS
LONGEST_TEXT = 400
FIELD = re.compile(r"name|(?:fact|schedule|state|void|item)\.[A-Za-z0-9_.]{1,120}", re.ASCII)


def form_id(name: str) -> str:
    """The id of a field in the page; a dot would end it in a selector."""
    return "f-" + name.replace(".", "-")


def sheet_of(form: FormData) -> dict[str, str]:
    """The texts of the case's fields; anything else in a form is no part of a case."""
    pairs = form.multi_items()[:MOST_FIELDS]
    return {name: value[:LONGEST_TEXT] for name, value in pairs if isinstance(value, str) and FIELD.fullmatch(name)}


async def the_file_form(request: Request) -> FormData:
    """The form with its file as a text under `uploaded`; one that is too long or no text is left to be refused."""
    form = await request.form()
    file = form.get("file")
    pairs: list[tuple[str, UploadFile | str]] = [
        (name, value) for name, value in form.multi_items() if isinstance(value, str)
    ]
    if isinstance(file, UploadFile) and file.filename:
        body = await file.read(MOST_BYTES + 1)
        pairs.append(("uploaded", "" if len(body) > MOST_BYTES else _decoded(body)))
    return FormData(pairs)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def pasted_text(form: FormData) -> str | Refusal:
    """The chosen file before the pasted text."""
    text = str(form.get("uploaded", "") or form.get("text", ""))
    if form.get("uploaded") == "":
        return refuse(
            "case_file_unreadable",
            "file",
            zh=f"文件不是 UTF-8 文本，或超过 {MOST_BYTES} 字节；请另存为 UTF-8 或分成几个案例。",
            en=f"The file is no UTF-8 text, or has more than {MOST_BYTES} bytes; save it as UTF-8 or split the case.",
        )
    if not text.strip():
        return refuse(
            "case_file_missing",
            "file",
            zh="没有粘贴文本，也没有选择文件；请给出其中之一。",
            en="No text was pasted and no file was chosen; give one of them.",
        )
    return text
