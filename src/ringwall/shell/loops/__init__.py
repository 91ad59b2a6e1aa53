"""Compiled loops kept in a folder between runs, so that only the first book on a machine waits for the compiler.

The file's name is a hash of the whole text and of the compiler's versions: a changed text is another file. It is
written aside and renamed, and stands in sys.modules before it runs, so that the next process can read the work.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from threading import Lock

from ringwall.portfolio import Compile, Loop, decorated, name_of

_LOADING = Lock()
"""A module stands in sys.modules before it is whole, so another worker must wait until it is."""


def kept_in(folder: Path) -> Compile:
    """A compiler whose work stays in the folder; the folder is made when the first text comes."""
    return partial(_compiled, folder)


def _compiled(folder: Path, text: str) -> Mapping[str, Loop]:
    whole = decorated(text, kept=True)
    name = name_of(whole)
    with _LOADING:
        if name not in sys.modules:
            _load(folder, name, whole)
        return vars(sys.modules[name])


def _load(folder: Path, name: str, whole: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    if not path.exists():
        aside = folder / f"{name}.{os.getpid()}.tmp"
        aside.write_text(whole, encoding="utf-8")
        aside.replace(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None, f"{path} is a Python file"
    assert spec.loader is not None, f"{path} is a Python file"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    from ringwall.shell.loops.ready import make_ready  # loads numba: only now it is needed

    make_ready(module)
