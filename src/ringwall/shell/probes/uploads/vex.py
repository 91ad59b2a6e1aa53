"""CycloneDX VEX (1.4 and later, JSON): what the insured says of a vulnerability in a part of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringwall.evidence import Severity
from ringwall.shell.probes.uploaded import Form, Reported, State, cve_in, named, severity_of, short

NAME = "vex"
FORM = Form.JSON
STATES = {
    "resolved": State.FIXED,
    "resolved_with_pedigree": State.FIXED,
    "exploitable": State.AFFECTED,
    "in_triage": State.UNDER_INVESTIGATION,
    "false_positive": State.NOT_AFFECTED,
    "not_affected": State.NOT_AFFECTED,
}


def is_mine(document: Any) -> bool:
    return isinstance(document, dict) and document.get("bomFormat") == "CycloneDX" and "vulnerabilities" in document


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for number, vulnerability in enumerate(document["vulnerabilities"], start=1):
        yield f"vulnerability {number}", vulnerability


def report(item: Any) -> tuple[Reported, ...]:
    id, analysis = named(item["id"]), item["analysis"]
    state, why = STATES[analysis["state"]], short(analysis.get("detail") or analysis.get("justification"))
    ratings = [severity_of(rating["severity"]) for rating in item.get("ratings") or () if "severity" in rating]
    severity = max(ratings, default=Severity.INFO)
    parts = [named(part["ref"]) for part in item.get("affects") or ()] or ["product"]
    return tuple(Reported(f"{id}:{part}", part, severity, id, cve_in(id), why, state) for part in parts)
