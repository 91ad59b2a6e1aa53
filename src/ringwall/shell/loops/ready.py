"""What an earlier process compiled, read without the compiler's own rules.

Before it looks into its files, numba loads what it needs to type and lower a function, and even asks for a linear
algebra: a third of a second and more, of which code that is compiled already needs nothing. Where the files do not
hold what is asked for, numba loads all of it before it compiles.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher
from numba.core.runtime.nrt import rtsys


class Kept(FunctionCache):
    """The files of one function; a kept work needs the runtime that counts references, and no registry."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        rtsys.initialize(target_context)
        return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]


def read_without_compiler(module: ModuleType) -> None:
    """Every function of the module, before its first call."""
    for function in vars(module).values():
        if isinstance(function, Dispatcher):
            function._cache = Kept(function.py_func)  # type: ignore[attr-defined, no-untyped-call]
