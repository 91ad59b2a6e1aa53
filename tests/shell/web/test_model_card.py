"""The model card in the portal: whole, in both languages, for insurers and the supervisor alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.shell.web.conftest import Portal
from tests.shell.web.test_portal_browser import sign_in
from tests.shell.web.test_portal_pages import faults_of

from ringwall.desk.catalogue import Catalogue
from ringwall.risk import targets


@pytest.mark.parametrize("person", ["shouan", "shouan.claims", "zhongliu", "supervision"])
def test_insurers_and_the_supervisor_read_the_card(reading: Portal, catalogue: Catalogue, person: str) -> None:
    text = reading.of(person).get("/model").text
    assert catalogue.model.sha256[:16] in text
    assert all(target.code in text for _, target in targets())
    assert all(parameter.name in text for parameter in catalogue.model.cited)
    assert "MISS" in text
    assert "What it must not be used for" in text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_is_well_made_in_both_languages(reading: Portal, language: str) -> None:
    assert faults_of(reading.of("shouan").get(f"/model?lang={language[:2]}").text, language) == []


@pytest.mark.parametrize(("language", "word"), [("zh", "不得用于"), ("en", "Weak points")])
def test_the_document_is_the_card_in_the_readers_language(reading: Portal, language: str, word: str) -> None:
    answer = reading.of("supervision").get(f"/model/card.md?lang={language}")
    assert answer.headers["content-type"].startswith("text/markdown")
    assert f"model-card-2026-01-{language}.md" in answer.headers["content-disposition"]
    assert word in answer.text


@pytest.mark.parametrize("person", ["jiangkou", "tongzhou", "fengtai"])
def test_for_everybody_else_there_is_no_card(reading: Portal, person: str) -> None:
    assert reading.of(person).get("/model").status_code == 404
    assert reading.of(person).get("/model/card.md").status_code == 404


def test_the_book_leads_to_the_card(reading: Portal) -> None:
    assert 'href="/model"' in reading.of("shouan").get("/book").text


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_fits_a_telephone_and_opens_its_numbers(
    reading: Portal, page: Page, address_of: Callable[[Portal], str], language: str
) -> None:
    address = address_of(reading)
    complaints = sign_in(page, address, reading, "supervision")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{address}/model?lang={language}")
        page.click("#block-systemic summary")
        assert page.is_visible("#block-systemic td")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
