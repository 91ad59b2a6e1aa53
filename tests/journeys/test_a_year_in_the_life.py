"""The main job: its figures are the worked example's, the same in every run, and each hangs on what it should."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest
from tests.conftest import copied
from tests.told_year import ToldYear

from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue, load_catalogue
from ringwall.desk.life.case import FILES, Case, read_case
from ringwall.desk.life.story import STEPS
from ringwall.portfolio import read_portfolio
from ringwall.shell.feeds import load_intelligence
from ringwall.shell.loops import kept_in
from ringwall.shell.store import embedded
from ringwall.wiring.house import from_package, furnish
from ringwall.wiring.life import Teller, tell
from ringwall.wiring.world import LabWorld

Figures = dict[tuple[str, str], str]
SAMPLE = ("lab", "eve.ndjson")


def case_with(change: Callable[[dict[str, str]], None] | None = None) -> Case:
    texts = dict(read_folder("scenarios", "jiangkou"))
    if change:
        change(texts)
    assert set(FILES) <= set(texts)
    case = read_case(texts, "jiangkou")
    assert isinstance(case, Case), case
    return case


def catalogue_with(tmp_path: Path, folder: str = "", name: str = "", old: str = "", new: str = "") -> Catalogue:
    """The shipped catalogue, with one text changed at one place, and filed as it then stands."""

    def read(wanted: str) -> Mapping[str, str]:
        texts = dict(from_package(wanted))
        if wanted == folder:
            assert texts[name].count(old) == 1, f"{old!r} stands once in {name}"
            texts[name] = texts[name].replace(old, new)
        return texts

    offline = tmp_path / "feeds"
    offline.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue(read, load_intelligence(offline, tmp_path / "cache")[0])
    assert isinstance(catalogue, Catalogue), catalogue
    return replace(catalogue, filed={version: product.sha256 for version, product in catalogue.versions.items()})


@pytest.fixture
def figures(told_year: ToldYear) -> Figures:
    """Of the year as it is shipped, by step and label."""
    return {(step, figure.label.en): figure.value for step, figure in told_year.figures}


def told_in(  # type: ignore[no-untyped-def]
    database, home: Path, loops: Path, case: Case, catalogue: Catalogue, sensor_file: Path | None = None
) -> Figures:
    """The same of a year told in that database."""
    book = read_portfolio(read_folder("book")["opening.csv"])
    with furnish(home, database, replace(catalogue, loops=kept_in(loops))) as house:
        steps = tell(house, case, book, Teller("zh", quiet=True), LabWorld(house.server_key, sensor_file))
    return {(step.step.name, figure.label.en): figure.value for step in steps for figure in step.figures}


@pytest.fixture
def told(database, tmp_path: Path, loops: Path) -> Callable[..., Figures]:  # type: ignore[no-untyped-def]
    """Tells the year on the test's own database."""
    return partial(told_in, database, tmp_path / "home", loops)


def changed(before: Figures, after: Figures) -> set[str]:
    """The names of the steps in which a figure differs."""
    return {step for step, label in {*before, *after} if before.get((step, label)) != after.get((step, label))}


def test_the_claim_is_settled_to_the_fen_of_the_worked_example(figures: Figures) -> None:
    assert figures["decision", "Factual loss"] == "¥ 2,434,000.00"
    assert figures["decision", "Loss within cover"] == "¥ 1,957,000.00"
    assert figures["decision", "Payable"] == "¥ 1,587,000.00"
    parts = {part: figures["decision", f"of it {part}"] for part in ("INRE", "DIAS", "NPBI", "EXT", "MIT", "INV")}
    assert parts == {
        "INRE": "¥ 166,000.00",
        "DIAS": "¥ 280,000.00",
        "NPBI": "¥ 948,000.00",
        "EXT": "¥ 60,000.00",
        "MIT": "¥ 75,000.00",
        "INV": "¥ 58,000.00",
    }


