"""`product booklet`: the clauses with the worked examples beside them, on the screen or as a PDF."""

from __future__ import annotations

from ringwall.basics import Words
from ringwall.shell.cli.products.pack import add_booklet_arguments as add_arguments
from ringwall.shell.cli.products.pack import run_booklet as run

NAME = "booklet"
HELP = Words(
    "客户手册：条款旁印有算例\n\n示例：ringwall product booklet enterprise-cyber/2026-07 --into booklet.pdf",
    "the customer's booklet: worked examples beside each clause\n\n"
    "Example: ringwall product booklet enterprise-cyber/2026-07 --into booklet.pdf",
)

__all__ = ["HELP", "NAME", "add_arguments", "run"]
