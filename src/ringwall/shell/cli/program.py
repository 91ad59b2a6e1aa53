"""The program: which command, in which language; refusals and usage errors are shown in one place."""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringwall.basics import Language
from ringwall.shell.cli.answer import print_document, show_refusals
from ringwall.shell.cli.commands.family import COMMANDS
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import USAGE, Command, UsageError, build_parser
from ringwall.shell.cli.refused import Refused
from ringwall.shell.cli.tools import Tools

LANGUAGES: Mapping[str, Language] = {"zh": "zh", "en": "en"}

INTERRUPTED, READER_GONE = 130, 141


def main(argv: Sequence[str], tools: Tools, extra_commands: Sequence[Command] = ()) -> int:
    """Run one command; `extra_commands` have the same shape and come from wiring (they need a database)."""
    asked = take_common(argv, tools.language)
    speak_any_script()
    parser = build_parser((*COMMANDS, *extra_commands), asked.language)
    try:
        arguments = parser.parse_args(asked.rest)
    except UsageError as wrong:
        return show_usage(wrong, asked)
    except SystemExit as end:  # --help
        return int(end.code or 0)
    arguments.lang, arguments.json = asked.language, asked.as_json
    return run(arguments, tools)


def run(arguments: Namespace, tools: Tools) -> int:
    try:
        code: int = arguments.run(arguments, tools)
        sys.stdout.flush()
    except Refused as no:
        return show_refusals(no.refusals, arguments.lang, as_json=arguments.json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough; nothing is left to be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return code


def show_usage(wrong: UsageError, asked: Asked) -> int:
    if asked.as_json:
        print_document({"refusals": (wrong.refusal,)})
    else:
        page = Page(asked.language, sys.stderr)
        page.line(wrong.usage.strip())
        page.refusals((wrong.refusal,))
    return USAGE


@dataclass(frozen=True, slots=True)
class Asked:
    """In which language and form an answer is wanted, and the command line without these two."""

    language: Language
    as_json: bool
    rest: list[str]


def take_common(argv: Sequence[str], otherwise: Language) -> Asked:
    """`--lang` and `--json` may stand anywhere, and help and complaints need them before anything else is read."""
    language, as_json, rest, words = otherwise, False, list[str](), list(argv)
    while words:
        word = words.pop(0)
        said = word.removeprefix("--lang=") if word != "--lang" else words[0] if words else ""
        if word == "--":
            rest += [word, *words]
            break
        if word == "--json":
            as_json = True
        elif word.startswith("--lang") and said in LANGUAGES:
            language = LANGUAGES[said]
            words = words[1:] if word == "--lang" else words
        else:
            rest.append(word)
    return Asked(language, as_json, rest)


def speak_any_script() -> None:
    """A terminal that knows no Chinese gets escapes, not the end of the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
