"""What the walls look at: every module of the product as a syntax tree, and every file that git would take."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T", bound=ast.AST)
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "ringwall"
WITH_WINDOWS = ("shell", "catalogue", "wiring")


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the product."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def room(self) -> str:
        return self.name.split("/")[0].removesuffix(".py")

    @property
    def is_core(self) -> bool:
        """Pure: everything left of the shells, the desk included."""
        return self.room not in WITH_WINDOWS and "/" in self.name

    def at(self, node: ast.AST, said: str) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)} {said}"


@cache
def modules() -> tuple[Module, ...]:
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text))


def nodes(module: Module, *kinds: type[T]) -> Iterator[T]:
    return (node for node in ast.walk(module.tree) if isinstance(node, kinds))


@cache
def files() -> tuple[Path, ...]:
    """Tracked files and those that would be; without git, nothing."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(path for name in sorted(set(listed.split("\0")) - {""}) if (path := ROOT / name).is_file())
