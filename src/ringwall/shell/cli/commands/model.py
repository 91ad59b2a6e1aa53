"""`model`: check, refit, compare and describe a version of the loss model."""

from __future__ import annotations

from argparse import Namespace

from ringwall.basics import Words
from ringwall.shell.cli.models.family import BELOW
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.tools import Tools


def add_arguments(parser: Parser) -> None:
    below = parser.commands(Words("子命令", "commands"), "part")
    for command in BELOW:
        command.add_arguments(parser.command(below, command.NAME, command.HELP))


def run(arguments: Namespace, tools: Tools) -> int:
    runs = {command.NAME: command.run for command in BELOW}
    return runs[arguments.part](arguments, tools)
