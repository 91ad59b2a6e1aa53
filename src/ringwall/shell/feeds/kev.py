"""The catalogue of known exploited vulnerabilities (CISA KEV): one JSON file, its version in `catalogVersion`."""

from __future__ import annotations

from datetime import date

import msgspec

from ringwall.basics import Refusal
from ringwall.evidence import KnownExploited
from ringwall.shell.feeds.parsed import Parsed, bad_entry, bad_feed, is_cve, listed

NAME = "kev"


class _Row(msgspec.Struct, rename="camel"):
    cve_id: str = msgspec.field(name="cveID")
    vendor_project: str
    product: str
    date_added: date
    due_date: date | None = None
    known_ransomware_campaign_use: str = "Unknown"


class _File(msgspec.Struct, rename="camel"):
    catalog_version: str
    date_released: str
    vulnerabilities: list[msgspec.Raw]


_FILE = msgspec.json.Decoder(_File)
_ROW = msgspec.json.Decoder(_Row)


def parse(body: bytes, where: str) -> Parsed[KnownExploited] | Refusal:
    try:
        file = _FILE.decode(body)
        published_on = date.fromisoformat(file.date_released[:10])
    except ValueError as error:
        return bad_feed(where, f"不是 KEV 目录：{error}", f"not a KEV catalogue: {error}")
    entries: dict[str, KnownExploited] = {}
    refusals: list[Refusal] = []
    for number, raw in enumerate(file.vulnerabilities, start=1):
        entry = _entry(raw, f"{where}#{number}")
        if isinstance(entry, Refusal):
            refusals.append(entry)
        elif entry.cve in entries:
            refusals.append(bad_entry(f"{where}#{number}", f"{entry.cve} 重复", f"{entry.cve} is there twice"))
        else:
            entries[entry.cve] = entry
    if not entries:
        return bad_feed(where, "目录中没有一条可用", "no entry of the catalogue is usable")
    return Parsed(file.catalog_version, published_on, entries, listed(refusals, where))


def _entry(raw: msgspec.Raw, where: str) -> KnownExploited | Refusal:
    try:
        row = _ROW.decode(raw)
    except ValueError as error:
        return bad_entry(where, f"字段不合格式：{error}", f"a field is malformed: {error}")
    if not is_cve(row.cve_id):
        return bad_entry(where, f"“{row.cve_id[:40]}”不是 CVE 编号", f'"{row.cve_id[:40]}" is not a CVE number')
    ransomware = row.known_ransomware_campaign_use == "Known"
    return KnownExploited(row.cve_id, row.vendor_project, row.product, row.date_added, ransomware, row.due_date)
