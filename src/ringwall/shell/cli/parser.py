"""How a command line is read: help and complaints in the reader's language, the same options on every command."""

from __future__ import annotations

import argparse
import re
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, Protocol

from ringwall.basics import Language, Refusal, Words, refuse
from ringwall.shell.cli.tools import Tools

USAGE = 2
COMPLAINTS = (
    (r"the following arguments are required: (.*)", "缺少参数：{}"),
    (r"unrecognized arguments: (.*)", "不认识的参数：{}"),
    (r"argument (.*?): expected one argument", "参数 {} 需要一个值"),
    (r"argument (.*?): expected at least one argument", "参数 {} 至少需要一个值"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", "参数 {} 的值 {} 不可用；可用：{}"),
    (r"argument (.*?): invalid int value: (.*)", "参数 {} 的值 {} 不是整数"),
    (r"argument (.*?): not allowed with argument (.*)", "参数 {} 与 {} 不能同时使用"),
    (r"argument (.*?): (.*)", "参数 {}：{}"),
)
"""What argparse says, and the same in Chinese."""


class UsageError(Exception):
    """The command line itself cannot be read."""

    def __init__(self, refusal: Refusal, usage: str) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.usage = usage


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Says `usage` in the reader's language."""

    prefix = Words("用法：", "usage: ")
    language: Language = "zh"

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self.prefix.in_language(self.language) if prefix is None else prefix)


class ChineseFormatter(Formatter):
    language: Language = "zh"


class EnglishFormatter(Formatter):
    language: Language = "en"


class Parser(argparse.ArgumentParser):
    """A parser that knows the reader's language and raises where argparse would end the program."""

    def __init__(self, *, language: Language, **how: Any) -> None:
        how.setdefault("formatter_class", ChineseFormatter if language == "zh" else EnglishFormatter)
        super().__init__(add_help=False, allow_abbrev=False, **how)
        self.language: Language = language
        self._fill: Fill | None = None
        self._positionals.title = self.word(Words("参数", "arguments"))
        self._optionals.title = self.word(Words("选项", "options"))
        self.add_argument("-h", "--help", action="help", help=self.word(Words("显示本说明", "show this help")))

    def word(self, said: Words) -> str:
        return said.in_language(self.language)

    def add(self, said: Words, *names: str, **how: Any) -> None:
        """An argument with its help in both languages."""
        self.add_argument(*names, help=self.word(said).replace("%", "%%"), **how)

    def commands(self, title: Words, dest: str) -> argparse._SubParsersAction[Parser]:
        """A place for commands below this one."""
        return self.add_subparsers(title=self.word(title), dest=dest, metavar="COMMAND", required=True)

    def command(
        self, below: argparse._SubParsersAction[Parser], name: str, said: Words, fill: Fill | None = None
    ) -> Parser:
        """One of the commands below; `fill` adds its arguments, and is called only when this command is asked for."""
        text = self.word(said)
        own = below.add_parser(
            name, language=self.language, help=text.partition("\n")[0].replace("%", "%%"), description=text
        )
        own._fill = fill
        return own

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._fill:
            fill, self._fill = self._fill, None
            fill(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        prog = self.prog
        zh, en = f"{in_chinese(message)}；用法见 {prog} --help。", f"{message}; see {prog} --help."
        raise UsageError(refuse("usage", prog, zh=zh, en=en), self.format_usage())


def in_chinese(message: str) -> str:
    for pattern, said in COMPLAINTS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return said.format(*found.groups())
    return message


Fill = Callable[[Parser], None]


class Work(Protocol):
    """What a command takes, and what it does."""

    def add_arguments(self, parser: Parser) -> None: ...

    def run(self, arguments: Namespace, tools: Tools) -> int: ...


class Command(Work, Protocol):
    """The one shape of every command."""

    @property
    def NAME(self) -> str: ...  # noqa: N802

    @property
    def HELP(self) -> Words: ...  # noqa: N802


@dataclass(frozen=True, slots=True)
class Listed:
    """A command by its name and help; its work, with all that it imports, is loaded when the command is asked for."""

    NAME: str
    HELP: Words
    load: Callable[[], Work]

    def add_arguments(self, parser: Parser) -> None:
        self.load().add_arguments(parser)

    def run(self, arguments: Namespace, tools: Tools) -> int:
        return self.load().run(arguments, tools)


DESCRIPTION = Words(
    "Ringwall：网络安全保险，从风险到赔款。settle 至 verify 各命令只用文件，不需要数据库。\n"
    "退出代码：0 已完成，1 被拒绝（说明原因与下一步），2 命令行有误。",
    "Ringwall: cyber-security insurance from risk to payment. settle to verify work on files, without a database.\n"
    "Exit codes: 0 done, 1 refused (with the reason and the next step), 2 the command line is wrong.",
)


def build_parser(commands: Sequence[Command], language: Language) -> Parser:
    """All commands, each with --json and --lang."""
    parser = Parser(language=language, prog="ringwall", description=DESCRIPTION.in_language(language))
    below = parser.commands(Words("命令", "commands"), "command")
    for command in commands:
        parser.command(below, command.NAME, command.HELP, partial(fill, command))
    return parser


def fill(command: Command, parser: Parser) -> None:
    command.add_arguments(parser)
    add_common(parser)
    parser.set_defaults(run=command.run)


def add_common(parser: Parser) -> None:
    """`--json` and `--lang` are part of every command's help; `program.take_common` reads them wherever they stand."""
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in nested:
        for child in action.choices.values():
            add_common(child)
    if not nested:
        parser.add(
            Words("只输出一个 JSON 文档", "print one JSON document and nothing else"), "--json", action="store_true"
        )
        parser.add(
            Words("界面语言（默认取 RINGWALL_LANG，否则为 zh）", "language (RINGWALL_LANG, else zh)"),
            "--lang",
            choices=("zh", "en"),
            default=parser.language,
        )
