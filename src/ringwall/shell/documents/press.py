"""The press: one of our templates and its values as JSON become a PDF/A-2b, the same bytes on every repeat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from ringwall.basics import SHANGHAI, Language, local_day

TEMPLATES = Path(__file__).parent / "templates"
FONTS = str(files("noto_cjk_sans_otc"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def print_document(template: str, values: Mapping[str, Any], language: Language, at: datetime) -> bytes:
    """`at` is the instant that stands in the file as its date: nothing here reads a clock."""
    day = local_day(at)
    place = {"lang": language, "region": "CN" if language == "zh" else "GB", "day": [day.year, day.month, day.day]}
    pdf = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps({**values, **place}, ensure_ascii=False, sort_keys=True)},
        pdf_standards=["a-2b"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes), "without an output path the pages come back as bytes"
    return pdf


def long_day(at: datetime, language: Language) -> str:
    """A day of Shanghai as people write it."""
    day = at.astimezone(SHANGHAI)
    return (
        f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )
