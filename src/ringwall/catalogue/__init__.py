"""The catalogue: products, models, questions and schemes as versioned text, read from the package and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

TEXTS = (".md", ".yaml", ".yml", ".csv", ".json", ".txt")


def read_folder(*parts: str) -> dict[str, str]:
    """All texts below a folder of the catalogue, by their path relative to it, in order of path."""
    root = files(__name__).joinpath(*parts)
    return dict(sorted(_texts(root, ""))) if root.is_dir() else {}


def _texts(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        if entry.is_dir():
            yield from _texts(entry, f"{name}/")
        elif entry.name.endswith(TEXTS):
            yield name, entry.read_text(encoding="utf-8")
