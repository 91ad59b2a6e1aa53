"""Files of others' scanners: all in one form, each unreadable part refused at its place, and none moves a price."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell.probes.conftest import AT

from ringwall.basics import Refusal
from ringwall.evidence import MatchBasis, SaidState, Upload, findings_of
from ringwall.shell.probes import uploaded
from ringwall.shell.probes.uploads import READERS, Form, Reader, read_upload

SAMPLES = Path(__file__).parent / "uploads"
EXPECTED = yaml.load((SAMPLES / "expected.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "evidence" / "scans"
SHAPE = ("NAME", "FORM", "is_mine", "items", "report")


def read(name: str) -> Upload:
    found = read_upload((SAMPLES / name).read_bytes(), name)
    assert isinstance(found, Upload), found
    return found


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.NAME)
def test_a_reader_has_the_shape_of_the_family(reader: Reader) -> None:
    assert all(hasattr(reader, name) for name in SHAPE)
    assert isinstance(reader.FORM, Form)
    assert getattr(reader, "__doc__", "")


def test_every_module_of_the_folder_is_in_the_family_and_has_a_sample() -> None:
    modules = {path.stem for path in Path(uploaded.__file__).parent.glob("uploads/*.py")} - {"__init__"}
    assert modules == {reader.NAME for reader in READERS} == {row["tool"] for row in EXPECTED.values()}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_says_what_stands_in_it(name: str) -> None:
    found = read(name)
    assert found.tool == EXPECTED[name]["tool"]
    assert [[s.rule, s.place, s.severity.name, s.cve, str(s.state)] for s in found.reported] == EXPECTED[name]["says"]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_part_that_cannot_be_read_is_refused_at_its_place_and_the_rest_is_kept(name: str) -> None:
    (refusal,) = read(name).refusals
    assert refusal.code == "upload_item_unreadable"
    assert refusal.where == f"{name}: {EXPECTED[name]['refused']}"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_an_insured_hands_in_gives_a_notice_and_never_a_price(name: str) -> None:
    found = read(name)
    findings = findings_of(found, "insured", AT)
    assert len(findings) == sum(said.state is SaidState.AFFECTED for said in found.reported)
    assert all(finding.basis is MatchBasis.SELF_REPORTED and not finding.may_price for finding in findings)
    assert all(finding.evidence_sha256 == found.sha256 for finding in findings)
    assert len({finding.uid for finding in findings}) == len(findings)


def test_a_file_that_is_too_big_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringwall.shell.probes.uploads.MAX_BYTES", 10)
    monkeypatch.setattr("ringwall.shell.probes.uploads.parse", None)
    found = read_upload(b"x" * 11, "big.xml")
    assert isinstance(found, Refusal)
    assert found.code == "upload_too_big"


def test_a_file_of_too_many_items_is_read_up_to_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringwall.shell.probes.uploads.MAX_ITEMS", 1)
    found = read("testssl.json")
    assert [refusal.code for refusal in found.refusals] == ["upload_too_many"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"[]",
        b"{}",
        b"<a/>",
        b"<nmaprun>",
        b"[" * 100_000,
        b'<!DOCTYPE a [<!ENTITY b "c">]><nmaprun>&b;</nmaprun>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><nmaprun>&b;</nmaprun>',
    ],
)
def test_what_no_known_tool_wrote_is_refused(data: bytes) -> None:
    found = read_upload(data, "x")
    assert isinstance(found, Refusal)
    assert found.code == "upload_unknown"


def test_a_document_that_breaks_off_keeps_what_was_read_before() -> None:
    sarif = json.loads((SAMPLES / "sarif.json").read_text("utf-8"))
    sarif["runs"].append({"results": []})
    found = read_upload(json.dumps(sarif).encode(), "x.sarif")
    assert isinstance(found, Upload)
    assert len(found.reported) == 2
    assert [refusal.where for refusal in found.refusals][-1] == "x.sarif: item 4"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ("id", "severity", "finding", "matches", "runs", "version", "vulnerabilities", "tool", "results", "Results")
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
FRAMES = (
    {"server_scan_results": None, "sslyze_version": ""},
    {"scanResult": None, "Invocation": ""},
    {"SchemaVersion": 2, "ArtifactName": "a", "Results": None},
    {"matches": None, "descriptor": {}},
    {"runs": None, "version": "2.1.0"},
    {"bomFormat": "CycloneDX", "vulnerabilities": None},
)


@settings(deadline=None)
@given(st.sampled_from(FRAMES), JSON)
def test_a_reader_makes_something_of_any_json(frame: dict[str, object], inside: object) -> None:
    filled = {key: inside if value is None else value for key, value in frame.items()}
    found = read_upload(json.dumps(filled).encode(), "any")
    assert isinstance(found, Upload)


@pytest.mark.parametrize("name", ["nmap_good.xml", "nmap_scripts.xml", "sslyze_good.json.gz"])
def test_files_of_the_real_tools_are_read_whole(name: str) -> None:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the sample {name} is not on this machine")
    data = path.read_bytes()
    found = read_upload(gzip.decompress(data) if name.endswith(".gz") else data, name)
    assert isinstance(found, Upload)
    assert not found.refusals
    assert found.reported or name.startswith("sslyze"), "the well-kept host's TLS has no weakness"
