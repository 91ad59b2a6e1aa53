"""`scan` looks only where it may; `price` takes what it found; both name every clash and its place."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.shell.cli.ran import SAMPLES, Ran, Run

CONSENT, RISK = SAMPLES / "consent.yaml", SAMPLES / "risk.yaml"


@pytest.fixture(scope="module")
def scanned() -> dict[str, Any]:
    """Filled by the first test of the lab, so that the lab is started once."""
    return {}


@pytest.fixture
def lab(run: Run, scanned: dict[str, Any]) -> Ran:
    if not scanned:
        scanned["ran"] = run("scan", "--consent", CONSENT, "--lab", "binding", "--json")
    found = scanned["ran"]
    assert isinstance(found, Ran)
    return found


def changed(path: Path, folder: Path, **values: Any) -> Path:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    other = folder / f"changed-{path.name}"
    other.write_text(json.dumps({**document, **values}), encoding="utf-8")
    return other


def test_the_lab_is_looked_at_under_the_sample_consent(lab: Ran) -> None:
    assert lab.code == 0
    places = {(each["check"], each["locator"]) for each in lab.document["findings"]}
    assert ("svc.redis.open", "erp.jiangkou.test:6379") in places
    assert [proof["proved"] for proof in lab.document["proofs"]] == [True]
    assert lab.document["not_looked_at"] == []
    assert {each["severity"] for each in lab.document["findings"]} >= {"critical", "medium"}


def test_what_scan_prints_is_what_price_takes(run: Run, lab: Ran, tmp_path: Path) -> None:
    scan = tmp_path / "scan.json"
    scan.write_text(lab.out, encoding="utf-8")
    bare = changed(RISK, tmp_path, findings=[])
    without = run("price", bare, "--json").document
    ran = run("price", bare, "--scan", scan, "--json")
    assert "unauthenticated_store" in [fix["code"] for fix in ran.document["fixes"]]
    assert ran.document["gross_minor"] > without["gross_minor"]


def test_the_waterfall_ends_at_the_gross_premium_and_its_steps_sum_to_it(run: Run) -> None:
    ran = run("price", RISK, "--json")
    document = ran.document
    assert ran.code == 0
    assert document["net_minor"] + document["vat_minor"] == document["gross_minor"]
    assert sum(step["amount_minor"] for step in document["waterfall"]) == document["gross_minor"]
    assert document["waterfall"][-1]["level_minor"] == document["gross_minor"]
    assert all(fix["gross_before_minor"] == document["gross_minor"] for fix in document["fixes"])


def test_a_price_is_shown_with_its_fix_list_in_both_languages(run: Run) -> None:
    chinese, english = run("price", RISK), run("price", RISK, "--lang", "en")
    assert "整改清单" in chinese.out
    assert "Fix list" in english.out
    assert "样例零部件有限公司" in chinese.out
    assert "Sample Parts Co., Ltd." in english.out


def test_a_larger_limit_of_the_schedule_costs_more(run: Run) -> None:
    small = run("price", RISK, "--json").document["gross_minor"]
    wide = run("price", RISK, "--schedule", "event_limit=500000000,aggregate_limit=800000000", "--json").document
    assert wide["gross_minor"] >= small
    assert wide["schedule"]["event_limit"] == 500_000_000


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"at": "yesterday"}, "field_wrong"),
        ({"product": "enterprise-cyber/1999-01"}, "product_unknown"),
        ({"organisation": None}, "field_wrong"),
        ({"surprise": "1"}, "field_unknown"),
        ({"answers": [{"question": "Q99", "value": "yes"}]}, "name_unknown"),
        ({"answers": [{"question": "Q17", "value": "perhaps"}]}, "answer_form"),
        ({"answers": "yes"}, "field_wrong"),
        ({"controls": {"edr": "broken"}}, "control_stated_twice"),
        ({"controls": {"moat": "held"}}, "name_unknown"),
        ({"controls": {"edr": "sometimes"}}, "field_wrong"),
        ({"findings": [{"check": "svc.moon.open", "locator": "x:1"}]}, "name_unknown"),
        ({"findings": [{"check": "svc.redis.open"}]}, "field_missing"),
        ({"schedule": {"event_limit": "-1"}}, "schedule_range"),
        ({"schedule": {"event_limit": "1e9"}}, "field_wrong"),
        ({"schedule": {"moon_limit": "1"}}, "schedule_unknown"),
    ],
    ids=str,
)
def test_a_risk_that_clashes_is_refused_by_name(run: Run, tmp_path: Path, values: dict[str, Any], code: str) -> None:
    ran = run("price", changed(RISK, tmp_path, **values), "--json")
    assert (ran.code, ran.codes) == (1, [code])


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("revenue_minor", "-5", "field_wrong"),
        ("revenue_minor", "0", "figures_implausible"),
        ("industry", "alchemy", "industry_unknown"),
        ("gross_profit_rate", "3/2", "field_wrong"),
        ("gross_profit_rate", "1/0", "field_wrong"),
        ("employees", "many", "field_wrong"),
        ("dependencies", [{"kind": "magic", "vendor": "x"}], "field_wrong"),
        ("name", "", "field_wrong"),
    ],
    ids=str,
)
def test_an_organisation_that_clashes_is_refused(run: Run, tmp_path: Path, name: str, value: Any, code: str) -> None:
    risk = yaml.load(RISK.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    ran = run("price", changed(RISK, tmp_path, organisation={**risk["organisation"], name: value}), "--json")
    assert (ran.code, ran.codes) == (1, [code])


def test_without_a_consent_no_packet_leaves(run: Run) -> None:
    for words in (("scan", "www.jiangkou.test"), ("scan", "--lab", "binding"), ("scan",)):
        ran = run(*words, "--json")
        assert (ran.code, ran.codes) == (1, ["no_consent"])


def test_without_proof_of_control_an_asset_is_refused(run: Run) -> None:
    ran = run("scan", "--consent", CONSENT, "www.jiangkou.test", "--json")
    assert (ran.code, ran.codes) == (1, ["no_proof"])
    assert ran.document["not_looked_at"] == ["www.jiangkou.test"]
    assert ran.document["attempts"] == {"completed": 0, "failed": 0, "not_scheduled": 1}


def test_an_asset_outside_the_consent_is_refused(run: Run) -> None:
    ran = run("scan", "--consent", CONSENT, "www.other.test", "--json")
    assert (ran.code, ran.codes) == (1, ["not_in_scope"])


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"withdrawn_at": "2026-01-01T00:00:00+08:00"}, "consent_withdrawn"),
        ({"valid_to": "2026-02-01T00:00:00+08:00"}, "consent_not_in_force"),
        ({"valid_to": "2025-01-01T00:00:00+08:00"}, "consent_ends_before_start"),
        ({"valid_to": "2026-02-30T00:00:00+08:00"}, "field_wrong"),
        ({"valid_to": "2026-02-01"}, "field_wrong"),
        ({"signed_by": ""}, "field_missing"),
        ({"text_sha256": "00"}, "consent_text_differs"),
        ({"consent_id": "17"}, "field_wrong"),
        ({"scope": {"assets": ["jiangkou.test"]}}, "consent_empty"),
        ({"scope": {"assets": ["a.test"], "methods": ["guessing"]}}, "field_wrong"),
        ({"scope": {"assets": ["a.test"], "methods": ["active"], "hours": ["25:00"]}}, "field_wrong"),
        ({"scope": {"assets": ["a.test"], "methods": ["active"], "excluded_networks": ["moon"]}}, "network_unreadable"),
        ({"scope": {"assets": ["a.test"], "methods": ["active"], "max_new_per_second": "5000"}}, "rate_out_of_bounds"),
        ({"scope": {"assets": ["a.test"], "methods": ["active"], "excluded_ports": ["http"]}}, "field_wrong"),
    ],
    ids=str,
)
def test_a_consent_that_clashes_is_refused(run: Run, tmp_path: Path, values: dict[str, Any], code: str) -> None:
    ran = run("scan", "--consent", changed(CONSENT, tmp_path, **values), "www.jiangkou.test", "--json")
    assert ran.code == 1
    assert code in ran.codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--lab", "moon"), "lab_stage_unknown"),
        (("--lab", "binding", "www.other.test"), "asset_not_in_lab"),
        (("--lab", "binding", "--at", "noon"), "field_wrong"),
        (("--at", "2026-01-01T00:00:00+08:00", "a.test"), "option_wrong"),
        (("https://www.jiangkou.test/",), "asset_unreadable"),
        (("*.jiangkou.test",), "asset_unreadable"),
        ((), "assets_missing"),
        (("--proofs", "nowhere.json", "a.test"), "file_unreadable"),
    ],
    ids=str,
)
def test_a_scan_that_cannot_be_is_refused(run: Run, words: tuple[str, ...], code: str) -> None:
    ran = run("scan", "--consent", CONSENT, *words, "--json")
    assert (ran.code, ran.codes) == (1, [code])


def test_new_tokens_go_to_a_new_file_and_an_unanswered_one_is_no_proof(run: Run, tmp_path: Path) -> None:
    proofs = tmp_path / "proofs.json"
    made = run("scan", "--consent", CONSENT, "--new-proofs", proofs, "domain:jiangkou.test")
    assert made.code == 0
    assert "_ringwall-challenge.jiangkou.test" in made.out
    assert not proofs.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    again = run("scan", "--consent", CONSENT, "--new-proofs", proofs, "domain:jiangkou.test", "--json")
    assert (again.code, again.codes) == (1, ["file_not_written"])
    ran = run("scan", "--consent", CONSENT, "--proofs", proofs, "www.jiangkou.test", "--json")
    assert (ran.code, ran.codes) == (1, ["proof_failed"])
    assert [proof["proved"] for proof in ran.document["proofs"]] == [False]


def test_the_scan_page_names_findings_proofs_and_what_was_not_looked_at(run: Run) -> None:
    ran = run("scan", "--consent", CONSENT, "www.other.test", "--lang", "en")
    assert ran.code == 1
    assert "not looked at: www.other.test" in ran.out
    assert "not_in_scope" in ran.err
