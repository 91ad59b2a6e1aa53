"""From a definition and the numbers of a schedule to the graph that every reader reads."""

from ringwall.terms.compiling.compile import compile_terms

__all__ = ["compile_terms"]
