"""The dossier of a date, and findings in the interchange form."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.evidence.conftest import AT, said, seen

from ringwall.evidence import (
    Control,
    Dossier,
    FindingContext,
    FindingStatus,
    Rules,
    Standing,
    compile_dossier,
    dossier_text,
    find,
    ocsf,
)

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "evidence" / "ocsf_vulnerability_finding.json"
CONTEXT = FindingContext("I-1", "pre_bind", "C-9", "dns-01", "2026-01")
LOOKS = (
    seen("redis", "open", "erp.jiangkou.test:6379", detail="redis 7.0.15"),
    seen("mail", "dmarc_missing", "jiangkou.test"),
)
ANSWERS = (said("Q20", "1"), said("Q30", "yes"))


def dossier(rules: Rules, controls: tuple[Control, ...], days: int = 0) -> Dossier:
    at = AT + timedelta(days=days)
    return compile_dossier("I-1", at, ANSWERS, find("I-1", LOOKS, AT, rules), LOOKS, controls)


def test_a_dossier_holds_all_that_is_known_on_its_date(rules: Rules, controls: tuple[Control, ...]) -> None:
    made = dossier(rules, controls)
    assert made.standing("edr") is Standing.HELD
    assert made.standing("stores_authenticated") is Standing.BROKEN
    assert made.standing("mfa_remote") is Standing.UNKNOWN
    assert made.standing("no such control") is Standing.UNKNOWN
    assert [each.control for each in made.contradictions] == ["stores_authenticated"]
    assert [finding.check for finding in made.open_findings] == [
        "svc.redis.open",
        "CVE-2025-49844",
        "mail.dmarc.missing",
    ]


def test_what_was_learned_later_is_not_in_an_earlier_dossier(rules: Rules, controls: tuple[Control, ...]) -> None:
    early = dossier(rules, controls, days=-1)
    assert early.findings == ()
    assert early.contradictions == ()
    assert early.standing("edr") is Standing.UNKNOWN


def test_equal_knowledge_has_an_equal_hash_and_any_change_another(rules: Rules, controls: tuple[Control, ...]) -> None:
    made = dossier(rules, controls)
    assert made.sha256 == dossier(rules, controls).sha256
    assert made.sha256 == replace(made, findings=made.findings[::-1]).sha256
    changed = [
        replace(made, at=AT + timedelta(days=1)),
        replace(made, findings=made.findings[1:]),
        replace(made, findings=(replace(made.findings[0], status=FindingStatus.RESOLVED), *made.findings[1:])),
        replace(made, contradictions=()),
        replace(made, controls=made.controls[1:]),
    ]
    assert len({each.sha256 for each in (made, *changed)}) == len(changed) + 1
    assert dossier_text(made).startswith("insured\tI-1\t2025-12-15T02:00:00+00:00\n")


def test_a_finding_is_exported_under_the_names_of_the_schema(rules: Rules) -> None:
    inferred, observed = (f for f in find("I-1", LOOKS, AT, rules) if f.locator == "erp.jiangkou.test:6379")
    event = ocsf(observed, CONTEXT)
    assert (event["class_uid"], event["type_uid"], event["severity_id"]) == (2002, 200201, 5)
    assert event["finding_info"]["uid"] == observed.uid  # type: ignore[index]
    assert event["resources"] == [
        {
            "uid": "erp.jiangkou.test",
            "name": "erp.jiangkou.test",
            "type": "host",
            "data": {"port": 6379, "transport": "tcp"},
        }
    ]
    assert event["unmapped"]["insurance"]["rating_factor"] == "unauthenticated_store"  # type: ignore[index]
    scored = ocsf(replace(inferred, epss=0.86767, score_date=date(2025, 12, 14), known_exploited=False), CONTEXT, "zh")
    assert scored["confidence_id"] == 1
    assert scored["vulnerabilities"][0]["cve"] == {  # type: ignore[index]
        "uid": "CVE-2025-49844",
        "epss": {"score": "0.86767", "version": "2025-12-14"},
    }
    assert "Redis" in scored["finding_info"]["title"]  # type: ignore[index]
    assert json.loads(json.dumps(event)) == event


def test_a_finding_of_a_domain_names_no_port(rules: Rules) -> None:
    (finding,) = (f for f in find("I-1", LOOKS, AT, rules) if f.locator == "jiangkou.test")
    assert "data" not in ocsf(finding, CONTEXT)["resources"][0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("status", "status_id", "activity", "vex"),
    [
        (FindingStatus.OPEN, 1, 1, "affected"),
        (FindingStatus.NOTIFIED, 2, 1, "affected"),
        (FindingStatus.FIXED, 2, 1, "affected"),
        (FindingStatus.DISPUTED, 2, 1, "under_investigation"),
        (FindingStatus.RESOLVED, 4, 3, "fixed"),
    ],
)
def test_a_status_is_exported_as_the_schema_counts_it(
    status: FindingStatus, status_id: int, activity: int, vex: str, rules: Rules
) -> None:
    finding = replace(find("I-1", LOOKS, AT, rules)[0], status=status)
    event = ocsf(finding, CONTEXT)
    assert (event["status_id"], event["activity_id"], event["type_uid"]) == (status_id, activity, 200200 + activity)
    assert event["unmapped"]["insurance"]["vex_status"] == vex  # type: ignore[index]


def test_the_export_uses_the_names_of_the_shared_example(rules: Rules) -> None:
    if not SHARED.exists():
        pytest.skip("no shared example of the interchange form beside the project")
    examples = json.loads(SHARED.read_text("utf-8"))
    allowed = {key for example in examples for key in example}
    insurance = {key for example in examples for key in example["unmapped"]["insurance"]}
    event = ocsf(find("I-1", LOOKS, AT, rules)[0], CONTEXT)
    assert event.keys() == allowed
    assert insurance - event["unmapped"]["insurance"].keys() <= {"kev_ransomware"}  # type: ignore[index]
