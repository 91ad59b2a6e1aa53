"""testssl.sh's JSON (--jsonfile or --jsonfile-pretty): every line graded low or worse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringwall.evidence import Reported, Severity
from ringwall.shell.probes.uploaded import CVE, Form, named, severity_of, short

NAME = "testssl"
FORM = Form.JSON
GRADES = frozenset({"OK", "INFO", "DEBUG", "WARN", "FATAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"})
NO_GRADES = frozenset({"OK", "INFO", "DEBUG", "WARN", "FATAL"})  # the last two: the check itself went wrong


def is_mine(document: Any) -> bool:
    rows = document if isinstance(document, list) else []
    flat = bool(rows) and isinstance(rows[0], dict) and {"id", "severity", "finding"} <= rows[0].keys()
    return flat or (isinstance(document, dict) and "scanResult" in document and "Invocation" in document)


def items(document: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(document, list):
        for number, row in enumerate(document, start=1):
            yield f"row {number}", (row, row.get("ip", "") if isinstance(row, dict) else "", "")
        return
    for server in document["scanResult"]:
        for part, rows in server.items():
            for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
                yield f"{part}, row {number}", (row, server.get("targetHost", ""), server.get("port", ""))


def report(item: Any) -> tuple[Reported, ...]:
    row, host, port = item
    grade = str(row["severity"]).upper()
    if grade not in GRADES:
        raise ValueError(f"{grade} is no grade of testssl")
    if grade in NO_GRADES:
        return ()
    place = f"{named(str(row.get('ip') or host).split('/')[0])}:{int(row.get('port') or port)}"
    rule, severity, said = named(row["id"]), severity_of(grade), short(row["finding"])
    return tuple(_one(rule, place, severity, said, cve) for cve in CVE.findall(str(row.get("cve", ""))) or [""])


def _one(rule: str, place: str, severity: Severity, said: str, cve: str) -> Reported:
    return Reported(f"{rule}:{cve}" if cve else rule, place, severity, f"{rule}: {said}"[:200], cve, said)
