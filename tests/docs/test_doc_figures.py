"""The figures on the front pages are those of the main job, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.conftest import FreshDatabase, as_superuser
from tests.docs.pages import ROOT, fenced

from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue, load_catalogue
from ringwall.portfolio import read_portfolio
from ringwall.shell.feeds.built_in import built_in
from ringwall.shell.store.embedded import EmbeddedServer
from ringwall.wiring.house import from_package, furnish
from ringwall.wiring.life import Teller, tell
from ringwall.wiring.people import shipped_case

Shown = set[tuple[str, str]]


@pytest.fixture(scope="module")
def told(server: EmbeddedServer, template: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """Label and value of every figure of the year, by language."""
    with as_superuser(server) as connection:
        connection.execute(f"create database the_year_of_the_pages template {template} owner ringwall_owner")
    catalogue = load_catalogue(from_package, built_in())
    assert isinstance(catalogue, Catalogue)
    book = read_portfolio(read_folder("book")["opening.csv"])
    home = tmp_path_factory.mktemp("pages")
    with furnish(home, FreshDatabase(server, "the_year_of_the_pages"), catalogue) as house:
        steps = tell(house, shipped_case(), book, Teller("zh", quiet=True))
    figures = [figure for step in steps for figure in step.figures]
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
