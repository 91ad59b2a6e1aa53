"""Slices of the National Vulnerability Database in its 2.0 form: one JSON object with `vulnerabilities`."""

from __future__ import annotations

from typing import Any

import msgspec

from ringwall.basics import Refusal
from ringwall.evidence import AffectedRange, VulnerabilityRecord
from ringwall.shell.feeds.parsed import Parsed, bad_feed, is_cve
from ringwall.shell.feeds.records.gathered import day, gather

NAME = "nvd"
SOURCE = "NVD 2.0"
METRICS = ("cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2")
"""The newest scale that a record has counts."""


class _File(msgspec.Struct):
    vulnerabilities: list[Any]


_FILE = msgspec.json.Decoder(_File)


def parse(body: bytes, where: str) -> Parsed[VulnerabilityRecord] | Refusal:
    try:
        rows = _FILE.decode(body).vulnerabilities
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return bad_feed(where, f"不是 NVD 2.0 文件：{error}", f"not an NVD 2.0 file: {error}")
    return gather(rows, _record, where)


def _record(row: Any) -> VulnerabilityRecord:
    cve = row["cve"]
    if not is_cve(cve["id"]):
        raise ValueError(f"no CVE number: {cve['id']}")
    severity, score = _rating(cve.get("metrics", {}))
    words = {text["lang"]: text["value"] for text in cve.get("descriptions", [])}
    return VulnerabilityRecord(
        cve["id"],
        cve["id"],
        day(cve["published"]),
        day(cve["lastModified"]),
        severity,
        score,
        words.get("en", ""),
        tuple(_ranges(cve.get("configurations", []))),
        SOURCE,
    )


def _rating(metrics: Any) -> tuple[str, str]:
    for name in METRICS:
        for metric in metrics.get(name, []):
            data = metric["cvssData"]
            return data.get("baseSeverity", metric.get("baseSeverity", "")), str(data["baseScore"])
    return "", ""


def _ranges(configurations: Any) -> list[AffectedRange]:
    """Only what is marked vulnerable; `vendor:product` out of the CPE, and its version where no range is given."""
    found = []
    for match in (m for c in configurations for node in c["nodes"] for m in node["cpeMatch"] if m["vulnerable"]):
        _, _, _, vendor, product, version, *_ = match["criteria"].split(":")
        first = match.get("versionStartIncluding") or match.get("versionStartExcluding") or ""
        below = match.get("versionEndExcluding") or match.get("versionEndIncluding") or ""
        exact = version if not (first or below) and version not in ("*", "-") else ""
        found.append(
            AffectedRange(
                f"{vendor}:{product}",
                first or exact,
                "versionStartExcluding" not in match,
                below or exact,
                "versionEndIncluding" in match or bool(exact),
            )
        )
    return found
