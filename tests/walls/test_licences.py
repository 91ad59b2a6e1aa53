"""Every data file says where it is from: docs/data-origins.csv has a line for it, and none is a third party's."""

from __future__ import annotations

import csv
import functools
import re
from pathlib import Path

from tests.walls.house import ROOT

REGISTER = ROOT / "docs" / "data-origins.csv"
# own: written for this project; facts: a small table of cited facts, each with source and date; run: our own programs'
# output. There is no kind for a third party's file: those never go into the tree.
KINDS = {"own", "facts", "run"}
SHELVES = ("src/ringwall/catalogue", "tests")
NO_DATA = {".py", ".pyc"}


def register() -> list[dict[str, str]]:
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def data_files() -> list[str]:
    found = (path for shelf in SHELVES for path in (ROOT / shelf).rglob("*") if path.is_file())
    return sorted(path.relative_to(ROOT).as_posix() for path in found if is_data(path))


def is_data(path: Path) -> bool:
    return path.suffix not in NO_DATA and not any(part.startswith((".", "__")) for part in path.relative_to(ROOT).parts)


@functools.cache
def pattern(files: str) -> re.Pattern[str]:
    """`*` stays in one folder, `**` goes below."""
    wild = {"**": ".*", "*": "[^/]*"}
    return re.compile("".join(wild.get(part) or re.escape(part) for part in re.split(r"(\*+)", files)))


def test_every_data_file_has_an_origin() -> None:
    lines = register()
    missing = [name for name in data_files() if not any(pattern(line["files"]).fullmatch(name) for line in lines)]
    columns = "files,kind,licence,origin"
    assert not missing, f"add a line ({columns}) to {REGISTER.relative_to(ROOT)} for:\n" + "\n".join(missing)


def test_every_line_of_the_register_is_complete_and_speaks_of_a_file() -> None:
    names = data_files()
    for line in register():
        files = line["files"]
        assert line["kind"] in KINDS, f"{files}: kind is one of {sorted(KINDS)}"
        assert line["licence"] == "Apache-2.0", f"{files}: our own work and bare facts are under the project's licence"
        assert line["origin"].strip(), f"{files}: say where it is from"
        assert any(pattern(files).fullmatch(name) for name in names), f"{files}: no such file, drop the line"
