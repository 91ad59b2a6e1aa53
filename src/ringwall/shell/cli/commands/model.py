"""`model`: check, refit, compare and describe a version of the loss model."""

from __future__ import annotations

from argparse import Namespace

from ringwall.basics import Words
from ringwall.shell.cli.models.family import BELOW
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.tools import Tools

NAME = "model"
HELP = Words(
    "损失模型：check 检验，fit 用自己的理赔重新拟合，compare 比较版本，card 模型卡\n\n"
    "示例：ringwall model fit docs/samples/claims.csv docs/samples/exposure.csv；ringwall model card",
    "the loss model: check (K1 to K21), fit (to own claims), compare (two versions), card (what it is for and rests on)"
    "\n\n"
    "Example: ringwall model fit docs/samples/claims.csv docs/samples/exposure.csv, ringwall model card",
)


def add_arguments(parser: Parser) -> None:
    below = parser.commands(Words("子命令", "commands"), "part")
    for command in BELOW:
        command.add_arguments(parser.command(below, command.NAME, command.HELP))


def run(arguments: Namespace, tools: Tools) -> int:
    runs = {command.NAME: command.run for command in BELOW}
    return runs[arguments.part](arguments, tools)
