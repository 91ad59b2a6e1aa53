"""What a file of somebody else's scanner says, in one form for all, and the bounds within which such a file is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from ringwall.evidence import Reported, Severity

MAX_BYTES = 32_000_000
MAX_ITEMS = 100_000
MAX_TEXT = 400
CVE = re.compile(r"CVE-\d{4}-\d{4,7}")
SEVERITIES = {
    "critical": Severity.CRITICAL, "high": Severity.HIGH, "medium": Severity.MEDIUM, "moderate": Severity.MEDIUM,
    "low": Severity.LOW, "negligible": Severity.INFO, "info": Severity.INFO, "none": Severity.INFO,
    "unknown": Severity.INFO,
}  # fmt: skip
CVSS_FROM = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.1, Severity.LOW))


class Form(StrEnum):
    XML = "xml"
    JSON = "json"
    LINES = "lines"


class Reader(Protocol):
    """The shape of a reader: `items` names each part of the document with its place, `report` says what it means."""

    NAME: str
    FORM: Form

    def is_mine(self, document: Any) -> bool: ...

    def items(self, document: Any) -> Iterator[tuple[str, Any]]: ...

    def report(self, item: Any) -> tuple[Reported, ...]: ...


def parse(data: bytes) -> dict[Form, Any]:
    """The document in every form that it has; empty where it has none."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return _as_xml(text)
    try:
        return {Form.JSON: json.loads(text)}
    except (ValueError, RecursionError):
        return _as_lines(text)


def _as_xml(text: bytes) -> dict[Form, Any]:
    try:
        return {Form.XML: defusedxml.ElementTree.fromstring(text)}
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return {}


def _as_lines(text: bytes) -> dict[Form, Any]:
    """Each line by its number: what is no JSON stays as its bytes and is refused at its place."""
    lines: list[tuple[int, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                lines.append((number, json.loads(line)))
            except (ValueError, RecursionError):
                lines.append((number, line))
    return {Form.LINES: lines} if any(isinstance(line, dict) for _, line in lines) else {}


def severity_of(word: object) -> Severity:
    """By the word that a tool uses; raises KeyError where it is not one of the known."""
    return SEVERITIES[str(word).strip().lower()]


def severity_of_score(score: float) -> Severity:
    """By a CVSS base score (CVSS 3.1, section 5)."""
    if not 0.0 <= score <= 10.0:
        raise ValueError(f"{score} is no CVSS score")
    return next((severity for least, severity in CVSS_FROM if score >= least), Severity.INFO)


def cve_in(*texts: object) -> str:
    """The first CVE number in the texts; empty where there is none."""
    for text in texts:
        if found := CVE.search(str(text or "")):
            return found[0]
    return ""


def short(text: object) -> str:
    """A text on one line and within bounds."""
    return " ".join(str(text if text is not None else "").split())[:MAX_TEXT]


def named(text: object) -> str:
    """A text that has to be there."""
    if not (bounded := short(text)):
        raise ValueError("a name is missing")
    return bounded


def text_at(node: Element, path: str) -> str:
    return short(node.findtext(path))


def place_of_url(text: str) -> str:
    """host:port of an address on the web, or the text itself where it is none."""
    parts = urlsplit(text if "//" in text else f"//{text}")
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    host = parts.hostname or named(text)
    return f"{host}:{port}" if port else host
