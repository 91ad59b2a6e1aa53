"""The commands of an actuary: one module each, the same four names inside, and this tuple of all of them."""

from __future__ import annotations

from ringwall.shell.cli.models import card, check, compare, fit
from ringwall.shell.cli.parser import Command

BELOW: tuple[Command, ...] = (check, fit, compare, card)
