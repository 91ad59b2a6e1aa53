"""Every link and every path that a page names leads somewhere, and every decision has its five parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.pages import DOCS, ROOT, anchors, named, pages, prose, sections

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`([a-z_]+/[\w./-]*\.(?:py|yaml|md|sql|csv|toml|lock|json|html))`")
PICTURES = DOCS / "pictures"
PARTS = ("Decision", "Why", "What was left", "Consequences")


def links(page: Path) -> Iterator[str]:
    return (link for link in LINK.findall(prose(page)) if "://" not in link)


def leads_to(page: Path, link: str) -> str:
    """What is wrong with a link, or nothing."""
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if target.parent == PICTURES:
        return ""
    if not target.exists():
        return f"{named(page)}: {link} is not there"
    if anchor and anchor not in anchors(target):
        return f"{named(page)}: {link} names no heading"
    return ""


@pytest.mark.parametrize("sheet", pages(), ids=named)
def test_every_link_leads_somewhere(sheet: Path) -> None:
    wrong = [fault for link in links(sheet) if (fault := leads_to(sheet, link))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("sheet", pages(), ids=named)
def test_every_path_in_code_marks_is_there(sheet: Path) -> None:
    """A path may leave out `src/ringwall/`."""
    wrong = [path for path in PATH.findall(prose(sheet)) if not is_there(path)]
    assert not wrong, f"{named(sheet)}: {', '.join(wrong)}"


def is_there(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / "src" / "ringwall" / path).exists()


def test_every_picture_that_a_page_shows_is_there() -> None:
    if not PICTURES.exists():
        pytest.skip("docs/pictures is not there yet: the pictures are taken from the running portal")
    shown = [(page, link) for page in pages() for link in links(page) if "pictures/" in link]
    wrong = [link for page, link in shown if not (page.parent / link).exists()]
    assert not wrong, ", ".join(wrong)


@pytest.mark.parametrize("sheet", sorted((DOCS / "decisions").glob("*.md")), ids=named)
def test_a_decision_is_numbered_says_its_area_and_has_its_parts(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert text.startswith(f"# {sheet.name[:4]} ")
    assert "\n**Area:** " in text
    assert tuple(sections(sheet, "## ")) == PARTS


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
