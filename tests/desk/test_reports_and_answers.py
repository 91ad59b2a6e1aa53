"""A report is read within the consent and moves no price; an answer moves a finding, and closes none by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal, Words
from ringwall.desk.evidence.dossier_of import findings_known
from ringwall.desk.evidence.hand_in_report import HandedIn, hand_in_report
from ringwall.desk.evidence.say_of_finding import decide_on_dispute, say_of_finding
from ringwall.desk.life.year import Year
from ringwall.desk.office import Office
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.records import ReportFile
from ringwall.desk.views.knowing import fixes_known
from ringwall.desk.views.posture.findings import FindingShown, findings_shown
from ringwall.evidence import (
    Finding,
    FindingStatus,
    MatchBasis,
    Severity,
    Statement,
    StatementKind,
    Upload,
    finding_uid,
)
from ringwall.service import Order, OrderState
from ringwall.shell.probes.uploads import read_upload

T = TypeVar("T")
AT = datetime(2026, 3, 2, tzinfo=UTC)
LATER = datetime(2026, 3, 3, tzinfo=UTC)
WORD = Words("一", "one")
NMAP = (
    '<?xml version="1.0"?><nmaprun scanner="nmap"><host><address addr="198.51.100.7" addrtype="ipv4"/><hostnames>'
    '<hostname name="{host}"/></hostnames><ports><port protocol="tcp" portid="21"><state state="open"/>'
    '<script id="ftp-anon" output="Anonymous FTP login allowed"/></port></ports></host></nmaprun>'
)
CLEAN = NMAP.replace("Anonymous FTP login allowed", "login incorrect")
GRYPE = {
    "descriptor": {},
    "source": {"target": "image"},
    "matches": [
        {
            "vulnerability": {"id": "CVE-2021-44228", "severity": "Critical"},
            "artifact": {"name": "log4j-core", "version": "2.14.1"},
        }
    ],
}


def a_finding(**changed: Any) -> Finding:
    fields: dict[str, Any] = {
        "uid": finding_uid("S", "a.test", "c", "a.test:1"),
        "check": "c",
        "asset": "a.test",
        "locator": "a.test:1",
        "severity": Severity.HIGH,
        "basis": MatchBasis.BANNER,
        "title": WORD,
        "advice": WORD,
        "perils": (),
        "factor": "",
        "first_seen": AT,
        "last_seen": AT,
        "status": FindingStatus.OPEN,
        "evidence_sha256": "",
    }
    return Finding(**(fields | changed))


def vex(state: str) -> bytes:
    vulnerability = {
        "id": "CVE-2021-44228",
        "analysis": {"state": state, "detail": "the class is removed from the archive"},
        "affects": [{"ref": "pkg:maven/log4j-core@2.14.1"}],
    }
    return json.dumps({"bomFormat": "CycloneDX", "vulnerabilities": [vulnerability]}).encode()


def handed_in(
    content: bytes, asset: str = "", proof: str = "", by: str = "risk_manager"
) -> Callable[[Office, UUID], ReportFile | Refusal]:
    upload = read_upload(content, "report")
    assert isinstance(upload, Upload), upload
    file = HandedIn("report", "application/octet-stream", content, asset, proof)
    return lambda office, object_id: hand_in_report(office, object_id, upload, file, by=by, at=AT)


def hand_in(year: Year, content: bytes, asset: str = "", proof: str = "") -> ReportFile:
    report = year.read("insured", handed_in(content, asset, proof))
    assert isinstance(report, ReportFile), report
    return report


def of(year: Year, uid: str, person: str = "insured") -> Finding:
    row = year.read(person, lambda office, _: office.findings.newest(f"{year.number}:{uid}"))
    assert row is not None
    return row.record


def stated(year: Year, uid: str) -> Finding:
    """The finding with its status by looks and statements."""
    known = year.read("underwriter", lambda office, object_id: findings_known(office, object_id, LATER))
    return next(each for each in known if each.uid == uid)


@pytest.fixture
def year(told_until: ToldUntil) -> Year:
    return told_until("quote")


def test_a_report_is_read_within_the_consent_and_moves_no_price(year: Year) -> None:
    def price(office: Office, object_id: UUID) -> Any:
        return fixes_known(office, object_id, datetime(2026, 12, 31, tzinfo=UTC), KeptBases())

    before = year.read("underwriter", price)
    report = hand_in(year, NMAP.format(host="erp.jiangkou.test").encode())
    (uid,) = report.findings
    found = of(year, uid, "underwriter")
    assert (found.locator, found.basis, found.may_price) == ("erp.jiangkou.test:21", MatchBasis.SELF_REPORTED, False)
    assert found.evidence_sha256 == report.sha256
    assert year.read("underwriter", price) == before
    stored = year.read("underwriter", lambda office, obj: [each.sha256 for each in office.files.of_object(obj)])
    assert report.sha256 in stored, "the lead reads the file itself"

    again = hand_in(year, NMAP.format(host="erp.jiangkou.test").encode())
    assert again.findings == (uid,), "handed in again it is the same finding"

    outside = hand_in(year, NMAP.format(host="erp.stranger.test").encode())
    assert (outside.findings, outside.left_out) == ((), 2)
    assert [each.code for each in outside.refusals] == ["report_out_of_scope"]


def test_what_the_lead_hands_in_the_insured_can_read_and_answer(year: Year) -> None:
    report = year.read("underwriter", handed_in(NMAP.format(host="www.jiangkou.test").encode(), by="underwriter"))
    assert isinstance(report, ReportFile), report
    (uid,) = report.findings
    assert of(year, uid, "insured").status is FindingStatus.OPEN

    def fixed(office: Office, object_id: UUID) -> Statement | Refusal:
        return say_of_finding(office, object_id, uid, StatementKind.SAID_FIXED, "closed", by="risk_manager", at=AT)

    assert isinstance(year.read("insured", fixed), Statement)
    assert stated(year, uid).status is FindingStatus.FIXED
    assert stated(year, uid).is_open, "a statement closes nothing"


def say_fixed(year: Year, uid: str, at: datetime = AT) -> Statement | Refusal:
    def work(office: Office, object_id: UUID) -> Statement | Refusal:
        return say_of_finding(office, object_id, uid, StatementKind.SAID_FIXED, "closed", by="risk_manager", at=at)

    return year.read("insured", work)


def orders_for(year: Year, uid: str) -> list[Order]:
    rows = year.read("insured", lambda office, object_id: office.orders.of_object(object_id))
    return [row.record for row in rows if uid in row.record.findings]


def waits_for(year: Year, uid: str) -> Refusal | None:
    def work(office: Office, object_id: UUID) -> tuple[FindingShown, ...]:
        return findings_shown(office, object_id, LATER, (), office.catalogue.intelligence)

    shown = year.read("insured", work)
    return next(each.waits for each in shown if each.finding.uid == uid)


def test_what_only_a_report_has_said_shows_what_is_to_be_done_before_it_is_looked_at_again(year: Year) -> None:
    (uid,) = hand_in(year, NMAP.format(host="erp.jiangkou.test").encode()).findings
    assert waits_for(year, uid) is None, "nobody has said yet that it is fixed"
    assert isinstance(say_fixed(year, uid), Statement)
    assert orders_for(year, uid) == [], "no policy, and so nothing is included"
    waits = waits_for(year, uid)
    assert waits is not None
    assert (waits.code, waits.where) == ("retest_by_report", uid)
    assert "nmap" in waits.message.en
    assert "0 left" in waits.message.en


def test_a_further_report_of_the_same_tool_on_the_same_asset_closes_what_was_said_to_be_fixed(year: Year) -> None:
    dirty, clean = NMAP.format(host="erp.jiangkou.test"), CLEAN.format(host="erp.jiangkou.test")
    (uid,) = hand_in(year, dirty.encode()).findings
    assert hand_in(year, clean.encode()).closed == (), "nobody has said that it is fixed"
    assert isinstance(say_fixed(year, uid), Statement)
    assert hand_in(year, clean.encode()).closed == (), "a file that was handed in before the fix proves none"
    assert hand_in(year, CLEAN.format(host="www.jiangkou.test").encode()).closed == (), "another host"
    assert hand_in(year, json.dumps(GRYPE).encode(), "erp.jiangkou.test").closed == (), "another tool"
    assert of(year, uid).status is FindingStatus.OPEN
    newer = hand_in(year, (clean + "<!-- after the fix -->").encode())
    assert newer.closed == (uid,)
    assert of(year, uid).status is FindingStatus.RESOLVED
    assert waits_for(year, uid) is None
    assert hand_in(year, (dirty + "<!-- again -->").encode()).findings == (uid,)
    assert of(year, uid).status is FindingStatus.OPEN, "reported again it is open again"


def test_said_to_be_fixed_it_is_ordered_to_be_looked_at_again_where_the_policy_includes_it(
    told_until: ToldUntil,
) -> None:
    year = told_until("drift")
    (uid,) = hand_in(year, NMAP.format(host="erp.jiangkou.test").encode()).findings
    at = year.case.at["drift_scanned_at"] + timedelta(hours=1)
    assert isinstance(say_fixed(year, uid, at), Statement)
    (order,) = orders_for(year, uid)
    assert (order.service, order.assets, order.state) == ("retest", ("erp.jiangkou.test",), OrderState.CONSENTED)
    assert isinstance(say_fixed(year, uid, at + timedelta(hours=1)), Statement)
    assert len(orders_for(year, uid)) == 1, "said again it is the same order"


def test_a_vex_answers_findings_with_its_cve_and_closes_none_without_evidence(year: Year) -> None:
    asset = "erp.jiangkou.test"
    nowhere = year.read("insured", handed_in(json.dumps(GRYPE).encode()))
    assert isinstance(nowhere, Refusal)
    assert nowhere.code == "report_asset_missing"
    (uid,) = hand_in(year, json.dumps(GRYPE).encode(), asset).findings
    assert of(year, uid).asset == asset

    bare = hand_in(year, vex("not_affected"), asset)
    assert (bare.answered, [each.code for each in bare.refusals]) == ((), ["statement_unsupported"])
    assert of(year, uid).status is FindingStatus.OPEN

    def evidence(office: Office, object_id: UUID) -> str:
        return office.files.put(
            object_id, "listing.txt", "text/plain", b"no JndiLookup.class", readers=("lead",)
        ).sha256

    proof = year.read("insured", evidence)
    supported = hand_in(year, vex("not_affected"), asset, proof)
    assert supported.answered == (uid,)
    assert stated(year, uid).status is FindingStatus.DISPUTED
    assert stated(year, uid).is_open

    def uphold(office: Office, object_id: UUID) -> Statement | Refusal:
        return decide_on_dispute(
            office, object_id, uid, StatementKind.UPHELD, "shown by the listing", by="underwriter", at=LATER
        )

    assert isinstance(year.read("underwriter", uphold), Statement)
    assert stated(year, uid).status is FindingStatus.RESOLVED
    second = year.read("underwriter", uphold)
    assert isinstance(second, Refusal)
    assert second.code == "dispute_missing"


def test_a_vex_that_says_fixed_asks_for_the_re_test(year: Year) -> None:
    asset = "erp.jiangkou.test"
    (uid,) = hand_in(year, json.dumps(GRYPE).encode(), asset).findings
    assert hand_in(year, vex("resolved"), asset).answered == (uid,)
    assert stated(year, uid).status is FindingStatus.FIXED
    assert stated(year, uid).is_open


def test_a_statement_of_the_insured_is_not_handed_in_by_others(year: Year) -> None:
    refused = year.read("underwriter", handed_in(vex("resolved"), "erp.jiangkou.test", by="underwriter"))
    assert isinstance(refused, Refusal)
    assert refused.code == "statement_not_yours"
