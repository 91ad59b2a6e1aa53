"""An answer is written once and shown twice: as one JSON document for machines, as a page for people."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network
from typing import Any
from uuid import UUID

from ringwall.basics import Language, Refusal, field_names
from ringwall.shell.cli.page import Page

DONE, REFUSED = 0, 1


@dataclass(frozen=True, slots=True)
class Answer:
    """`refusals` are what was left out; with `refused` the question as a whole got a no, and the exit code is 1."""

    document: Mapping[str, Any]
    draw: Callable[[Page], None]
    refusals: tuple[Refusal, ...] = ()
    refused: bool = False


def show(arguments: Namespace, answer: Answer) -> int:
    """Print the answer in the form that was asked for, and give the exit code."""
    language: Language = arguments.lang
    if arguments.json:
        refusals = {"refusals": answer.refusals} if answer.refusals or answer.refused else {}
        print_document({**answer.document, **refusals})
    else:
        answer.draw(Page(language, sys.stdout))
        sys.stdout.flush()
        Page(language, sys.stderr).refusals(answer.refusals)
    return REFUSED if answer.refused else DONE


def show_refusals(refusals: tuple[Refusal, ...], language: Language, *, as_json: bool) -> int:
    """Nothing but a no."""
    if as_json:
        print_document({"refusals": refusals})
    else:
        Page(language, sys.stderr).refusals(refusals)
    return REFUSED


def print_document(document: Mapping[str, Any]) -> None:
    print(json.dumps(plain(document), ensure_ascii=False, indent=2, allow_nan=False))


def plain(value: Any) -> Any:
    """A record as JSON knows it: whole numbers stay, fractions are texts, both languages of a text are kept."""
    names = field_names(value)
    if names is not None:
        return {name: plain(getattr(value, name)) for name in names}
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case float():
            return value if abs(value) < float("inf") else None
        case Fraction() | UUID() | IPv4Network() | IPv6Network():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return {str(plain(name)): plain(each) for name, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case set() | frozenset():
            return sorted(plain(each) for each in value)
    raise AssertionError(f"{type(value).__name__} has no place in a document")
