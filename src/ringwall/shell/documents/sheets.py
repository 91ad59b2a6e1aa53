"""A table as the templates take it: words of one language, and how wide and on which side each column stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

from ringwall.basics import Language, Words

Cell = str | Words
FIGURE = re.compile(r"(CNY )?-?[\d,]+(\.\d\d)?( 元| %| 小时| hours?| 秒| s)?( – -?[\d,]+\.\d\d)?|—|")
"""What is read from the right: an amount or two, a share, a count, a length of time, or nothing."""
CLAUSE = ("条款", "条款号")
SHORT = {True: 16, False: 8}
"""A column of text up to this many letters takes what it needs; where columns are many, that is more of them."""
MANY = 4


def sheet(
    heading: Words, columns: Sequence[Words], rows: Sequence[Sequence[Cell]], language: Language, note: str = ""
) -> dict[str, Any]:
    texts = [[word(cell, language) for cell in row] for row in rows]
    places = range(len(columns))
    figures = [columns[place].zh not in CLAUSE and is_figures([row[place] for row in texts]) for place in places]
    longest = [max((letters(row[place]) for row in texts), default=0) for place in places]
    wide = [place for place in places if not figures[place] and longest[place] > SHORT[len(columns) >= MANY]]
    sharing = wide or [max(places, key=lambda place: (not figures[place], longest[place]))]
    return {
        "heading": word(heading, language),
        "columns": [word(column, language) for column in columns],
        "rows": texts,
        "widths": [min(max(longest[place], 1), 60) if place in sharing else 0 for place in places],
        "sides": ["right" if figure else "left" for figure in figures],
        "note": note,
    }


def is_figures(texts: Sequence[str]) -> bool:
    return any(texts) and all(FIGURE.fullmatch(text) for text in texts)


def letters(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if east_asian_width(sign) in "FW" else 1 for sign in text)


def word(cell: Cell, language: Language) -> str:
    return cell if isinstance(cell, str) else cell.in_language(language)
