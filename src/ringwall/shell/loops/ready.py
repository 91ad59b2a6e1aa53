"""What an earlier process compiled, read without the compiler's own rules; and the compiler itself, quicker to work.

Before it looks into its files, numba loads what it needs to type and lower a function: a third of a second, of which
code that is compiled already needs nothing. Where the files do not hold what is asked for, it is loaded all the same.
"""

from __future__ import annotations

import gc
from functools import cache
from types import ModuleType
from typing import Any

from numba.core import event
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher
from numba.core.runtime.nrt import rtsys

from ringwall.shell.loops.compiler import Inner, Looping


class Kept(FunctionCache):
    """The files of one function; what is in them needs the runtime that counts references, and no registry."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        rtsys.initialize(target_context)
        found = self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        if found is None:
            before_the_first_is_compiled()
        return found


class Uncollected(event.Listener):
    """No search for rubbish while a loop is compiled, nor ever among what is there then.

    The compiler makes millions of objects and keeps most of them until the process ends.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.was_on = False

    def on_start(self, _: Any) -> None:
        if not self.depth:
            self.was_on = gc.isenabled()
            gc.disable()
        self.depth += 1

    def on_end(self, _: Any) -> None:
        self.depth -= 1
        if not self.depth:
            gc.freeze()
            if self.was_on:
                gc.enable()


def make_ready(module: ModuleType) -> None:
    """Every function of the module, before its first call."""
    functions: list[Any] = [each for each in vars(module).values() if isinstance(each, Dispatcher)]
    for function in functions:
        if isinstance(function._cache, FunctionCache):
            function._cache = Kept(function.py_func)  # type: ignore[no-untyped-call]
            function._compiler.pipeline_class = Looping
        else:
            function._compiler.pipeline_class = Inner


@cache
def before_the_first_is_compiled() -> None:
    """Once, before the first loop is compiled."""
    event.register("numba:compile", Uncollected())  # type: ignore[no-untyped-call]
    leave_linear_algebra_out()


def leave_linear_algebra_out() -> None:
    """The compiler asks scipy for one when it starts, a fifth of a second; no loop multiplies matrices."""
    from numba.np import linalg

    asked = linalg.ensure_blas
    linalg.ensure_blas = _there_is_none
    try:
        import numba.np.arraymath  # noqa: F401 asks once, while it is loaded
    finally:
        linalg.ensure_blas = asked


def _there_is_none() -> None:
    raise ImportError("loops are compiled without a linear algebra")
