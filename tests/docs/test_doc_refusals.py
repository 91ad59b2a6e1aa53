"""docs/refusals.md is what the source gives: every use case that may be asked for, every code with its words."""

from __future__ import annotations

import ast

from tests.docs.pages import DOCS, rows, sections
from tests.walls.house import modules, nodes
from tools import refusals

from ringwall.desk.permissions import PERMISSIONS

PAGE = DOCS / "refusals.md"


def written() -> set[str]:
    """The codes that the page has."""
    text = next(text for title, text in sections(PAGE, "## ").items() if title.endswith("Refusals"))
    return {row[0].strip("`") for row in rows(text) if row[0]}


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == refusals.document(), "run .venv/bin/python tools/refusals.py"


def test_every_use_case_that_may_be_asked_for_stands_on_the_page() -> None:
    text = next(text for title, text in sections(PAGE, "## ").items() if title.endswith("Actions"))
    assert {row[0].strip("`") for row in rows(text)} == set(PERMISSIONS)


def test_every_code_that_the_source_gives_outright_stands_on_the_page() -> None:
    """Counted apart from the tool: the first argument of every `refuse`."""
    given = {
        call.args[0].value
        for module in modules()
        for call in nodes(module, ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "refuse" and call.args
        if isinstance(call.args[0], ast.Constant)
    }
    assert given <= written()


def test_no_refusal_is_without_words_in_either_language() -> None:
    wordless = [code for code, said in refusals.codes().items() if any(not s.zh or not s.en for s in said)]
    assert not wordless


def test_a_code_is_one_word_in_small_letters() -> None:
    assert all(code.replace("_", "").isalpha() and code == code.lower() for code in written())
