"""The command line loads what the command asked for needs, and nothing of the rest of the house."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.shell.cli.ran import SAMPLES

ASK = """
import sys
from ringwall.wiring import main
code = main(sys.argv[1:])
print(code, *sorted(sys.modules), file=sys.stderr)
"""
BOOK_ENGINES = {"numba", "llvmlite", "scipy"}
FILES_AND_DATABASE = {"duckdb", "psycopg", "procrastinate", "ringwall.shell.store"}
PORTAL = {"fastapi", "starlette", "pydantic", "jinja2", "uvicorn", "ringwall.shell.web", "ringwall.shell.api"}
LOOKS = {"dns", "cryptography", "ringwall.shell.probes"}
PRESS = {"typst", "ringwall.shell.documents"}
NOT_FOR_FILES = BOOK_ENGINES | FILES_AND_DATABASE | PORTAL | LOOKS | PRESS


def loaded(*words: str) -> set[str]:
    """The modules that stand in the process once the command has ended well."""
    done = subprocess.run([sys.executable, "-c", ASK, *words], capture_output=True, text=True, check=True)
    code, *modules = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_of_the_command_line_loads_neither_a_room_nor_what_the_rooms_need(language: str) -> None:
    found = loaded("--help", "--lang", language)
    assert not found & NOT_FOR_FILES
    rooms = {name.split(".")[1] for name in found if name.startswith("ringwall.")}
    assert rooms == {"basics", "catalogue", "shell", "wiring"}
    assert not found & {"numpy", "yaml"}


def test_to_settle_an_event_loads_neither_compiler_nor_database_nor_portal_nor_probes() -> None:
    assert not loaded("settle", str(SAMPLES / "event.yaml")) & NOT_FOR_FILES


def test_to_verify_a_file_loads_neither_compiler_nor_database_nor_portal_nor_probes() -> None:
    assert not loaded("verify", str(SAMPLES / "panel-log.json")) & NOT_FOR_FILES


@pytest.mark.parametrize("name", ["life", "serve", "messages", "watch", "feeds", "hand-in"])
def test_the_help_of_a_command_in_the_house_loads_neither_portal_nor_compiler(name: str) -> None:
    assert not loaded(name, "--help") & (PORTAL | {"numba", "llvmlite"})