def test_the_carriers_bear_their_shares_and_every_clock_of_the_law_was_kept(figures: Figures) -> None:
    assert figures["payment", "Part of shouan"] == "¥ 634,800.00"
    assert figures["payment", "Part of zhongliu"] == "¥ 555,450.00"
    assert figures["payment", "Part of yuanqiao"] == "¥ 396,750.00"
    assert figures["payment", "Clocks of the law kept"].startswith("4 / 4")


def test_the_false_answer_does_not_cut_the_claim_since_the_right_to_rescind_had_ended(figures: Figures) -> None:
    assert figures["decision", "False answer"] == "R-02 · not rescinded"


def test_mending_what_was_seen_lowers_the_premium_within_the_term(figures: Figures) -> None:
    before, after = re.findall(r"(\d+)/(\d+)", figures["rerate", "Rate factor"])
    assert int(after[0]) / int(after[1]) <= 0.9 * int(before[0]) / int(before[1])
    assert figures["rerate", "Red-letter invoice"].startswith("¥ -")


def test_every_step_of_the_year_shows_a_figure(figures: Figures) -> None:
    assert {step for step, _ in figures} == {step.name for step in STEPS}


def test_a_second_fresh_run_with_other_ids_gives_equal_figures(
    figures: Figures, told: Callable[..., Figures], tmp_path: Path
) -> None:
    assert told(case_with(), catalogue_with(tmp_path)) == figures


def test_a_second_run_on_the_same_database_does_nothing_again(
    figures: Figures, told_year: ToldYear, server: embedded.EmbeddedServer, loops: Path, tmp_path: Path
) -> None:
    def rows() -> dict[str, int]:
        with psycopg.connect(database.url_for(embedded.SUPERUSER)) as connection:
            tables = connection.execute("select tablename from pg_tables where schemaname = 'ringwall'").fetchall()
            counts = [connection.execute(f"select count(*) from ringwall.{table}").fetchone() for (table,) in tables]
            return {table: row[0] for (table,), row in zip(tables, counts, strict=True) if row}

    with copied(server, told_year.database.name) as database:
        before = rows()
        assert told_in(database, tmp_path / "home", loops, case_with(), catalogue_with(tmp_path)) == figures
        assert rows() == before


def test_another_answer_moves_the_price_and_what_hangs_on_it_but_not_the_claim(
    figures: Figures, told: Callable[..., Figures], tmp_path: Path
) -> None:
    def no_mfa(texts: dict[str, str]) -> None:
        old = 'value: "yes", evidence: "export of the VPN gateway\'s sign-in policy"'
        assert texts["cover.yaml"].count(old) == 1
        texts["cover.yaml"] = texts["cover.yaml"].replace(old, 'value: "no", evidence: ""')

    after = told(case_with(no_mfa), catalogue_with(tmp_path))
    assert changed(figures, after) == {"apply", "quote", "bind", "rerate", "book", "market"}
    assert after["decision", "Payable"] == figures["decision", "Payable"]


def test_another_line_of_the_sensor_moves_the_traffic_figures_and_no_price(
    figures: Figures, told: Callable[..., Figures], tmp_path: Path
) -> None:
    lines = (Path(__file__).parents[2] / "src/ringwall/catalogue" / Path(*SAMPLE)).read_text("utf-8").splitlines()
    sensor_file = tmp_path / "eve.ndjson"
    sensor_file.write_text("\n".join(["{broken", *lines[1:]]) + "\n", "utf-8")
    assert changed(figures, told(case_with(), catalogue_with(tmp_path), sensor_file)) == {"traffic"}


def test_another_deductible_in_the_wording_moves_the_price_and_the_claim_alike(
    figures: Figures, told: Callable[..., Figures], tmp_path: Path
) -> None:
    folder, name = "products/enterprise-cyber/2026-01", "parameters/first_party.yaml"
    catalogue = catalogue_with(tmp_path, folder, name, "value: 5000000\n", "value: 6000000\n")
    after = told(case_with(), catalogue)
    assert after["decision", "of it DIAS"] == "¥ 270,000.00"
    assert after["decision", "Payable"] == "¥ 1,577,000.00"
    assert changed(figures, after) == {"quote", "bind", "rerate", "decision", "payment", "book", "market"}
