"""A refusal on its way from the place that found the clash to the one place that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from ringwall.basics import Refusal, refuse

T = TypeVar("T")


class Refused(Exception):
    """Nothing was done; `program.main` shows the refusals and ends with exit code 1."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals


def no(code: str, where: str, *, zh: str, en: str) -> Refused:
    """A refusal ready to be raised."""
    return Refused(refuse(code, where, zh=zh, en=en))


def good(found: T | Refusal | tuple[Refusal, ...], where: str = "") -> T:
    """What a room gave, or the end of the command with what the room refused; `where` names the file."""
    if isinstance(found, Refusal):
        raise Refused(replace(found, where=f"{where}: {found.where}") if where else found)
    if isinstance(found, tuple) and found and all(isinstance(each, Refusal) for each in found):
        raise Refused(*found)
    return found  # type: ignore[return-value]


def none_of(refusals: Sequence[Refusal]) -> None:
    """End the command where anything was refused."""
    if refusals:
        raise Refused(*refusals)
