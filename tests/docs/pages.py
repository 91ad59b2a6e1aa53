"""The documents as the tests read them: pages, headings, tables, links, commands."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def pages() -> tuple[Path, ...]:
    """Every page that people read, the front pages first."""
    front = (ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md")
    return (*front, *sorted(DOCS.rglob("*.md")))


def named(page: Path) -> str:
    """How a test calls a page."""
    return page.relative_to(ROOT).as_posix()


def fenced(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [body for kind, body in FENCE.findall(text_of(page)) if kind == language]


def commands(page: Path) -> list[str]:
    """What a reader is told to type after `./run`, with what follows a # left out."""
    lines = (line.split("  #")[0].strip() for block in fenced(page, "sh") for line in block.splitlines())
    return [line for line in lines if line.startswith("./run")]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return FENCE.sub("", text_of(page))


def anchors(page: Path) -> set[str]:
    """What a link to a heading of the page may name."""
    return {slug(line.lstrip("#").strip()) for line in prose(page).splitlines() if line.startswith("#")}


def slug(heading: str) -> str:
    kept = (c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of the tables in a text, without headings and rules."""
    found: list[tuple[str, ...]] = []
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
        is_rule = all(set(cell) <= {"-", ":"} for cell in cells)
        heads = set(after) <= {"|", "-", ":", " "} and "-" in after
        if not is_rule and not heads:
            found.append(cells)
    return found


def sections(page: Path, mark: str = "### ") -> dict[str, str]:
    """The text below each heading of one depth."""
    parts = re.split(rf"^{mark}", text_of(page), flags=re.MULTILINE)[1:]
    higher = re.compile(rf"^#{{1,{len(mark) - 2}}} ", re.MULTILINE)
    titled = (part.partition("\n") for part in parts)
    return {title.strip(): higher.split(text)[0] for title, _, text in titled}
