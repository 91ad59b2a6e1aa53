"""An answer for people: headings, lines, tables and trees on a terminal, in the reader's language."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, TextIO
from unicodedata import category

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ringwall.basics import Language, Refusal, Words, yuan

if TYPE_CHECKING:
    from ringwall.terms import Between

Said = str | Words
WIDE_ENOUGH = 140
"""Columns where nobody says how wide the paper is: a file or a pipe."""


LONGEST_WHOLE_WORD = 12
GAP = 3
"""Columns of paper between two columns of a table."""


def money(minor: int | None) -> str:
    """Whole fen as people read it; a dash where there is no amount."""
    return "—" if minor is None else f"¥ {yuan(minor)}"


def span(amount: Between) -> str:
    """One amount, or from what to what in two lines where something is open."""
    return money(amount.low) if amount.exact else f"{money(amount.low)} –\n{money(amount.high)}"


def printable(text: str) -> str:
    """What a file or a host says may not steer the terminal: control characters become a mark."""
    return "".join(sign if sign == "\n" or not category(sign).startswith("C") else "\ufffd" for sign in text)


def least_width(cells: Iterable[str], between: str | None) -> int:
    """So wide that narrow paper breaks no word of a column, but for very long ones, and no figure at all."""
    widest = max((cell_len(part) for cell in cells for part in cell.split(between)), default=1)
    return widest if between else min(widest, LONGEST_WHOLE_WORD)


class _Console(Console):
    """Says that the reader has gone, as `print` does, where rich would end the program."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Page:
    """Writes to one stream; words are given in both languages and shown in one."""

    def __init__(self, language: Language, stream: TextIO) -> None:
        self.language: Language = language
        asked = os.environ.get("COLUMNS", "")
        width = None if stream.isatty() or asked.isdigit() else WIDE_ENOUGH
        self._console = _Console(file=stream, width=width, markup=False, highlight=False, emoji=False)

    def word(self, said: Said) -> str:
        return printable(said if isinstance(said, str) else said.in_language(self.language))

    def title(self, said: Said) -> None:
        self._console.print(Text(self.word(said), style="bold"))

    def heading(self, said: Said) -> None:
        self._console.print()
        self._console.print(Text(self.word(said), style="bold cyan"))

    def line(self, said: Said, style: str = "") -> None:
        self._console.print(Text(self.word(said), style=style), soft_wrap=True)

    def table(self, columns: Sequence[Said], rows: Iterable[Sequence[Said]], numbers: Sequence[int] = ()) -> None:
        """`numbers` are the places of columns that are read from the right; narrow paper cuts off no figure."""
        texts = [[self.word(cell) for cell in row] for row in rows]
        drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        needed = 0
        for place, column in enumerate(columns):
            head, figures = self.word(column), place in numbers
            cells = [head, *(row[place] for row in texts)]
            least = least_width(cells, "\n" if figures else None)
            side: Literal["left", "right"] = "right" if figures else "left"
            drawn.add_column(head, justify=side, no_wrap=figures, overflow="fold", min_width=least)
            needed += least + GAP
        for row in texts:
            drawn.add_row(*(Text(cell) for cell in row))
        self._console.print(drawn, width=max(self._console.width, needed), crop=False)

    def tree(self, root: Tree) -> None:
        self._console.print(root)

    def refusals(self, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            said = Text.assemble(
                ("✗ ", "bold red"),
                (printable(f"{refusal.where} "), "bold"),
                self.word(refusal.message),
                (f" [{refusal.code}]", "dim"),
            )
            self._console.print(said, soft_wrap=True)
