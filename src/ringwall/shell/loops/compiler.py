"""How loops and the functions that only loops call are compiled: to the same code as by numba's own compiler, sooner.

Both go through the passes alone that can change such texts. Code of a function that only loops call is optimised and
compiled with the loop's own, and not by itself before; a loop's way in for Python is compiled without being optimised.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager
from numba.core.typed_passes import (
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    DeadBranchPrune,
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    RewriteSemanticConstants,
    TranslateByteCode,
)

PASSES = (
    TranslateByteCode,
    FixupArgs,
    IRProcessing,
    RewriteSemanticConstants,
    DeadBranchPrune,
    GenericRewrites,
    ReconstructSSA,
    NopythonTypeInference,
    PreLowerStripPhis,
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
)
"""Without those for closures, `with`, raises, literals, whole-array expressions and parallel loops: there are none."""


class Looping(CompilerBase):
    """The compiler of a loop."""

    def define_pipelines(self) -> list[Any]:
        self.state.library = self.library(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        self.state.library.enable_object_caching()
        passes: Any = PassManager("loop")  # type: ignore[no-untyped-call]
        for each in PASSES:
            passes.add_pass(each, each.__name__)
        passes.finalize()
        return [passes]

    def library(self, codegen: Any, name: str) -> CPUCodeLibrary:
        return Compiled(codegen, name)  # type: ignore[no-untyped-call]


class Inner(Looping):
    """The compiler of a function that only loops call."""

    def library(self, codegen: Any, name: str) -> CPUCodeLibrary:
        return Uncompiled(codegen, name)  # type: ignore[no-untyped-call]


class Compiled(JITCodeLibrary):
    """Code of a loop. Its way in unpacks some sixty arrays a call, and takes longer to optimise than it ever runs."""

    def add_ir_module(self, module: Any) -> None:
        if module.name == "wrapper":
            for function in module.functions:
                if not function.is_declaration:
                    function.attributes.add("noinline")
                    function.attributes.add("optnone")
        super().add_ir_module(module)  # type: ignore[no-untyped-call]


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
