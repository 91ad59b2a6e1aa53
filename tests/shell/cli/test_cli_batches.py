"""`traffic`, `portfolio` and `product`: the good rows are answered, the others are named with their line."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.shell.cli.ran import SAMPLES, Run

from ringwall.catalogue import read_folder

BOOK = SAMPLES / "book.csv"
FEW = ("--years", "400")


@pytest.fixture
def eve(tmp_path: Path) -> Path:
    """The lab's traffic, with two broken lines in it."""
    lines = read_folder("lab").get("eve.ndjson", "").splitlines() or _made_lines()
    lines[3:3] = ["{broken", '{"event_type": "dns"}']
    path = tmp_path / "eve.json"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _made_lines() -> list[str]:
    flow = {"start": "2026-03-01T10:00:00.000000+0000", "bytes_toserver": 10, "bytes_toclient": 20}
    event = {"timestamp": "2026-03-01T10:00:01.000000+0000", "event_type": "flow", "proto": "TCP", "flow": flow}
    ends = {"src_ip": "10.41.2.11", "src_port": 40000, "dest_ip": "192.0.2.7", "dest_port": 443}
    return [json.dumps({**event, **ends}) for _ in range(12)]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "insured.key"
    path.write_bytes(b"a key of one insured only")
    return path


def test_broken_lines_are_named_and_the_others_counted(run: Run, eve: Path, key: Path) -> None:
    ran = run("traffic", eve, "--inside", "10.41.0.0/16", "--key-file", key, "--json")
    assert ran.code == 0
    assert ran.document["rejected"] == 2
    assert sum(ran.document["events_by_type"].values()) == ran.document["lines"] - 2
    assert [each["where"] for each in ran.document["refusals"]] == ["eve.json:4", "eve.json:5"]
    assert "10.41." not in ran.out


def test_the_same_key_gives_the_same_document_and_no_key_other_names(run: Run, eve: Path, key: Path) -> None:
    keyed = [run("traffic", eve, "--inside", "10.41.0.0/16", "--key-file", key, "--json").document for _ in range(2)]
    assert keyed[0] == keyed[1]
    bare = run("traffic", eve, "--inside", "10.41.0.0/16", "--json").document
    assert {row["host"] for row in bare["hourly"]} != {row["host"] for row in keyed[0]["hourly"]}


def test_the_traffic_page_has_hosts_and_indicators_in_both_languages(run: Run, eve: Path) -> None:
    for language, word in (("zh", "指标"), ("en", "Indicators")):
        ran = run("traffic", eve, "--inside", "10.41.0.0/16", "--lang", language)
        assert ran.code == 0
        assert word in ran.out
        assert "eve.json:4" in ran.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nowhere.json", "--inside", "10.0.0.0/8"), "traffic_unreadable"),
        ((SAMPLES / "risk.yaml", "--inside", "10.0.0.0/8"), "traffic_no_events"),
        ((SAMPLES / "risk.yaml", "--inside", "10.0.0.0/99"), "network_unreadable"),
        ((SAMPLES / "risk.yaml", "--inside", "10.0.0.1/8"), "network_unreadable"),
        ((SAMPLES / "risk.yaml", "--inside", "10.0.0.0/8", "--key-file", "nowhere.key"), "file_unreadable"),
    ],
    ids=str,
)
def test_traffic_that_cannot_be_read_is_refused(run: Run, words: tuple[Any, ...], code: str) -> None:
    ran = run("traffic", *words, "--json")
    assert (ran.code, ran.codes) == (1, [code])


