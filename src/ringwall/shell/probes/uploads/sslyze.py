"""sslyze's JSON (--json_out): old protocols and known holes of TLS; a check that did not complete says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ringwall.evidence import Reported, Severity
from ringwall.shell.probes.uploaded import Form, named

NAME = "sslyze"
FORM = Form.JSON
# check, field, the value that states a weakness, severity (own judgement, source: none), title, CVE
CHECKS = (
    ("ssl_2_0_cipher_suites", "is_tls_version_supported", True, Severity.HIGH, "SSL 2.0 is still spoken", ""),
    ("ssl_3_0_cipher_suites", "is_tls_version_supported", True, Severity.HIGH, "SSL 3.0 is still spoken", ""),
    ("tls_1_0_cipher_suites", "is_tls_version_supported", True, Severity.MEDIUM, "TLS 1.0 is still spoken", ""),
    ("tls_1_1_cipher_suites", "is_tls_version_supported", True, Severity.MEDIUM, "TLS 1.1 is still spoken", ""),
    ("heartbleed", "is_vulnerable_to_heartbleed", True, Severity.HIGH, "Heartbleed", "CVE-2014-0160"),
    ("openssl_ccs_injection", "is_vulnerable_to_ccs_injection", True, Severity.HIGH, "CCS injection", "CVE-2014-0224"),
    ("tls_compression", "supports_compression", True, Severity.LOW, "TLS compresses (CRIME)", "CVE-2012-4929"),
    ("session_renegotiation", "supports_secure_renegotiation", False, Severity.LOW, "Insecure renegotiation", ""),
)
ROBOT = ("VULNERABLE_WEAK_ORACLE", "VULNERABLE_STRONG_ORACLE")


def is_mine(document: Any) -> bool:
    return isinstance(document, dict) and "server_scan_results" in document and "sslyze_version" in document


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for number, server in enumerate(document["server_scan_results"], start=1):
        yield f"server {number}", server


def report(item: Any) -> tuple[Reported, ...]:
    location, results = item["server_location"], item["scan_result"]
    place = f"{named(location['hostname'])}:{int(location['port'])}"
    if results is None:
        return ()  # the server was not reached: nothing is known of it
    found = [
        Reported(check, place, severity, title, cve)
        for check, field, weak, severity, title, cve in CHECKS
        if _result(results, check).get(field) is weak
    ]
    if _result(results, "robot").get("robot_result") in ROBOT:
        found.append(Reported("robot", place, Severity.HIGH, "ROBOT", "CVE-2017-13099"))
    return tuple(found)


def _result(results: Mapping[str, Any], check: str) -> Mapping[str, Any]:
    done = results.get(check) or {}
    return (done.get("result") or {}) if done.get("status") == "COMPLETED" else {}
