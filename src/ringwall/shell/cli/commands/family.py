"""The family of commands: one module each, the same four names inside, and this tuple of all of them."""

from __future__ import annotations

from ringwall.shell.cli.commands import model, portfolio, price, product, scan, settle, traffic, verify
from ringwall.shell.cli.parser import Command

COMMANDS: tuple[Command, ...] = (settle, price, scan, traffic, portfolio, model, product, verify)
