"""Exploit prediction scores (FIRST EPSS) in two forms: the official one, with a `#` line that dates it and commas,
and yearly tables with semicolons and no date, which are then dated by their file name.
"""

from __future__ import annotations

import re
from datetime import date

from ringwall.basics import Refusal
from ringwall.evidence import EpssScore, EpssTable
from ringwall.shell.feeds.parsed import Parsed, bad_entry, bad_feed, is_cve, listed

NAME = "epss"

_DATED = re.compile(r"score_date:(\d{4}-\d\d-\d\d)")
_DATED_NAME = re.compile(r"\d{4}-\d\d-\d\d")


def parse(body: bytes, where: str) -> Parsed[EpssScore] | Refusal:
    lines = body.decode("utf-8", errors="replace").splitlines()
    stated = _DATED.search(lines[0]) if lines and lines[0].startswith("#") else None
    named = _DATED_NAME.search(where)
    day = _day(stated[1] if stated else named[0] if named else "")
    if day is None:
        return bad_feed(where, "文件内容和文件名都没有评分日期", "neither the file nor its name tells the score date")
    pairs, refusals = _pairs(lines, where)
    if not pairs:
        return bad_feed(where, "没有一行是 CVE、评分、百分位", "no line is a CVE, a score and a percentile")
    return Parsed(day.isoformat(), day, EpssTable(day, pairs), listed(refusals, where))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _pairs(lines: list[str], where: str) -> tuple[dict[str, tuple[float, float]], list[Refusal]]:
    """Both separators are taken on any line; a comment, a heading and an empty line are no entries."""
    pairs: dict[str, tuple[float, float]] = {}
    refusals: list[Refusal] = []
    for number, line in enumerate(lines, start=1):
        try:
            cve, score, percentile = line.split(";" if ";" in line else ",")
            pair = (float(score), float(percentile))
            good = 0 <= pair[0] <= 1 and 0 <= pair[1] <= 1 and is_cve(cve)
        except ValueError:
            good = False
        if good and cve not in pairs:
            pairs[cve] = pair
        elif line and not line.startswith("#") and not line.lower().startswith("cve,epss") and line[:8] != "CVE;epss":
            refusals.append(bad_entry(f"{where}:{number}", *_complaint(line, good)))
    return pairs, refusals


def _complaint(line: str, good: bool) -> tuple[str, str]:
    shown = line[:60]
    if good:
        return f"“{shown}”的 CVE 重复", f'the CVE of "{shown}" is there twice'
    return (
        f"“{shown}”不是 CVE、评分、百分位（后两者在 0 与 1 之间）",
        f'"{shown}" is not a CVE, a score and a percentile, the last two from 0 to 1',
    )
