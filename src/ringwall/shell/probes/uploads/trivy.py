"""trivy's JSON (--format json): vulnerable packages of an image, a file system or a list of parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringwall.evidence import Reported
from ringwall.shell.probes.uploaded import Form, cve_in, named, severity_of, short

NAME = "trivy"
FORM = Form.JSON


def is_mine(document: Any) -> bool:
    return isinstance(document, dict) and "SchemaVersion" in document and "ArtifactName" in document


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for result in document.get("Results") or ():
        for number, found in enumerate(result.get("Vulnerabilities") or (), start=1):
            yield f"{short(result.get('Target'))}, vulnerability {number}", (document["ArtifactName"], found)


def report(item: Any) -> tuple[Reported, ...]:
    artifact, found = item
    rule, package = named(found["VulnerabilityID"]), named(found["PkgName"])
    installed, repaired = short(found.get("InstalledVersion")), short(found.get("FixedVersion")) or "-"
    return (
        Reported(
            f"{rule}:{package}",
            named(artifact),
            severity_of(found["Severity"]),
            short(found.get("Title")) or f"{rule} in {package}",
            cve_in(rule),
            f"{package} {installed} (repaired in {repaired})",
        ),
    )
