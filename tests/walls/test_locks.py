"""The locks hold every package that pyproject.toml and package.json ask for, with a hash and without an address."""

from __future__ import annotations

import json
import re
import tomllib

from tests.walls.house import ROOT

REFRESH = "run .venv/bin/python tools/lock.py"
LOCKS = ("bootstrap.lock", "requirements.lock", "requirements-checks.lock")


def locked(*names: str) -> dict[str, str]:
    """Package to version, in all these locks."""
    pinned = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
    return dict(pair for name in names for pair in pinned.findall((ROOT / name).read_text(encoding="utf-8")))


def asked(requirements: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", line)[0]).lower() for line in requirements}


def test_every_package_that_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert asked(project["dependencies"] + extras["setup"]) <= locked("requirements.lock").keys(), REFRESH
    assert asked(extras["checks"]) <= locked(*LOCKS[1:]).keys(), REFRESH


def test_no_package_has_two_versions() -> None:
    assert not locked("requirements.lock").keys() & locked("requirements-checks.lock").keys(), REFRESH


def test_every_locked_package_has_a_hash_and_no_address() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        entries = re.split(r"\n(?=[\w])", text.strip())
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == [], name


def test_the_web_lock_pins_what_package_json_asks_for_without_an_address() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads(text)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted, REFRESH
    assert all("integrity" in package for name, package in packages.items() if name), REFRESH
    assert "://" not in text, REFRESH
