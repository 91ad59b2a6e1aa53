"""OpenVAS's (Greenbone's) XML report: one result a check and place, graded by its CVSS score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from ringwall.evidence import Reported, SaidState
from ringwall.shell.probes.uploaded import Form, cve_in, named, severity_of_score, short, text_at

NAME = "openvas"
FORM = Form.XML
NO_WEAKNESS = frozenset({"log", "debug", "error"})


def is_mine(document: Any) -> bool:
    return document.tag in ("report", "get_reports_response") and document.find(".//results/result/nvt") is not None


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for number, result in enumerate(document.iterfind(".//results/result"), start=1):
        yield f"result {number}", result


def report(item: Any) -> tuple[Reported, ...]:
    threat = text_at(item, "threat").lower()
    if threat in NO_WEAKNESS:
        return ()
    check = item.find("nvt")
    severity = severity_of_score(max(float(text_at(item, "severity")), 0.0))  # a false positive's score is negative
    state = SaidState.NOT_AFFECTED if threat == "false positive" else SaidState.AFFECTED
    title = named(text_at(item, "name") or text_at(check, "name"))
    said = Reported(
        named(check.get("oid")), _place(item), severity, title, _cve(check), text_at(item, "summary"), state
    )
    return (said,)


def _place(result: Element) -> str:
    """The host's name where the report has one; a result of the host in general names no port."""
    host = text_at(result, "host/hostname") or named((result.findtext("host") or "").strip())
    port = text_at(result, "port").partition("/")[0]
    return f"{host}:{port}" if port.isdigit() else host


def _cve(check: Element) -> str:
    numbers = [ref.get("id", "") for ref in check.iterfind("refs/ref") if ref.get("type") == "cve"]
    return cve_in(*numbers, short(check.findtext("cve")))