def test_a_short_key_is_refused(run: Run, eve: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.key"
    short.write_bytes(b"short")
    ran = run("traffic", eve, "--inside", "10.41.0.0/16", "--key-file", short, "--json")
    assert (ran.code, ran.codes) == (1, ["traffic_privacy_unset"])


def test_the_book_is_measured_gross_and_net_and_its_piles_are_named(run: Run) -> None:
    ran = run("portfolio", "simulate", BOOK, *FEW, "--seed", "7", "--json")
    document = ran.document
    assert ran.code == 0
    assert document["policies"] == 5
    assert document["net"]["measures"]["aal_minor"] <= document["gross"]["measures"]["aal_minor"]
    assert document["accumulation"]["regions"]
    assert sum(document["mean_by_cause_minor"].values()) == pytest.approx(
        document["gross"]["measures"]["aal_minor"], abs=20
    )


def test_a_year_on_the_curve_opens_to_the_policies_that_made_it(run: Run) -> None:
    asked = ("portfolio", "simulate", BOOK, *FEW, "--seed", "7", "--json")
    worst = run(*asked).document["curves"]["gross_aep"][-1]
    assert worst["low_minor"] is None or worst["low_minor"] <= worst["loss_minor"]
    year = run(*asked, "--year", worst["year"]).document["year"]
    paid = [sum(parts.values()) for event in year["events"] for parts in event["paid"].values()]
    assert sum(paid) == year["gross_minor"] == worst["loss_minor"]
    assert year["net_minor"] <= year["gross_minor"]
    page = run("portfolio", "simulate", BOOK, *FEW, "--seed", "7", "--year", worst["year"])
    assert page.code == 0
    assert f"{worst['year']}" in page.out


def test_a_year_that_is_not_simulated_is_refused(run: Run) -> None:
    ran = run("portfolio", "simulate", BOOK, *FEW, "--year", "999999", "--json")
    assert (ran.code, ran.codes) == (1, ["option_wrong"])


def test_every_disaster_of_the_model_is_forced(run: Run) -> None:
    document = run("portfolio", "simulate", BOOK, *FEW, "--seed", "7", "--json").document
    assert len(document["disasters"]) == len({each["scenario"] for each in document["disasters"]}) >= 8
    for each in document["disasters"]:
        assert 0 <= each["net_mean_minor"] <= each["gross_mean_minor"]


def test_the_same_seed_gives_the_same_document_and_another_seed_another(run: Run) -> None:
    first, again, other = (run("portfolio", "simulate", BOOK, *FEW, "--seed", seed, "--json").out for seed in (7, 7, 8))
    assert first == again != other


def test_a_broken_row_is_named_by_its_line_and_the_others_are_simulated(run: Run, tmp_path: Path) -> None:
    lines = BOOK.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("410000000", "-410000000")
    lines[4] = lines[4].replace("2026-01", "1999-01", 1)
    broken = tmp_path / "broken.csv"
    broken.write_text("\n".join(lines), encoding="utf-8")
    ran = run("portfolio", "simulate", broken, *FEW, "--json")
    assert ran.code == 0
    assert ran.document["policies"] == 3
    assert "broken.csv:3" in ran.document["refusals"][0]["where"]
    assert "product_unknown" in ran.codes
    page = run("portfolio", "simulate", broken, *FEW)
    assert "broken.csv:3" in page.err
    assert "重现期" in page.out


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "book_empty"), ("a,b\n1,2\n", "book_empty"), ("\x00", "book_empty")],
    ids=["empty", "other", "nul"],
)
def test_a_book_without_a_good_row_is_refused(run: Run, tmp_path: Path, text: str, code: str) -> None:
    book = tmp_path / "book.csv"
    book.write_text(text, encoding="utf-8")
    ran = run("portfolio", "simulate", book, "--json")
    assert ran.code == 1
    assert code in ran.codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--years", "0"), "option_wrong"),
        (("--years", "-3"), "option_wrong"),
        (("--years", "99999999999"), "option_wrong"),
        (("--seed", "-1"), "option_wrong"),
        (("--as-at", "tomorrow"), "field_wrong"),
    ],
    ids=str,
)
def test_a_simulation_that_cannot_be_is_refused(run: Run, words: tuple[str, ...], code: str) -> None:
    ran = run("portfolio", "simulate", BOOK, *words, "--json")
    assert (ran.code, ran.codes) == (1, [code])


