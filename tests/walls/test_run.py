"""./run itself: readable for an old Python, standard library only, and quick when nothing changed."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import stat
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from tests.walls.house import ROOT

RUN = ROOT / "run"
LIFE = str(ROOT / ".venv" / "bin" / "ringwall")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with its memory in a folder of the test."""
    loader = SourceFileLoader("run_script", str(RUN))
    spec = importlib.util.spec_from_loader("run_script", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "run_script", module)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    for name, value in {"STATE": tmp_path, "STAMPS": tmp_path / "setup.json", "LOG": tmp_path / "setup.log"}.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_commands_are_executable(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR


def test_an_old_python_can_read_it_and_needs_nothing_installed() -> None:
    tree = ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_help_is_said_without_a_set_up() -> None:
    said = subprocess.run([sys.executable, str(RUN), "--help"], capture_output=True, text=True, check=True, cwd=os.sep)
    assert "./run test" in said.stdout
    assert said.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], [LIFE, "life", "--serve"]),
        (["--no-serve"], [LIFE, "life"]),
        (["--fresh"], [LIFE, "life", "--fresh", "--serve"]),
        (["--no-serve", "--fresh"], [LIFE, "life", "--fresh"]),
        (["settle", "--help"], [LIFE, "settle", "--help"]),
        (["--frseh"], [LIFE, "--frseh"]),
    ],
)
def test_each_way_to_start_becomes_one_command(run: ModuleType, arguments: list[str], command: list[str]) -> None:
    assert run.command_for(arguments, Path("bench/run.py")) == command


def test_checks_and_benchmarks_run_in_the_environment(run: ModuleType) -> None:
    assert run.command_for(["test", "--full"], Path("b"))[1:] == [str(ROOT / "tools" / "checks.py"), "--full"]
    assert run.command_for(["bench", "terms"], Path("b"))[1:] == ["b", "terms"]


def test_nothing_is_done_twice_and_a_changed_input_is_done_again(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    inputs = {"environment": "3.11", "packages": "a", "web": "a"}

    def steps(checks: bool) -> list[object]:
        assert not checks
        return [run.Step(name, "", "", inputs[name], tmp_path, lambda name=name: done.append(name)) for name in inputs]

    monkeypatch.setattr(run, "the_steps", steps)
    for changed, expected in (
        ({}, ["environment", "packages", "web"]),
        ({}, []),
        ({"packages": "b"}, ["packages"]),
        ({"environment": "3.12"}, ["environment", "packages", "web"]),
    ):
        inputs.update(changed)
        done.clear()
        run.set_up(checks=False)
        assert done == expected


def test_a_step_that_fails_is_not_remembered(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        run.quietly([sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], "uv")

    monkeypatch.setattr(run, "the_steps", lambda checks: [run.Step("packages", "", "", "a", tmp_path, fail)])  # noqa: ARG005
    with pytest.raises(run.SetUpFailed, match="uv ended with 3"):
        run.set_up(checks=False)
    assert run.read_stamps() == {}


def test_the_pages_get_only_files_that_package_json_names() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    packages = tuple(f"{name}/" for name in package["dependencies"])
    assert all(source.startswith(packages) for source in package["served"].values())
