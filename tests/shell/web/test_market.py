"""The market: what is held back is not shown, and the supervisor sees what is published and nothing of the book."""

from __future__ import annotations

import re

import pytest
from tests.shell.web.conftest import Portal

from ringwall.desk.catalogue import Catalogue
from ringwall.market import validate_export

EXPORT = "/market/SHOUAN-STAT-000001/export.csv"


@pytest.mark.parametrize("person", ["shouan", "shouan.claims", "supervision"])
def test_the_insurer_and_the_supervisor_see_the_published_tables(reading: Portal, person: str) -> None:
    text = reading.of(person).get("/market").text
    assert "Shou&#39;an P&amp;C Insurance" in text
    assert "¥ 28,356,542.83" in text
    assert text.count("held back</span>") > 0
    assert "RW-2026-0001" in text


def test_the_supervisor_sees_no_policy_and_no_run(reading: Portal) -> None:
    def looks(office):  # type: ignore[no-untyped-def]
        return (
            len(office.statistics.all()),
            len(office.book.all()),
            len(office.book_runs.all()),
            len(office.claims.all()),
        )

    assert reading.house.front.ask(reading.speaker("supervision"), looks) == (1, 0, 0, 0)


def test_a_cell_that_is_held_back_says_so_and_shows_no_number(reading: Portal) -> None:
    text = reading.of("supervision").get("/market").text
    cells = [cell.split("</td>")[0] for cell in text.split("<td")[1:] if "held back" in cell.split("</td>")[0]]
    assert cells
    assert not [cell for cell in cells if re.search(r"¥|\d", cell.split(">", 1)[1])]
    counts = [int(n) for n in re.findall(r'<td class="amount">(\d+)<br>', text)]
    assert counts
    assert min(counts) >= 5, "what is shown counts at least as many policies as the floor"


def test_the_regulators_table_is_a_file_that_its_validator_takes(reading: Portal, catalogue: Catalogue) -> None:
    answer = reading.of("supervision").get(EXPORT)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert validate_export(answer.text, catalogue.statistics) == ()


@pytest.mark.parametrize("person", ["jiangkou", "tongzhou", "fengtai"])
def test_for_everybody_else_there_is_no_market_page(reading: Portal, person: str) -> None:
    client = reading.of(person)
    assert client.get("/market").status_code == 404
    assert client.get(EXPORT).status_code == 404
    assert 'href="/market"' not in client.get("/").text


def test_another_insurer_sees_the_shelf_and_nothing_of_the_leads_figures(reading: Portal) -> None:
    text = reading.of("zhongliu").get("/market").text
    assert "Nothing has been published yet" in text
    assert "RW-2026-0001" in text
    assert reading.of("zhongliu").get(EXPORT).status_code == 404


def test_publishing_anew_is_done_once_for_its_key_and_the_supervisor_sees_the_newest(writing: Portal) -> None:
    client = writing.of("shouan")
    for _ in range(2):
        assert client.post("/market/reports", data={"key": "portal:market:one"}).status_code == 303
    text = writing.of("supervision").get("/market").text
    assert "Publication SHOUAN-STAT-000002" in text
    assert "SHOUAN-STAT-000001" not in text
    assert "SHOUAN-STAT-000003" not in text


@pytest.mark.parametrize("person", ["supervision", "jiangkou", "shouan.claims"])
def test_only_the_insurers_underwriter_publishes(writing: Portal, person: str) -> None:
    assert writing.of(person).post("/market/reports", data={"key": "k"}).status_code == 404
