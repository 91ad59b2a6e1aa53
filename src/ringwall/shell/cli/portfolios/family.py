"""The commands on files of a book: one module each, the same four names inside, and this tuple of all of them."""

from __future__ import annotations

from ringwall.shell.cli.parser import Command
from ringwall.shell.cli.portfolios import check, oasis, oed, totals

BELOW: tuple[Command, ...] = (check, totals, oed, oasis)
