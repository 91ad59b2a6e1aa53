"""CycloneDX VEX (1.4 and later, JSON): what the insured says of a vulnerability in a part of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringwall.evidence import Reported, SaidState, Severity
from ringwall.shell.probes.uploaded import Form, cve_in, named, severity_of, short

NAME = "vex"
FORM = Form.JSON
STATES = {
    "resolved": SaidState.FIXED,
    "resolved_with_pedigree": SaidState.FIXED,
    "exploitable": SaidState.AFFECTED,
    "in_triage": SaidState.UNDER_INVESTIGATION,
    "false_positive": SaidState.NOT_AFFECTED,
    "not_affected": SaidState.NOT_AFFECTED,
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