def test_the_product_of_the_catalogue_is_good(run: Run) -> None:
    ran = run("product", "check", "--json")
    assert ran.code == 0
    assert ran.document["good"] is True
    assert 0 < Fraction(ran.document["coverage"]) <= 1
    assert "refusals" not in ran.document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "product"
    for path, text in read_folder("products", "enterprise-cyber", "2026-01").items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_an_example_that_does_not_hold_is_named_with_its_place(run: Run, folder: Path) -> None:
    examples = folder / "examples" / "ransomware.yaml"
    text = examples.read_text(encoding="utf-8")
    examples.write_text(text.replace("payable: 158700000", "payable: 158700001", 1), encoding="utf-8")
    ran = run("product", "check", folder, "--json")
    assert (ran.code, ran.codes) == (1, ["example_differs"])
    assert ran.document["refusals"][0]["where"].startswith("examples/ransomware.yaml:")
    assert run("product", "check", folder).code == 1


def test_a_product_that_cannot_be_read_is_refused_by_line(run: Run, folder: Path) -> None:
    (folder / "terms.yaml").write_text("clauses: [", encoding="utf-8")
    for part in ("check", "show"):
        ran = run("product", part, folder, "--json")
        assert ran.code == 1
        assert any(each["where"].startswith("terms.yaml:") for each in ran.document["refusals"])


def test_a_product_that_is_not_there_is_refused_with_what_there_is(run: Run, tmp_path: Path) -> None:
    ran = run("product", "show", "enterprise-cyber/1999-01", "--json")
    assert (ran.code, ran.codes) == (1, ["product_unknown"])
    assert "enterprise-cyber/2026-01" in ran.document["refusals"][0]["message"]["en"]
    assert run("product", "check", tmp_path, "--json").codes == ["folder_unreadable"]
    assert run("product", "check", "../../models/2026-01", "--json").codes == ["product_unknown"]


def test_a_product_is_shown_with_clauses_numbers_and_sources(run: Run) -> None:
    ran = run("product", "show", "--lang", "en")
    assert ran.code == 0
    for shown in ("3.3", "npbi_mode", "event_limit", "2025-12-01", "◆"):
        assert shown in ran.out
    document = run("product", "show", "--json").document
    assert {"number", "heading", "text", "takes_away"} <= set(document["clauses"][0])
    assert {"name", "value", "unit", "since", "source"} <= set(document["parameters"][0])


def test_a_portfolio_file_is_checked_and_its_faults_and_good_rows_go_into_files(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = BOOK.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("410000000", "-410000000")
    lines[4] = lines[4].replace("CN-", "")
    Path("mine.csv").write_text("\n".join([*lines, f"{lines[1]},x"]), encoding="utf-8")
    ran = run("portfolio", "check", "mine.csv", "--first", "1", "--good", "good.parquet", "--json")
    assert (ran.code, ran.document["rows"], ran.document["good"], ran.document["broken"]) == (0, 6, 4, 2)
    assert [refusal["where"] for refusal in ran.document["refusals"]] == ["mine.csv:3 AnnualRevenue"]
    said = Path("mine.broken.csv").read_text(encoding="utf-8").splitlines()
    assert [line.partition(",")[0] for line in said] == ["row", "3", "7"]
    assert run("portfolio", "check", "good.parquet", "--json").document["good"] == 4
    again = run("portfolio", "check", "mine.csv", "--json")
    assert (again.code, again.codes) == (1, ["file_unwritable"])
    page = run("portfolio", "check", "mine.csv", "--report", "other.csv", "--lang", "en")
    assert "Broken" in page.out
    assert "mine.csv:3 AnnualRevenue" in page.err


def test_the_results_of_a_simulation_are_written_as_ord_tables(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "ord"
    document = run("portfolio", "simulate", BOOK, *FEW, "--ord", folder, "--json").document
    with (folder / "il_S1_palt.csv").open(encoding="utf-8", newline="") as file:
        (average,) = csv.DictReader(file)
    assert Fraction(average["MeanLoss"]) * 100 == document["gross"]["measures"]["aal_minor"]
    again = run("portfolio", "simulate", BOOK, *FEW, "--ord", folder, "--json")
    assert (again.code, again.codes) == (1, ["file_unwritable"])
