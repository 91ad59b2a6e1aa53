"""Reports, answers and feeds through the API: once for a key, within the walls, with their clocks."""

from __future__ import annotations

import json
from typing import Any

from tests.shell.api.conftest import Told
from tests.shell.api.story import INSURED, LEAD, Desk

BINARY = "application/octet-stream"
ROWS = [
    {"id": "BREACH", "severity": "MEDIUM", "finding": "x", "ip": "www.jiangkou.test", "port": "443"},
    {"id": "BREACH", "severity": "MEDIUM", "finding": "x", "ip": "www.stranger.test", "port": "443"},
]


def send(desk: Desk, person: str, path: str, content: bytes, key: str, **query: str) -> Any:
    headers = desk.headers(person, key) | {"Content-Type": BINARY}
    return desk.client.post(path, params=query, content=content, headers=headers)


def test_a_report_is_handed_in_once_answered_and_shown_with_what_was_left_out(told: Told, desk: Desk) -> None:
    at = f"/submissions/{told.numbers.submission}"
    content = json.dumps(ROWS).encode()
    first = send(desk, INSURED, f"{at}/reports", content, "one", name="testssl.json")
    assert first.status_code == 201, first.text
    assert send(desk, INSURED, f"{at}/reports", content, "one", name="testssl.json").json() == first.json()
    (uid,) = first.json()["findings"]
    assert (first.json()["tool"], first.json()["left_out"]) == ("testssl", 1)

    said = desk.post(INSURED, f"{at}/findings/{uid}/statements", {"kind": "said_fixed", "text": "switched off"})
    assert said["kind"] == "said_fixed"
    seen = desk.get(LEAD, f"{at}/reports")
    assert [each["number"] for each in seen["reports"]] == [first.json()["number"]]


def test_a_file_of_no_known_tool_is_refused(told: Told, desk: Desk) -> None:
    answer = send(desk, INSURED, f"/submissions/{told.numbers.submission}/reports", b"{}", "three", name="x")
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_unknown")


def test_a_feed_is_taken_once_and_shown_with_its_date(desk: Desk) -> None:
    entry = {"cveID": "CVE-2026-0001", "vendorProject": "x", "product": "x", "dateAdded": "2026-01-01"}
    body = {"catalogVersion": "7", "dateReleased": "2026-01-01", "vulnerabilities": [entry]}
    assert send(desk, LEAD, "/feeds/kev", json.dumps(body).encode(), "four").status_code == 201
    assert send(desk, LEAD, "/feeds/kev", b"nonsense", "five").json()["code"] == "feed_unreadable"
    (edition,) = desk.get(LEAD, "/feeds")["editions"]
    assert (edition["feed"], edition["version"], edition["dated"]) == ("kev", "7", "2026-01-01")


def test_a_consent_is_taken_back_by_a_further_record_and_nothing_is_read_under_it(told: Told, desk: Desk) -> None:
    at = f"/submissions/{told.numbers.submission}"
    before = desk.get(INSURED, f"{at}/consent")
    taken_back = desk.post(INSURED, f"{at}/consent/withdrawals", {})
    assert taken_back["consent"]["withdrawn_at"] is not None
    after = desk.get(INSURED, f"{at}/consent")
    [chain_before], [chain_after] = before.values(), after.values()
    assert chain_after == [*chain_before, taken_back]
    assert taken_back["previous_hash"] == chain_before[-1]["entry_hash"]
    again = desk.client.post(f"{at}/consent/withdrawals", headers=desk.headers(INSURED, "six"))
    assert again.json()["code"] == "consent_not_standing"
    report = send(desk, INSURED, f"{at}/reports", json.dumps(ROWS).encode(), "seven", name="testssl.json")
    assert report.json()["code"] == "no_consent"
