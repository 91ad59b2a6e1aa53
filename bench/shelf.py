"""Compiled loops kept between runs: the file's name is a hash of the whole text and of the compiler's versions.

A compiler that caches by time stamp does not notice a changed helper; here a changed text is another file. It is
written aside and renamed, and stands in sys.modules before it runs, so that its cache can be read by the next process.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEAD = "import numba\n\nfast = numba.njit(cache=True, error_model='numpy', boundscheck=False)\n\n\n"


def decorated(text: str) -> str:
    return HEAD + text.replace("def ", "@fast\ndef ")


def compiled(text: str, folder: Path) -> Callable[..., Any]:
    """The function `run` of the text, compiled on its first call or read from the folder."""
    import llvmlite
    import numba

    whole = decorated(text)
    versions = f"{numba.__version__} {llvmlite.__version__} {sys.version}"
    name = "loop_" + hashlib.sha256((whole + versions).encode()).hexdigest()[:32]
    if name in sys.modules:
        found: Callable[..., Any] = sys.modules[name].run
        return found
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    if not path.exists():
        aside = folder / f"{name}.{os.getpid()}.tmp"
        aside.write_text(whole, encoding="utf-8")
        aside.replace(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    run: Callable[..., Any] = module.run
    return run
