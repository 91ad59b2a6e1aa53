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


def test_a_proposal_is_made_on_the_card_and_decided_by_somebody_else_on_its_own_page(writing: Portal) -> None:
    claims, underwriter = writing.of("shouan.claims"), writing.of("shouan")
    form = {"key": "portal:refit:one", "version": "2026-02"}
    page = claims.post("/model/refits", data=form).headers["location"]
    assert claims.post("/model/refits", data=form).headers["location"] == page, "the same key makes one proposal"
    for client, path in ((claims, page), (underwriter, page), (underwriter, "/model")):
        for language in ("zh-CN", "en"):
            assert faults_of(client.get(f"{path}?lang={language[:2]}").text, language) == []
    assert "another underwriter must decide" not in claims.get(page).text
    text = underwriter.get(page).text
    assert all(words in text for words in ("frequency.RAN", "Technical premium", "TVaR 99, net", "Adopt the version"))
    said = {"key": "portal:refit:two", "state": "adopted", "reason": "small and well founded"}
    assert claims.post(page, data=said).status_code == 404, "who handles claims does not decide"
    assert underwriter.post(page, data={**said, "state": "perhaps"}).status_code == 422
    assert underwriter.post(page, data=said).headers["location"] == page
    text = underwriter.get(page).text
    assert "small and well founded" in text
    assert "Adopt the version" not in text
    assert page in underwriter.get("/model").text
    assert page not in writing.of("supervision").get("/model").text
    assert writing.of("zhongliu").get(page).status_code == 404
    assert writing.of("supervision").post("/model/refits", data=form).status_code == 404
