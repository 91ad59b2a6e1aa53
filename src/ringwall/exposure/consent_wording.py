"""The text of the consent that an insured signs, as data: its version, and its words in both languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """One version of the text; whoever signs has both languages before them."""

    version: str
    text: Words

    @property
    def sha256(self) -> str:
        """The seal of the exact words that are signed."""
        return hashlib.sha256(f"{self.text.zh}\n{self.text.en}".encode()).hexdigest()


def parse_wording(text: str, where: str) -> ConsentWording | Refusal:
    """The wording of a YAML file, or what is wrong with it."""
    try:
        data = read_yaml(text)
        # Folded lines are joined by blanks, which Chinese has none of.
        found = ConsentWording(data["version"], Words("".join(data["zh"].split()), data["en"].strip()))
        if not (found.version and found.text.zh and found.text.en and data["date"] and data["source"]):
            raise ValueError("version, date, source, zh, en")
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        detail = " ".join(str(fault).split())
        return refuse(
            "consent_wording_faulty",
            where,
            zh=f"授权书文本无法读取：{detail}；须有版本、日期、来源与中英文本，请更正。",
            en=f"The wording of the consent cannot be read: {detail}; it needs version, date, source and both "
            "languages, correct it.",
        )
    return found
