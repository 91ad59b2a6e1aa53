"""A book goes out as a folder of OED files, is valid by their own checker, and is simulated from there alike."""

from __future__ import annotations

import csv
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.shell.cli.ran import SAMPLES, Run

from ringwall.shell.cli import Tools, main

ROOT = Path(__file__).resolve().parents[3]
PEERS = ROOT / ".ringwall" / "bench" / "oasis" / "bin" / "python"
CHECKER = Path(__file__).with_name("ods_checker.py")
OPENING = ROOT / "src" / "ringwall" / "catalogue" / "book" / "opening.csv"
BOOK = SAMPLES / "book.csv"
FEW = ("--years", "50", "--seed", "7", "--json")


def interpreter() -> Path:
    """The Python that has ods_tools: this one, or that of the benchmarks' peers."""
    if importlib.util.find_spec("ods_tools"):
        return Path(sys.executable)
    if not PEERS.exists():
        pytest.skip("ods_tools is not installed: run python bench/peers.py, or install ods-tools beside the tests")
    return PEERS


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    written = tmp_path / "oed"
    assert run("portfolio", "oed", BOOK, written).code == 0
    return written


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_are_valid_by_ods_tools_and_a_fault_in_them_is_not(run: Run, folder: Path, tmp_path: Path) -> None:
    opening, broken = tmp_path / "opening", tmp_path / "broken"
    assert run("portfolio", "oed", OPENING, opening).code == 0
    shutil.copytree(folder, broken)
    text = (broken / "account.csv").read_text(encoding="utf-8")
    (broken / "account.csv").write_text(text.replace(",CSB,", ",XXX,", 1), encoding="utf-8")
    command = [str(interpreter()), str(CHECKER), str(folder), str(opening), str(broken)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    sample, all_of_it, faulty = json.loads(done.stdout.splitlines()[-1])
    print(f"ods_tools {sample['version']}, OED {sample['oed']}: {sample['rows']}, {all_of_it['rows']}")
    for found, book in ((sample, BOOK), (all_of_it, OPENING)):
        assert (found["business"], found["faults"]) == ("Cyber", [])
        assert found["rows"]["account"] == len(rows(book))
    assert "invalid perils" in faulty["faults"][0]


def test_a_book_from_oed_files_is_simulated_as_from_its_own_file(run: Run, folder: Path) -> None:
    ours, theirs = (run("portfolio", "simulate", book, *FEW).document for book in (BOOK, folder))
    for document in (ours, theirs):  # the event definition of the treaties has no field in OED
        document["net"] = None
        for disaster in document["disasters"]:
            disaster["net_mean_minor"] = None
    assert theirs == ours


def test_what_oed_cannot_say_is_listed_for_every_policy_and_treaty(run: Run, folder: Path) -> None:
    unsaid = rows(folder / "unsaid.csv")
    numbers = {line["number"] for line in unsaid}
    assert {policy["PolNumber"] for policy in rows(folder / "account.csv")} <= numbers
    assert {("XL1-2026", "event.min_policies_with_payment"), ("XL2-2026", "event.hours_window")} <= {
        (line["number"], line["subject"]) for line in unsaid
    }
    assert all(line["zh"] and line["en"] for line in unsaid)
    again = run("portfolio", "oed", BOOK, folder, "--json")
    assert (again.code, again.codes) == (1, ["file_unwritable"])


def test_oasis_pays_the_sample_book_as_we_do_and_what_it_does_not_read_is_named(run: Run, tmp_path: Path) -> None:
    if not importlib.util.find_spec("oasislmf") and not PEERS.exists():
        pytest.skip("oasislmf is not installed: run python bench/peers.py, or install oasislmf==2.5.8 beside the tests")
    python = ("--oasis", PEERS) if PEERS.exists() else ()
    ran = run("portfolio", "oasis", BOOK, tmp_path / "oasis", "--events", "4", *python, "--json")
    found = ran.document
    assert (ran.code, found["apart"]) == (0, [])
    assert found["within_float32"] == found["payments"] >= found["above_nil"] > 10
    assert found["ours_minor"] == pytest.approx(found["theirs_minor"], rel=1e-6)
    assert set(found["unread"]) == {"LayerAggLimit", "BIWaitingPeriod"}


def test_a_payment_apart_is_shown_with_both_amounts_and_refused(
    tools: Tools, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says_nothing = {"oasis_python": lambda _: Path(sys.executable), "paid_by_oasis": lambda *_: {}}
    mute: Any = SimpleNamespace(**{**vars(tools), **says_nothing})
    assert main(["portfolio", "oasis", str(BOOK), str(tmp_path / "oasis"), "--events", "2", "--lang", "en"], mute) == 1
    assert "Payments apart" in capsys.readouterr().out


def test_without_oasis_the_command_says_what_to_install(run: Run, tmp_path: Path) -> None:
    ran = run("portfolio", "oasis", BOOK, tmp_path / "oasis", "--oasis", tmp_path / "none", "--json")
    assert (ran.code, ran.codes) == (1, ["oasis_missing"])
    assert not (tmp_path / "oasis").exists()


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("account.csv", 'AccNumber,PolNumber\n"x,y\n', "oed_file_unreadable"),
        ("account.csv", "AccNumber,PolNumber\nx\n", "oed_file_unreadable"),
        ("ReinsScope.csv", "ReinsNumber,PortNumber\n", "oed_treaty_scope"),
        ("account.csv", "AccNumber,PolNumber\n", "book_empty"),
    ],
)
def test_a_folder_that_cannot_be_read_says_which_file_and_why(
    run: Run, folder: Path, name: str, text: str, code: str
) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    ran = run("portfolio", "simulate", folder, *FEW)
    assert ran.code == 1
    assert code in ran.codes


def test_the_sample_files_are_what_the_command_writes(folder: Path) -> None:
    for path in folder.iterdir():
        assert (SAMPLES / "oed" / path.name).read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), path.name
