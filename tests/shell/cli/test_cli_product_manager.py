"""The product manager's commands: draft, check, difference, backtest, filing pack, booklet."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.shell.cli.ran import Run

import ringwall.catalogue

PARK = "park-master/2026-01"
CATALOGUE = Path(ringwall.catalogue.__file__).parent / "products"
HEAD = "policy,event,item,part,amount_minor,kind,discovered_at\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The park product with one number changed: members keep at least 600,000 fen."""
    folder = tmp_path / "copy"
    shutil.copytree(CATALOGUE / PARK, folder)
    numbers = folder / "parameters" / "numbers.yaml"
    numbers.write_text(numbers.read_text(encoding="utf-8").replace("value: 500000\n", "value: 600000\n"), "utf-8")
    return folder


def test_a_draft_is_written_and_checks_good(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "draft"
    assert run("product", "new", "my-cyber", "2026-09", "--into", folder, "--json").code == 0
    checked = run("product", "check", folder, "--quick", "--json")
    assert (checked.code, checked.document["good"], checked.document["mutation"]) == (0, True, None)
    again = run("product", "new", "my-cyber", "2026-09", "--into", folder, "--json")
    assert (again.code, again.codes) == (1, ["file_unwritable"])


def test_a_check_says_what_is_proved_and_what_the_examples_notice(run: Run) -> None:
    found = run("product", "check", PARK, "--json")
    assert found.code == 0
    assert {theorem["code"] for theorem in found.document["proof"]["theorems"]} >= {"no_conflict", "no_gap"}
    mutation = found.document["mutation"]
    assert mutation["noticed"] + len(mutation["survivors"]) == mutation["tried"]
    share = f"{mutation['noticed']}/{mutation['tried']} = {100 * mutation['noticed'] / mutation['tried']:.1f} %"
    assert share in run("product", "check", PARK, "--lang", "en").out


def test_examples_that_came_after_the_filing_count(run: Run) -> None:
    found = run("product", "check", "enterprise-cyber/2026-01", "--quick", "--json")
    assert any(example["place"].startswith("edges.yaml") for example in found.document["examples"])


def test_a_variant_shows_the_clauses_of_its_base_and_its_own(run: Run) -> None:
    found = run("product", "show", "enterprise-cyber-hospital/2026-07", "--json")
    numbers = [clause["number"] for clause in found.document["clauses"]]
    assert {"1.1", "20.4"} <= set(numbers)


def test_a_difference_names_the_number_and_who_loses(run: Run, copy: Path) -> None:
    found = run("product", "diff", PARK, copy, "--json").document
    assert [(n["name"], n["before"], n["after"], n["side"]) for n in found["numbers"]] == [
        ("retention_least", 500000, 600000, "loses")
    ]
    assert {example["side"] for example in found["examples"]} == {"loses"}
    assert "不利" in run("product", "diff", PARK, copy).out


def test_given_losses_are_settled_under_both_and_a_bad_row_is_named(run: Run, copy: Path, tmp_path: Path) -> None:
    losses = tmp_path / "losses.csv"
    losses.write_text(
        HEAD.rstrip("\n") + ",certificate_issued,known_before\n"
        "P1,E1,containment,INRE,4000000,containment,2026-09-21T08:00:00+08:00,yes,no\n"
        "P1,E2,containment,INRE,30000000,containment,2026-09-21T08:00:00+08:00,yes,no\n"
        "P2,E3,containment,INRE,lots,containment,2026-09-21T08:00:00+08:00,yes,no\n",
        "utf-8",
    )
    found = run("product", "backtest", PARK, copy, "--losses", losses, "--json")
    given = found.document["given"]
    assert (given["before_minor"], given["after_minor"]) == (31_500_000, 31_400_000)
    assert (given["gained_minor"], given["lost_minor"]) == (0, 100_000)
    assert found.document["refusals"][0]["where"].startswith(f"{losses}:4")


def test_json_lines_give_the_same_as_rows(run: Run, copy: Path, tmp_path: Path) -> None:
    losses = tmp_path / "losses.jsonl"
    facts = {"discovered_at": "2026-09-21T08:00:00+08:00", "certificate_issued": True, "known_before": False}
    item = {"name": "containment", "part": "INRE", "amount_minor": 4_000_000, "facts": {"kind": "containment"}}
    line = {"policy": "P1", "event": {"name": "E1", "facts": facts, "items": [item]}}
    losses.write_text(json.dumps(line) + "\n\nnot a line\n", "utf-8")
    found = run("product", "backtest", PARK, copy, "--losses", losses, "--json")
    assert found.document["given"]["lost_minor"] == 100_000
    assert found.codes == ["loss_line"]


def test_simulated_losses_sum_to_the_fen_and_repeat(run: Run, copy: Path) -> None:
    words = ("product", "backtest", PARK, copy, "--simulate", "2000", "--seed", "7", "--json")
    first, second = run(*words).document["simulated"], run(*words).document["simulated"]
    assert first == second
    assert first["after_minor"] - first["before_minor"] == first["gained_minor"] - first["lost_minor"]
    assert first["lost_minor"] > 0


def test_a_backtest_of_nothing_is_refused(run: Run, copy: Path) -> None:
    assert run("product", "backtest", PARK, copy, "--json").codes == ["backtest_of_nothing"]
    assert run("product", "backtest", PARK, copy, "--simulate", "-1", "--json").codes == ["backtest_events"]


def test_a_pack_is_written_with_a_manifest_and_twice_the_same(run: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    found = run("product", "pack", PARK, "--into", one, "--json").document
    assert run("product", "pack", PARK, "--into", two, "--json").code == 0
    assert found["rates"] == ["enterprise-cyber-2026-01.yaml", "park-master-2026-01.yaml"], (
        "its own pages and their base"
    )
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        manifest = archive.read("manifest.json")
        assert hashlib.sha256(manifest).hexdigest() == found["manifest_sha256"]
        for path, hashed in json.loads(manifest)["files"].items():
            assert hashlib.sha256(archive.read(path)).hexdigest() == hashed
    assert run("product", "pack", PARK, "--into", one, "--json").codes == ["file_unwritable"]


def test_what_does_not_hold_is_not_packed(run: Run, copy: Path, tmp_path: Path) -> None:
    found = run("product", "pack", copy, "--into", tmp_path / "pack", "--json")
    assert found.code == 1
    assert "filing_examples" in found.codes
    assert not (tmp_path / "pack").exists()


def test_a_booklet_prints_the_examples_beside_the_clause(run: Run) -> None:
    found = run("product", "booklet", PARK, "--lang", "en", "--json").document
    clause = next(each for each in found["clauses"] if each["number"] == "2.2")
    assert clause["examples"]
    assert "The least deductible" in run("product", "booklet", PARK, "--lang", "en").out


def test_without_a_press_no_pdf_is_promised(run: Run, tmp_path: Path) -> None:
    assert run("product", "booklet", PARK, "--into", tmp_path / "b.pdf", "--json").codes == ["no_press"]
