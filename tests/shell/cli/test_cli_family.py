"""Every command has one shape, speaks both languages, and keeps the three exit codes."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.shell.cli.ran import SAMPLES, Run

from ringwall.basics import Words
from ringwall.shell.cli import COMMANDS, Command, Parser, Tools

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES = [command.NAME for command in COMMANDS]


def test_the_commands_on_files_are_these() -> None:
    assert NAMES == ["settle", "price", "scan", "traffic", "portfolio", "model", "product", "verify"]


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_command_has_a_name_help_in_both_languages_arguments_and_a_run(command: Command) -> None:
    assert command.NAME.isidentifier()
    assert CHINESE.search(command.HELP.zh)
    assert not CHINESE.search(command.HELP.en)
    for language in ("zh", "en"):
        parser = Parser(language=language, prog="x")
        command.add_arguments(parser)
        for action in parser._actions:
            assert action.help or "part" in str(action.dest), f"{command.NAME} {action.dest} has no help"
    assert callable(command.run)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_comes_in_the_language_that_was_asked_for(run: Run, name: str, language: str) -> None:
    ran = run(name, "--lang", language, "--help")
    assert ran.code == 0
    assert bool(CHINESE.search(ran.out)) is (language == "zh")


def test_the_list_of_commands_names_every_command_in_both_languages(run: Run) -> None:
    for language in ("zh", "en"):
        ran = run("--lang", language, "--help") if language == "zh" else run("--help", "--lang", language)
        assert ran.code == 0
        assert all(name in ran.out for name in NAMES)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nothing"],
        ["settle"],
        ["settle", "a", "b"],
        ["settle", "--void"],
        ["portfolio", "simulate", "x", "--years", "ten"],
        ["product"],
    ],
    ids=str,
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_command_line_ends_with_two_and_says_what_is_wrong(run: Run, words: list[str], language: str) -> None:
    ran = run(*words, "--lang", language)
    assert ran.code == 2
    assert ran.out == ""
    assert "--help" in ran.err
    assert bool(CHINESE.search(ran.err.partition("✗")[2])) is (language == "zh")


def test_a_wrong_command_line_is_a_refusal_in_json_too(run: Run) -> None:
    ran = run("settle", "--json")
    assert (ran.code, ran.codes, ran.err) == (2, ["usage"], "")


def test_a_further_command_of_the_same_shape_runs_beside_the_others(run: Run) -> None:
    def add_arguments(parser: Parser) -> None:
        parser.add(Words("数", "a number"), "number", type=int)

    def greet(arguments: Namespace, tools: Tools) -> int:
        print(json.dumps({"number": arguments.number, "at": tools.now().isoformat(), "json": arguments.json}))
        return 0

    further = SimpleNamespace(NAME="greet", HELP=Words("问候", "greet"), add_arguments=add_arguments, run=greet)
    ran = run("greet", "7", "--json", extra_commands=(further,))
    assert ran.code == 0
    assert ran.document == {"number": 7, "at": "2026-03-01T12:00:00+08:00", "json": True}


def test_every_sample_is_named_by_the_help_of_some_command(run: Run) -> None:
    helped = "".join(run(name, "--help").out for name in NAMES)
    names = ("event.yaml", "risk.yaml", "consent.yaml", "book.csv", "claims.csv", "exposure.csv", "panel-log.json")
    for sample in names:
        assert (SAMPLES / sample).is_file()
        assert f"docs/samples/{sample}" in helped


def test_what_a_file_says_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    event = tmp_path / "event.yaml"
    event.write_text('name: "a\\e[2Jb"\nitems: [{name: "x\\e]0;y", part: NONE, amount_minor: 1}]\n', encoding="utf-8")
    ran = run("settle", event)
    assert ran.code == 0
    assert "\x1b" not in ran.out
