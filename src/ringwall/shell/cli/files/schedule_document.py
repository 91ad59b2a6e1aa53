"""A policy schedule as a file: what the printed document says, with the verification code of its content."""

from __future__ import annotations

from typing import Any

from ringwall.basics import Words
from ringwall.policy import ScheduleDocument, Table
from ringwall.shell.cli.fields import Fields
from ringwall.shell.cli.reading import Texts

SCHEDULE = "schedule_document"
NAMES = ("kind", "title", "number", "known_at", "tables", "verification_code")


def read_schedule(where: str, raw: Texts) -> ScheduleDocument:
    fields = Fields.of(where, raw, NAMES)
    tables = tuple(_table(row) for row in fields.rows("tables", ("heading", "columns", "rows")))
    if not tables:
        raise fields.missing("tables")
    return ScheduleDocument(
        fields.words("title"),
        fields.text("number"),
        fields.instant("known_at"),
        tables,
        fields.text("verification_code"),
    )


def _table(fields: Fields) -> Table:
    rows = fields.values.get("rows") or []
    if not isinstance(rows, list):
        raise fields.wrong("rows", "一个列表", "a list")
    return Table(
        _exact(fields.where, fields.values.get("heading")),
        _cells(f"{fields.where}: columns", fields.values.get("columns")),
        tuple(_cells(f"{fields.where}: rows[{place}]", row) for place, row in enumerate(rows, start=1)),
    )


def _cells(where: str, raw: Any) -> tuple[Words, ...]:
    return tuple(
        _exact(f"{where}[{place}]", cell) for place, cell in enumerate(raw if isinstance(raw, list) else [], 1)
    )


def _exact(where: str, raw: Any) -> Words:
    """A text in both languages, to the last space: the code covers every sign of it."""
    fields = Fields.of(where, raw, ("zh", "en"))
    for name in ("zh", "en"):
        if not isinstance(fields.values.get(name), str):
            raise fields.missing(name)
    return Words(fields.values["zh"], fields.values["en"])


def schedule_document(document: ScheduleDocument) -> dict[str, Any]:
    return {
        "kind": SCHEDULE,
        "title": document.title,
        "number": document.number,
        "known_at": document.known_at,
        "tables": document.tables,
        "verification_code": document.verification_code,
    }
