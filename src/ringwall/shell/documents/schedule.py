"""The policy schedule (保险单明细表) as an insurer sends it: the document's tables and nothing beyond."""

from __future__ import annotations

from typing import Any

from ringwall.basics import Language, Words
from ringwall.policy import ScheduleDocument, Table
from ringwall.shell.documents.press import long_day, print_document
from ringwall.shell.documents.sheets import Cell, sheet

WORDS = {
    "number": Words("保险单号", "Policy number"),
    "page": Words("第 {n} 页，共 {of} 页", "page {n} of {of}"),
    "code": Words("验证码", "Verification code"),
    "how": Words(
        "由本明细表全部内容计算得出；任何改动都会改变它。复核：ringwall verify 明细表文件",
        "Computed from all that this schedule says; any change changes it. To check it: ringwall verify FILE",
    ),
    "sealed": Words("（签章）", "(signature and seal)"),
    "nothing": Words("无", "none"),
}
MARK = "◆"
MARKED = Words(
    f"{MARK} 免除或减轻保险人责任的条款：已提示并明确说明者见「提示与明确说明记录」，未经确认的不产生效力。",
    f"{MARK} takes something away: explained as the record of explanations says, void where nobody confirmed it.",
)


def print_schedule(document: ScheduleDocument, language: Language) -> bytes:
    """PDF/A-2b; its date is the instant since which this version has been known."""
    issuer = issuer_of(document).in_language(language)
    issued = long_day(document.known_at, language)
    marked = explained_clauses(document)
    words = {name: said.in_language(language) for name, said in WORDS.items()}
    number, code = document.number, document.verification_code
    values: dict[str, Any] = {
        "title": document.title.in_language(language),
        "number": number,
        "issuer": issuer,
        "issued": issued,
        "code": code,
        "footer": f"{words['number']} {number} · {words['code']} {code}",
        "words": words,
        "tables": [_table(table, marked, language) for table in document.tables],
    }
    return print_document("schedule.typ", values, language, document.known_at)


def issuer_of(document: ScheduleDocument) -> Words:
    """The lead insurer issues: the first line of the panel."""
    panel = next(table for table in document.tables if len(table.columns) == 3 and table.columns[1].en == "Insurer")
    return panel.rows[0][1]


def explained_clauses(document: ScheduleDocument) -> frozenset[str]:
    """The clauses that take something away are those of which an explanation is on record, confirmed or not."""
    record = next(table for table in document.tables if is_record(table))
    return frozenset(row[0].zh for row in record.rows)


def is_record(table: Table) -> bool:
    return any(column.en == "Confirmed by" for column in table.columns)


def _table(table: Table, marked: frozenset[str], language: Language) -> dict[str, Any]:
    clauses = table.columns[0].en == "Clause" and not is_record(table)
    rows: list[list[Cell]] = [[_marked(row[0], marked), *row[1:]] if clauses else [*row] for row in table.rows]
    made = sheet(table.heading, table.columns, rows, language, MARKED.in_language(language) if clauses else "")
    return {**made, "kind": "facts" if len(table.columns) == 2 and table.columns[0].en == "Item" else "sheet"}


def _marked(number: Words, marked: frozenset[str]) -> str:
    return f"{number.zh} {MARK}" if number.zh in marked else number.zh
