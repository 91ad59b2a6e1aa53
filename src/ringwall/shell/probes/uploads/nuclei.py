"""nuclei's JSON lines (-jsonl): one match of a template a line; the response itself is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringwall.evidence import Reported
from ringwall.shell.probes.uploaded import Form, cve_in, named, place_of_url, severity_of, short

NAME = "nuclei"
FORM = Form.LINES


def is_mine(document: Any) -> bool:
    return any(isinstance(line, dict) and "template-id" in line and "info" in line for _, line in document)


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for number, line in document:
        yield f"line {number}", line


def report(item: Any) -> tuple[Reported, ...]:
    info, rule = item["info"], named(item["template-id"])
    numbers = (info.get("classification") or {}).get("cve-id") or ()
    matched = short(item.get("matched-at") or item["host"])
    said = Reported(
        rule,
        place_of_url(short(item.get("host") or matched)),
        severity_of(info["severity"]),
        named(info["name"]),
        cve_in(*([numbers] if isinstance(numbers, str) else numbers)).upper() or cve_in(rule),
        matched,
    )
    return (said,)
