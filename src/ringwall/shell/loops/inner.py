"""Functions that only loops call: their code is optimised and compiled with the loop's own, and not by itself before.

The compiler would do both twice, a sixth of its time. The loops give the same bits and are as fast.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import CPUCodeLibrary
from numba.core.compiler import Compiler


class Inner(Compiler):
    """The compiler of such a function."""

    def define_pipelines(self) -> Any:
        state = self.state
        state.library = Uncompiled(state.targetctx.codegen(), state.func_id.func_qualname)  # type: ignore[no-untyped-call]
        return super().define_pipelines()  # type: ignore[no-untyped-call]


class Uncompiled(CPUCodeLibrary):
    """Code to be linked into that of loops; it has no address, and so no place for an environment either."""

    def _optimize_final_module(self) -> None:
        """Left to the loop."""

    def _finalize_final_module(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, _: str) -> int:
        return 0

    @property
    def codegen(self) -> Uncompiled:
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """What Python code of the function would need."""
