"""The figures on the front pages are those of the main job, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, fenced
from tests.told_year import ToldYear

Shown = set[tuple[str, str]]


@pytest.fixture
def told(told_year: ToldYear) -> dict[str, Shown]:
    """Label and value of every figure of the year, by the language of the page."""
    figures = [figure for _, figure in told_year.figures]
    return {
        "README.md": {(figure.label.en, figure.value) for figure in figures},
        "README.zh.md": {(figure.label.zh, figure.value) for figure in figures},
    }


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_figure_on_a_front_page_is_one_of_the_main_job(name: str, told: dict[str, Shown]) -> None:
    lines = [line for block in fenced(ROOT / name, "text") for line in block.splitlines()]
    shown = {tuple(re.split(r"\s{2,}", line.strip(), maxsplit=1)) for line in lines}
    assert len(shown) >= 10
    assert shown <= told[name], f"not of the main job: {sorted(shown - told[name])}"


def test_the_front_pages_are_there() -> None:
    assert all((ROOT / name).is_file() for name in ("README.md", "README.zh.md", "CHANGELOG.md", "LICENSE"))
    assert Path(ROOT / "README.zh.md").read_text(encoding="utf-8").startswith("# Ringwall")
