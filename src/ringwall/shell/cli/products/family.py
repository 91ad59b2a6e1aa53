"""The commands of a product manager: one module each, the same four names inside, and this tuple of all of them."""

from __future__ import annotations

from ringwall.shell.cli.parser import Command
from ringwall.shell.cli.products import backtest, booklet, diff, new, pack

BELOW: tuple[Command, ...] = (new, diff, backtest, pack, booklet)
