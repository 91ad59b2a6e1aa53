"""grype's JSON (-o json): vulnerable packages; an advisory under another number keeps the CVE that it is related to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringwall.evidence import Reported
from ringwall.shell.probes.uploaded import Form, cve_in, named, severity_of, short

NAME = "grype"
FORM = Form.JSON


def is_mine(document: Any) -> bool:
    return isinstance(document, dict) and "matches" in document and "descriptor" in document


def items(document: Any) -> Iterator[tuple[str, Any]]:
    target = (document.get("source") or {}).get("target")
    artifact = target.get("userInput", "") if isinstance(target, dict) else target
    for number, match in enumerate(document["matches"], start=1):
        yield f"match {number}", (short(artifact) or "artifact", match)


def report(item: Any) -> tuple[Reported, ...]:
    artifact, match = item
    vulnerability, package = match["vulnerability"], match["artifact"]
    rule, name = named(vulnerability["id"]), named(package["name"])
    related = [other.get("id", "") for other in match.get("relatedVulnerabilities") or ()]
    repaired = ", ".join((vulnerability.get("fix") or {}).get("versions") or ()) or "-"
    return (
        Reported(
            f"{rule}:{name}",
            artifact,
            severity_of(vulnerability["severity"]),
            f"{rule} in {name}",
            cve_in(rule, *related),
            short(f"{name} {package.get('version', '')} (repaired in {repaired})"),
        ),
    )
