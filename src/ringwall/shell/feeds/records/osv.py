"""OSV records in YAML or JSON: one document, several, or a list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from ringwall.basics import Refusal
from ringwall.evidence import AffectedRange, VulnerabilityRecord
from ringwall.shell.feeds.parsed import Parsed, bad_feed, is_cve
from ringwall.shell.feeds.records.gathered import day, gather

NAME = "osv"
SOURCE = "OSV"


def parse(body: bytes, where: str) -> Parsed[VulnerabilityRecord] | Refusal:
    """JSON is YAML too, so that one reader takes both; everything is read as text."""
    try:
        documents = [each for each in yaml.load_all(body, Loader=yaml.CBaseLoader) if each]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return bad_feed(where, f"不是 OSV 文件：{error}", f"not an OSV file: {error}")
    rows = [row for each in documents for row in (each if isinstance(each, list) else [each])]
    return gather(rows, _record, where)


def _record(row: Mapping[str, Any]) -> VulnerabilityRecord:
    names = [row["id"], *row.get("aliases", [])]
    ratings = row.get("severity", [])
    return VulnerabilityRecord(
        row["id"],
        next((name for name in names if is_cve(name)), ""),
        day(row["published"]) if row.get("published") else None,
        day(row["modified"]),
        row.get("database_specific", {}).get("severity", ""),
        ratings[0]["score"] if ratings else "",
        row.get("summary") or row.get("details", "").partition("\n")[0],
        tuple(reach for affected in row.get("affected", []) for reach in _ranges(affected)),
        SOURCE,
    )


def _ranges(affected: Mapping[str, Any]) -> Iterable[AffectedRange]:
    """Events in their order: each introduction is closed by the next repair, or by the last affected version."""
    product = f"{affected['package']['ecosystem']}:{affected['package']['name']}"
    for events in (each["events"] for each in affected.get("ranges", []) if each["type"] != "GIT"):
        first = ""
        is_open = False
        for event in events:
            if "introduced" in event:
                first, is_open = event["introduced"], True
            elif is_open and ("fixed" in event or "last_affected" in event):
                yield AffectedRange(
                    product, first, True, event.get("fixed") or event["last_affected"], "last_affected" in event
                )
                is_open = False
        if is_open:
            yield AffectedRange(product, first)
