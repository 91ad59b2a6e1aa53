"""Descriptions of vulnerabilities: three publishers give the same record, with its date, and bad entries go one by one.

The CNNVD records are synthetic, made by hand for this test; no export of CNNVD is in the tree.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ringwall.basics import Refusal
from ringwall.evidence import AffectedRange, VulnerabilityRecord
from ringwall.shell.feeds import RECORD_FEEDS, load_records
from ringwall.shell.feeds.folder import Address
from ringwall.shell.feeds.parsed import Parsed
from ringwall.shell.feeds.records import cnnvd, nvd, osv

NVD = {
    "id": "CVE-2026-0001",
    "published": "2026-02-01T10:00:00.000",
    "lastModified": "2026-02-03T10:00:00.000",
    "descriptions": [{"lang": "es", "value": "-"}, {"lang": "en", "value": "A hole"}],
    "metrics": {"cvssMetricV31": [{"cvssData": {"baseScore": 8.1, "baseSeverity": "HIGH"}}]},
    "configurations": [
        {
            "nodes": [
                {
                    "cpeMatch": [
                        {
                            "vulnerable": True,
                            "criteria": "cpe:2.3:a:maker:thing:*:*:*:*:*:*:*:*",
                            "versionStartIncluding": "8.6",
                            "versionEndExcluding": "9.8",
                        },
                        {"vulnerable": True, "criteria": "cpe:2.3:a:maker:thing:4.4:*:*:*:*:*:*:*"},
                        {"vulnerable": False, "criteria": "cpe:2.3:o:maker:system:*:*:*:*:*:*:*:*"},
                    ]
                }
            ]
        }
    ],
}
OSV = """
id: PYSEC-2026-1
aliases: [CVE-2026-0001]
modified: 2026-02-03T00:00:00Z
published: 2026-02-01T00:00:00Z
details: "A hole\\nin more words"
affected:
- package: {ecosystem: PyPI, name: thing}
  ranges:
  - type: ECOSYSTEM
    events: [{introduced: "0"}, {fixed: "1.10"}, {introduced: "2.0"}]
  - {type: GIT, events: [{introduced: "0"}]}
"""
CNNVD = """<?xml version="1.0" encoding="UTF-8"?>
<cnnvd xmlns="https://example.test/synthetic"><!-- synthetic -->
 <entry><name>合成记录</name><vuln-id>CNNVD-202602-0001</vuln-id><published>2026-02-01</published>
  <modified>2026-02-03</modified><severity>高危</severity>
  <vuln-software-list><product>maker thing 9.0</product></vuln-software-list>
  <other-id><cve-id>CVE-2026-0001</cve-id></other-id></entry>
 <entry><name>无编号</name><published>2026-02-01</published></entry>
</cnnvd>"""


def as_file(*cves: object) -> bytes:
    return json.dumps({"vulnerabilities": [{"cve": cve} for cve in cves]}).encode()


def parsed(answer: Parsed[VulnerabilityRecord] | Refusal) -> Parsed[VulnerabilityRecord]:
    assert isinstance(answer, Parsed), answer
    return answer


def the(answer: Parsed[VulnerabilityRecord] | Refusal) -> VulnerabilityRecord:
    (record,) = parsed(answer).entries.values()
    return record


BODIES = {"nvd": as_file(NVD), "osv": OSV.encode(), "cnnvd": CNNVD.encode()}


@pytest.mark.parametrize("feed", RECORD_FEEDS, ids=lambda feed: feed.NAME)
def test_every_publisher_tells_cve_and_dates(feed: object) -> None:
    record = the(feed.parse(BODIES[feed.NAME], "file"))  # type: ignore[attr-defined]
    assert record.cve == "CVE-2026-0001"
    assert (record.published_on, record.modified_on) == (date(2026, 2, 1), date(2026, 2, 3))


@pytest.mark.parametrize("feed", RECORD_FEEDS, ids=lambda feed: feed.NAME)
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[1, 2]", b"{", b"<a/>", b"a: 1"])
def test_what_is_no_such_file_is_refused_as_a_whole(feed: object, body: bytes) -> None:
    answer = feed.parse(body, "file")  # type: ignore[attr-defined]
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.where) == ("feed_unreadable", "file")


def test_nvd_gives_ranges_of_what_is_vulnerable_only() -> None:
    record = the(nvd.parse(as_file(NVD), "f"))
    assert (record.severity, record.score, record.summary) == ("HIGH", "8.1", "A hole")
    assert record.affected == (
        AffectedRange("maker:thing", "8.6", True, "9.8", False),
        AffectedRange("maker:thing", "4.4", True, "4.4", True),
    )


def test_osv_reads_versions_as_text_and_every_span_of_events() -> None:
    assert the(osv.parse(OSV.encode(), "f")).affected == (
        AffectedRange("PyPI:thing", "0", True, "1.10", False),
        AffectedRange("PyPI:thing", "2.0"),
    )


def test_osv_takes_json_and_lists_and_several_documents() -> None:
    row = {"id": "X-1", "modified": "2026-01-01T00:00:00Z"}
    for body in (json.dumps(row), json.dumps([row, row | {"id": "X-2"}]), f"---\n{json.dumps(row)}\n---\n{OSV}"):
        assert "X-1" in parsed(osv.parse(body.encode(), "f")).entries


def test_cnnvd_names_a_bad_entry_and_keeps_the_others() -> None:
    answer = parsed(cnnvd.parse(CNNVD.encode(), "cnnvd.xml"))
    assert list(answer.entries) == ["CNNVD-202602-0001"]
    assert [refusal.where for refusal in answer.refusals] == ["cnnvd.xml#2"]
    assert answer.entries["CNNVD-202602-0001"].severity == "高危"


def test_an_xml_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><cnnvd><entry>&c;</entry></cnnvd>'
    assert isinstance(cnnvd.parse(bomb, "f"), Refusal)


def test_of_two_editions_the_later_stands() -> None:
    later = NVD | {"lastModified": "2026-03-01T00:00:00.000", "descriptions": []}
    for body in (as_file(NVD, later), as_file(later, NVD)):
        assert the(nvd.parse(body, "f")).modified_on == date(2026, 3, 1)


def test_records_are_loaded_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "nvd-2026.json").write_bytes(as_file(NVD))
    address = Address("https://example.test/nvd", ("nvd-*.json",), 10_000)
    entries, refused = load_records("nvd", address, tmp_path / "cache", folder=tmp_path)
    assert (list(entries), refused) == (["CVE-2026-0001"], ())
    missing = Address("https://example.test/osv", ("osv-*.yaml",), 10_000)
    assert load_records("osv", missing, tmp_path / "cache", folder=tmp_path)[1][0].code == "feed_missing"
