"""A folder that keeps finished blocks, so that a run which was broken off goes on where it stood."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ringwall.portfolio import Columns


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One file a block, named by what determines it; it is written aside and renamed, so it is there whole or not."""

    folder: Path

    def read(self, name: str) -> Columns | None:
        """A file that cannot be read, for whatever reason, is no block: it is computed again."""
        try:
            with np.load(self._path(name), allow_pickle=False) as held:
                return {column: held[column] for column in held.files}
        except (OSError, ValueError, EOFError, BadZipFile):
            return None

    def write(self, name: str, columns: Columns) -> None:
        aside = self.folder / f"{name}.{os.getpid()}.tmp"
        with aside.open("wb") as file:
            np.savez(file, **columns)  # type: ignore[arg-type]
        aside.replace(self._path(name))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.npz"


def open_folder(folder: Path) -> RunFolder:
    """The folder is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return RunFolder(folder)
