"""SARIF 2.1.0 (OASIS): results of code scanners; a suppressed result is said not to affect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ringwall.evidence import Reported, SaidState, Severity
from ringwall.shell.probes.uploaded import Form, cve_in, named, severity_of_score, short

NAME = "sarif"
FORM = Form.JSON
LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.INFO}
NO_WEAKNESS = frozenset({"pass", "notApplicable", "informational"})


def is_mine(document: Any) -> bool:
    return isinstance(document, dict) and "runs" in document and str(document.get("version", "")).startswith("2.")


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for run_number, run in enumerate(document["runs"], start=1):
        rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules") or () if "id" in rule}
        for number, result in enumerate(run.get("results") or (), start=1):
            yield f"run {run_number}, result {number}", (rules, result)


def report(item: Any) -> tuple[Reported, ...]:
    rules, result = item
    if result.get("kind", "fail") in NO_WEAKNESS:
        return ()
    id = named(result.get("ruleId") or result["rule"]["id"])
    rule, message = rules.get(id, {}), short(result["message"].get("text"))
    title = short((rule.get("shortDescription") or {}).get("text")) or message or id
    state = SaidState.NOT_AFFECTED if result.get("suppressions") else SaidState.AFFECTED
    return (Reported(id, _place(result), _severity(rule, result), title, cve_in(id, message), message, state),)


def _severity(rule: Mapping[str, Any], result: Mapping[str, Any]) -> Severity:
    score = (rule.get("properties") or {}).get("security-severity")
    if score is not None:
        return severity_of_score(float(score))
    default = (rule.get("defaultConfiguration") or {}).get("level", "warning")
    return LEVELS[result.get("level", default)]


def _place(result: Mapping[str, Any]) -> str:
    """File and line; a result without a place is one of the whole."""
    location = ((result.get("locations") or [{}])[0]).get("physicalLocation") or {}
    file = short((location.get("artifactLocation") or {}).get("uri"))
    line = (location.get("region") or {}).get("startLine")
    return f"{file}#{int(line)}" if file and line else file or "repository"
