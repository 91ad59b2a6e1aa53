"""From the text of loops to functions that run fast: which text, and how it is compiled in memory.

A compiler that keeps its work on disk needs a folder, which the core does not have: whoever has one passes a `Compile`
of its own. Helpers stand in the same text as the loops that use them, so that a changed helper is a changed text.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from ringwall.portfolio.engine.kernels import arrivals, chance, items, sums, tile, years

Loop = Callable[..., Any]
Compile = Callable[[str], Mapping[str, Loop]]
"""Gives the functions of a text by name."""

HEAD = """\
from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

how = {{"nogil": True, "error_model": "numpy", "boundscheck": False, "no_cfunc_wrapper": True}}
how["_nrt"] = False  # no loop makes an array or keeps one: nothing to count
loop = numba.njit(**how, cache={kept})  # with all that it calls: nothing else is kept
inner = numba.njit(**how, no_cpython_wrapper=True)
inline = numba.njit(**how, no_cpython_wrapper=True, forceinline=True)


"""
_IMPORTS = re.compile(r"^from [\w.]+ import (?:\([^)]*\)|[^\n]*)\n|^import [^\n]*\n", re.MULTILINE)
_ENTRIES = ("draw", "order_years", "add_up", "run", "fresh")
"""What may be called from outside; a way in for Python costs compiling time."""
_EACH_EVENT = ("half_even", "portion", "near", "follow", "in_date_order", "preceding", "later", "date_of")
_EACH_POLICY = ("happen", "put_in_order", "find_crowded", "spend", "cost_plain")
_INLINE = (*_EACH_EVENT, *_EACH_POLICY)
"""Functions that take many columns or little time: a call would cost too much beside their work."""


@cache
def engine_text() -> str:
    """The loops of the engine in one text, in the order in which they use each other."""
    modules = (chance, arrivals, items, years, tile, sums)
    return "\n".join(_IMPORTS.sub("", inspect.getsource(module)) for module in modules)


@cache
def terms_text(text: str) -> str:
    """The loop of a plan with places that cannot be negative: nothing is asked for at the end of a column."""
    loops = r"^( +)for (place|item|j) in (range\(.*\)):$"
    unsigned = re.sub(loops, r"\1for at_\2 in \3:\n\1    \2 = np.uint64(at_\2)", text, flags=re.MULTILINE)
    unsigned = unsigned.replace("event = order[place]", "event = np.uint64(order[place])")
    return unsigned.replace("[event + 1]", "[event + np.uint64(1)]")


@cache
def decorated(text: str, *, kept: bool) -> str:
    """The text as a module for the compiler; `kept`: its work is kept beside the file."""
    return HEAD.format(kept=kept) + re.sub(r"^def (\w+)", _marked, text, flags=re.MULTILINE)


def _marked(function: re.Match[str]) -> str:
    name = function[1]
    mark = "loop" if name in _ENTRIES else "inline" if name in _INLINE else "inner"
    return f"@{mark}\n{function[0]}"


@cache
def name_of(text: str) -> str:
    """The same name only for the same text, compiler and interpreter."""
    import llvmlite
    import numba

    versions = f"{numba.__version__} {llvmlite.__version__} {sys.version}"
    return "loop_" + hashlib.sha256((text + versions).encode()).hexdigest()[:32]


def in_memory(text: str) -> Mapping[str, Loop]:
    """Compiled anew in every process."""
    whole = decorated(text, kept=False)
    name = name_of(whole)
    if name not in sys.modules:
        module = ModuleType(name)
        exec(compile(whole, f"<{name}>", "exec"), module.__dict__)
        sys.modules[name] = module
    return vars(sys.modules[name])
