"""A business "no" is a value: it names the thing, the two facts that clash and the next step, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the two languages of the house; neither may be empty."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing was changed, because two facts clash.

    `code` is stable, documented and counted; `where` is a file and line, a number or a clause;
    the message names the clash and what to do next.
    """

    code: str
    where: str
    message: Words


def refuse(code: str, where: str, *, zh: str, en: str) -> Refusal:
    """A refusal from its two texts."""
    return Refusal(code, where, Words(zh, en))
