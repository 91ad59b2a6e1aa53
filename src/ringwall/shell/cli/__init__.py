"""The command line: one module a command, answers for people and for machines, files in and no database."""

from ringwall.shell.cli.answer import Answer, print_document, show
from ringwall.shell.cli.commands.family import COMMANDS
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Command, Listed, Parser, Work
from ringwall.shell.cli.program import main
from ringwall.shell.cli.refused import Refused
from ringwall.shell.cli.tools import Lab, Tools

__all__ = [
    "COMMANDS",
    "Answer",
    "Command",
    "Lab",
    "Listed",
    "Page",
    "Parser",
    "Refused",
    "Tools",
    "Work",
    "main",
    "print_document",
    "show",
]
