"""The one place that knows everything: it opens the house and hands each shell what it needs."""

from ringwall.wiring.program import main

__all__ = ["main"]
