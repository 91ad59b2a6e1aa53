"""What the pages tell a reader to type works: commands on files are run, others at least exist."""

from __future__ import annotations

import shlex
from argparse import Namespace
from pathlib import Path

import pytest
from tests.conftest import with_loops
from tests.docs.pages import DOCS, ROOT, commands, named, pages

from ringwall.shell.cli import COMMANDS
from ringwall.shell.cli.parser import Parser
from ringwall.wiring import main
from ringwall.wiring.commands.family import house_commands
from ringwall.wiring.program import Toolbox

ON_FILES = {command.NAME for command in COMMANDS}
IN_HOUSE = {command.NAME: command for command in house_commands(Path(), {})}
RUN_OPTIONS = {"--fresh", "--no-serve", "--help"}
FRONT = (ROOT / "README.md", ROOT / "README.zh.md")


def told(page: Path) -> list[list[str]]:
    return [shlex.split(line)[1:] for line in commands(page)]


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, loops: Path) -> Path:
    """The reader's place: the project's folder, with a home of its own and no network."""
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("RINGWALL_HOME", str(with_loops(tmp_path / "home", loops)))
    monkeypatch.setenv("RINGWALL_FEEDS", str(feeds))
    return tmp_path


@pytest.mark.parametrize("sheet", [page for page in pages() if page != FRONT[1]], ids=named)
def test_every_command_on_files_that_a_page_shows_ends_well(
    sheet: Path, at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`> FILE` is kept in a folder of the test's own, and found there by a later command of the page.

    The Chinese front page shows the same commands as the English one, and is left out here.
    """
    made: dict[str, Path] = {}
    for words in told(sheet):
        if words[:1] and words[0] in ON_FILES:
            argv, _, kept = split_at(words, ">")
            code = main([str(made.get(word, word)) for word in argv])
            said = capsys.readouterr()
            assert code == 0, f"{' '.join(words)}\n{said.out}{said.err}"
            assert said.out, " ".join(words)
            if kept:
                made[kept[0]] = at_home / kept[0]
                made[kept[0]].write_text(said.out, encoding="utf-8")


def split_at(words: list[str], mark: str) -> tuple[list[str], str, list[str]]:
    place = words.index(mark) if mark in words else len(words)
    return words[:place], mark, words[place + 1 :]


@pytest.mark.parametrize("sheet", pages(), ids=named)
def test_every_other_command_that_a_page_shows_exists(sheet: Path) -> None:
    for words in told(sheet):
        match words:
            case [name, *rest] if name in IN_HOUSE:
                parser = Parser(language="en")
                IN_HOUSE[name].add_arguments(parser)
                assert isinstance(parser.parse_args(rest), Namespace)
            case ["test", *_]:
                assert (ROOT / "tools" / "checks.py").exists()
            case ["bench", *_]:
                assert (ROOT / "bench" / "run.py").exists()
            case [name, *_] if name in ON_FILES:
                pass
            case options:
                assert set(options) <= RUN_OPTIONS, f"{sheet.name}: ./run {' '.join(options)}"


def test_both_front_pages_show_the_same_commands() -> None:
    """The language of an answer apart."""
    english, chinese = ([line.replace(" --lang en", "") for line in commands(page)] for page in FRONT)
    assert english == chinese
    assert sum(line.split()[1:2] != [] and line.split()[1] in ON_FILES for line in english) >= 2


def test_every_command_on_files_stands_on_the_front_pages() -> None:
    for page in FRONT:
        assert {words[0] for words in told(page) if words} >= ON_FILES


def test_the_environment_that_the_program_reads_stands_on_the_page_about_running() -> None:
    page = (DOCS / "running.md").read_text(encoding="utf-8")
    for name in ("RINGWALL_HOME", "RINGWALL_LANG", "RINGWALL_FEEDS", "DATABASE_URL", "DATABASE_OWNER_URL"):
        assert f"| `{name}` |" in page
    assert Toolbox(Path(), {"RINGWALL_LANG": "en"}).language == "en"
