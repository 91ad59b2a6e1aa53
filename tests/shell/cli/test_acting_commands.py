"""Commands that act in a person's name on an open house: feeds and hand-in, with that person's rights and once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.conftest import FreshDatabase

from ringwall.basics import OrganisationId, Words
from ringwall.desk.doors import Member
from ringwall.risk import RiskModel, parse_model
from ringwall.shell.store.connection import acting_for, open_pool
from ringwall.shell.store.people import NewPerson, ObjectRows, enrol
from ringwall.wiring import main

NUMBER = "FACTORY-SUB-000001"


@pytest.fixture
def folder(database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house's environment with an underwriter and a risk manager, and a folder of feeds."""
    with open_pool(database.url_for("ringwall_app"), most=2) as pool:
        for name, kind, role in (("factory", "insured", "risk_manager"), ("lead", "insurer", "underwriter")):
            member = Member(OrganisationId(uuid4()), name, kind, Words(name, name))  # type: ignore[arg-type]
            people = [NewPerson(name, name, role, "a password")]
            if kind == "insurer":
                people.append(NewPerson("actuary", "actuary", role, "a password"))
                people.append(NewPerson("claims", "claims", "claims_handler", "a password"))
            enrol(pool, member, people, listed=kind == "insurer")
            if kind == "insured":
                with acting_for(pool, UUID(str(member.id))) as connection:
                    ObjectRows(connection, member.id).open(NUMBER)
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    monkeypatch.setenv("RINGWALL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RINGWALL_FEEDS", str(feeds))
    monkeypatch.setenv("DATABASE_URL", database.url_for("ringwall_app"))
    monkeypatch.setenv("DATABASE_OWNER_URL", database.url_for("ringwall_owner"))
    return feeds


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def put_kev(folder: Path, version: str, *cves: str) -> None:
    rows = [{"cveID": cve, "vendorProject": "x", "product": "x", "dateAdded": "2026-01-01"} for cve in cves]
    file = {"catalogVersion": version, "dateReleased": "2026-01-01", "vulnerabilities": rows}
    (folder / "known_exploited_vulnerabilities.json").write_text(json.dumps(file))


def test_feeds_are_loaded_from_a_folder_once_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load = ("feeds", "load", "--as", "lead", "--from", str(folder))
    put_kev(folder, "1", "CVE-2026-0001")
    code, first = told(capsys, *load)
    assert (code, first["taken"]["new"]) == (0, [])
    put_kev(folder, "2", "CVE-2026-0001", "CVE-2026-0002")
    code, second = told(capsys, *load)
    assert (code, second["taken"]["new"]) == (0, ["CVE-2026-0002"])
    assert told(capsys, *load)[1]["taken"] == second["taken"], "the same edition again gives the stored answer"
    editions = told(capsys, "feeds", "show", "--as", "lead")[1]["editions"]
    assert ("kev", "2") in {(each["feed"], each["version"]) for each in editions}
    code, refused = told(capsys, "feeds", "load", "--as", "factory", "--from", str(folder))
    assert (code, [each["code"] for each in refused["refusals"]]) == (1, ["not_your_task"])
    code, refused = told(capsys, "feeds", "show", "--as", "nobody")
    assert (code, [each["code"] for each in refused["refusals"]]) == (1, ["person_unknown"])


def test_a_report_is_handed_in_within_a_consent_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = folder / "testssl.json"
    report.write_text('[{"id": "x", "severity": "LOW", "finding": "x", "ip": "a.test", "port": "443"}]')
    codes = []
    for number, file, person in ((NUMBER, report, "factory"), ("NONE", report, "factory"), (NUMBER, folder, "factory")):
        code, said = told(capsys, "hand-in", number, str(file), "--as", person)
        codes.append((code, said["refusals"][0]["code"]))
    assert codes[:2] == [(1, "no_consent"), (1, "not_visible")]
    assert codes[2][0] == 1, "a folder is no file"


SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


@pytest.mark.usefixtures("folder")
def test_a_refit_is_proposed_from_files_adopted_by_another_person_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ("--claims", str(SAMPLES / "claims.csv"), "--exposure", str(SAMPLES / "exposure.csv"))
    code, made = told(capsys, "refit", "propose", "2026-02", "--as", "actuary", "--years", "200", *files)
    assert (code, made["state"], made["claims"]) == (0, "proposed", 150)
    assert (made["origin"], len(made["data_sha256"])) == ("claims.csv, exposure.csv", 64)
    assert any(row["name"] == "severity.RAN.INRE.median" and row["low"] < row["high"] for row in made["refits"])
    number, into = made["number"], tmp_path / "2026-02"
    export = ("refit", "export", number, str(into), "--as", "lead")
    assert told(capsys, *export)[1]["refusals"][0]["code"] == "refit_not_adopted"
    reason = ("--reason", "150 claims")
    assert (
        told(capsys, "refit", "adopt", number, "--as", "actuary", *reason)[1]["refusals"][0]["code"] == "own_proposal"
    )
    code, adopted = told(capsys, "refit", "adopt", number, "--as", "lead", *reason)
    assert (code, adopted["state"], adopted["decision"]["reason"]) == (0, "adopted", "150 claims")
    assert told(capsys, *export)[0] == 0
    exported = parse_model({path.name: path.read_text("utf-8") for path in into.iterdir()})
    assert isinstance(exported, RiskModel)
    assert exported.sha256 == made["sha256"]
    assert main(["refit", "show", number, "--as", "lead", "--lang", "en"]) == 0
    assert "Technical premium" in capsys.readouterr().out
    assert [row["number"] for row in told(capsys, "refit", "list", "--as", "lead")[1]["refits"]] == [number]
    one = ("refit", "propose", "2026-03", "--as", "lead", files[0], files[1])
    assert told(capsys, *one)[1]["refusals"][0]["code"] == "claims_and_exposure"


def test_payables_are_paid_by_the_claims_side_of_an_insurer_only_and_none_is_owed_before_an_order(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.exists()
    code, listed = told(capsys, "payables", "list", "--as", "lead")
    assert (code, listed["payables"]) == (0, [])
    code, refused = told(capsys, "payables", "pay", "--as", "lead")
    assert (code, [each["code"] for each in refused["refusals"]]) == (1, ["not_your_task"])
    code, run = told(capsys, "payables", "pay", "--as", "claims")
    assert (code, run["reference"], run["paid"]) == (0, "", [])
    code, refused = told(capsys, "payables", "pay", "--as", "claims", "--order", "NONE")
    assert (code, [each["code"] for each in refused["refusals"]]) == (1, ["not_visible"])
    assert main(["payables", "pay", "--as", "claims", "--lang", "en"]) == 0
    assert "0 paid, CNY 0.00" in capsys.readouterr().out
