"""The first draft of a product: a skeleton with the author's names in it, small and whole and good from the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from ringwall.basics import Refusal, Words, refuse

CODE = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
VERSION = re.compile(r"^\d{4}-\d{2}$")
A_YEAR = 365


def draft_product(
    skeleton: Mapping[str, str], code: str, version: str, title: Words, start: date
) -> dict[str, str] | Refusal:
    """The texts of a new product folder `code/version`, as a draft that starts on a day."""
    if not CODE.match(code) or not VERSION.match(version):
        return refuse(
            "product_name",
            f"{code}/{version}",
            zh=f"产品代码「{code}」须为小写字母、数字和连字符，版本「{version}」须形如 2026-07；请改正。",
            en=f"The code “{code}” takes small letters, digits and hyphens, the version “{version}” looks like "
            "2026-07; correct them.",
        )
    words = {
        "code": code,
        "version": version,
        "title_zh": title.zh,
        "title_en": title.en,
        "start": start.isoformat(),
        "end": (start + timedelta(days=A_YEAR)).isoformat(),
        "inside": (start + timedelta(days=30)).isoformat(),
        "before": (start - timedelta(days=1)).isoformat(),
    }
    return {path: _filled(text, words) for path, text in skeleton.items()}


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"⟨{name}⟩", word)
    return text
