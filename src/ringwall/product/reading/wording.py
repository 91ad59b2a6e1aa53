"""The wording: clause headings `### 1.1 Heading` with the text below them, one file a language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ringwall.product.reading.entries import Reader

HEADING = re.compile(r"^### +(?P<number>\d+(?:\.\d+)+) +(?P<title>.+?) *$")


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one clause in one language."""

    number: str
    heading: str
    text: str
    place: str


def read_wording(reader: Reader, path: str, text: str) -> dict[str, Passage]:
    """Passages by clause number, in the order in which they stand."""
    found: dict[str, Passage] = {}
    lines = text.splitlines()
    marks = [(i, m) for i, line in enumerate(lines) if (m := HEADING.match(line))]
    for place, (start, match) in enumerate(marks):
        end = marks[place + 1][0] if place + 1 < len(marks) else len(lines)
        body = [line.strip() for line in lines[start + 1 : end] if not line.startswith("#")]
        number, where = match["number"], f"{path}:{start + 1}"
        if number in found:
            reader.refuse(
                "product_clause_twice",
                where,
                f"条款 {number} 出现了两次；每个条款号只能用一次。",
                f"Clause {number} stands here twice; a number is used once.",
            )
        passage = Passage(number, match["title"], " ".join(part for part in body if part), where)
        if not passage.text:
            reader.refuse(
                "product_clause_empty",
                where,
                f"条款 {number} 没有正文；请补上。",
                f"Clause {number} has no text; add it.",
            )
        found[number] = passage
    return found
