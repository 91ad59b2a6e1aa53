"""The settlement bench in the portal: who sees it, that an edit settles at once, and how a case travels."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from html import unescape
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page
from tests.catalogue import shelf
from tests.shell.web.conftest import Portal
from tests.shell.web.test_portal_browser import sign_in
from tests.shell.web.test_portal_pages import faults_of

BENCH, CLAIM, POLICY = "/settlement", "SHOUAN-C-000001", "SHOUAN-P-000001"
OF_CLAIM = f"{BENCH}?claim={CLAIM}"
EDITORS = ("shouan.claims", "shouan", "zhongliu", "yuanqiao")
STRANGERS = ("tongzhou", "fengtai", "supervision")
LIVE = {"HX-Request": "true", "HX-Target": "answer"}
WHOLE_FORM = {"HX-Request": "true", "HX-Target": "bench"}
PAID = 158_700_000
SETTLED = "body:not(:has(.htmx-request, .htmx-swapping, .htmx-settling))"
"""A page in which an answer has been put in its place."""


def payable(text: str) -> tuple[int, int]:
    found = re.search(r'data-low="(\d+)" data-high="(\d+)"', text)
    assert found, text[:3000]
    return int(found[1]), int(found[2])


def form_of(text: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = text.split('id="case"')[1].split("</form>")[0]
    found = dict(re.findall(r'<input (?!class="form-check)[^>]*name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        first, chosen = (re.search(f'<option value="([^"]*)"{mark}', options) for mark in ("", " selected"))
        found[name] = (chosen or first)[1]  # type: ignore[index]
    checks = re.findall(r'<input class="form-check-input"[^>]*name="([^"]+)" value="yes" checked', form)
    return {name: unescape(value) for name, value in found.items()} | dict.fromkeys(checks, "yes")


@pytest.mark.parametrize("person", EDITORS)
def test_handlers_and_underwriters_settle_under_every_version_of_the_catalogue(reading: Portal, person: str) -> None:
    page = reading.of(person).get(BENCH)
    assert page.status_code == 200
    assert 'id="case"' in page.text
    for version in shelf.names():
        assert f'value="{version}"' in page.text
    assert 'aria-current="page">Settle<' in page.text


@pytest.mark.parametrize("version", shelf.names())
def test_every_version_opens_in_both_languages_and_is_well_made(reading: Portal, version: str) -> None:
    client = reading.of("shouan.claims")
    for language, lang in (("zh", "zh-CN"), ("en", "en")):
        for example in ("", "&example=2", "&example=blank"):
            page = client.get(f"{BENCH}?under={version}&lang={language}{example}")
            assert page.status_code == 200
            assert not faults_of(page.text, lang)


@pytest.mark.parametrize("person", STRANGERS)
def test_for_everybody_else_there_is_no_bench(reading: Portal, person: str) -> None:
    client = reading.of(person)
    for address in (BENCH, OF_CLAIM, f"{BENCH}?under={POLICY}", f"{BENCH}/case.yaml", f"{BENCH}/example.yaml"):
        assert client.get(address).status_code == 404, address
    assert client.post(BENCH, data={"under": POLICY}).status_code == 404
    assert client.post(f"{BENCH}/file", data={"text": "event: {}"}).status_code == 404
    assert f'href="{BENCH}"' not in client.get("/").text
    assert OF_CLAIM not in client.get("/").text


def test_nobody_who_has_not_signed_in_gets_further_than_the_door(reading: Portal) -> None:
    reading.of("shouan.claims")
    from fastapi.testclient import TestClient

    stranger = TestClient(reading.app, base_url="http://ringwall.test", follow_redirects=False)
    assert stranger.get(BENCH).headers["location"].startswith("/sign-in")
    assert stranger.post(BENCH, data={"under": POLICY}).status_code == 303


def test_the_insured_reads_how_its_own_policy_settles_and_changes_nothing(reading: Portal) -> None:
    client = reading.of("jiangkou")
    for address in (BENCH, f"{BENCH}?under={POLICY}", OF_CLAIM):
        page = client.get(address)
        assert page.status_code == 200
        assert 'id="case"' not in page.text
        assert not faults_of(page.text, "en")
    assert payable(client.get(OF_CLAIM).text) == payable(client.get(BENCH).text) == (PAID, PAID)
    assert "What was told" in client.get(OF_CLAIM).text
    assert client.get(f"{BENCH}?under=enterprise-cyber/2026-07").status_code == 404
    form = form_of(reading.of("shouan.claims").get(OF_CLAIM).text)
    assert client.post(BENCH, data=form, headers=LIVE).status_code == 404
    assert client.post(BENCH, data={**form, "do": "add"}).status_code == 404


def test_a_case_of_somebody_else_is_not_put_to_the_policy_of_the_insured(reading: Portal) -> None:
    handler, insured = reading.of("shouan.claims"), reading.of("jiangkou")
    form = {**form_of(handler.get(OF_CLAIM).text), "item.0.amount": "1.00"}
    link = handler.post(BENCH, data=form, headers=LIVE).headers["HX-Replace-Url"]
    assert payable(handler.get(link).text) != (PAID, PAID)
    assert payable(insured.get(link).text) == (PAID, PAID)


@pytest.mark.parametrize("address", ["?under=nothing/1", "?under=SHOUAN-P-000099", "?claim=SHOUAN-C-000099"])
def test_what_does_not_exist_is_not_found(reading: Portal, address: str) -> None:
    assert reading.of("shouan.claims").get(f"{BENCH}{address}").status_code == 404


def test_the_claim_page_leads_to_the_bench_with_its_facts_items_and_state(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    assert f'href="{OF_CLAIM}"' in client.get(f"/claim/{CLAIM}").text
    page = client.get(OF_CLAIM).text
    assert payable(page) == (PAID, PAID)
    for number in ("¥ 2,434,000.00", "¥ 477,000.00", "¥ 1,957,000.00", "¥ 370,000.00", "¥ 1,587,000.00"):
        assert number in page
    assert page.count('<details class="item"') == 12
    assert f'href="{OF_CLAIM}"' not in reading.of("zhongliu").get("/").text
    assert f'href="{OF_CLAIM}"' not in reading.of("tongzhou").get(f"/claim/{CLAIM}").text


def test_an_edit_settles_at_once_in_a_fragment_and_leaves_its_link_in_the_address(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    form = form_of(client.get(OF_CLAIM).text)
    same = client.post(BENCH, data=form, headers=LIVE)
    assert same.status_code == 200
    assert "<html" not in same.text
    assert payable(same.text) == (PAID, PAID)
    consent = client.post(BENCH, data={**form, "item.1.fact.prior_consent": "yes"}, headers=LIVE)
    assert payable(consent.text) == (PAID + 3_000_000, PAID + 3_000_000)
    link = consent.headers["HX-Replace-Url"]
    assert payable(client.get(link).text) == payable(consent.text)
    assert payable(reading.of("shouan").get(link).text) == payable(consent.text)
    assert payable(client.get(OF_CLAIM).text) == (PAID, PAID), "nothing is stored"


def test_what_nobody_knows_gives_a_range_and_what_it_would_add(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    form = form_of(client.get(OF_CLAIM).text)
    answer = client.post(BENCH, data={**form, "item.9.fact.necessary_and_reasonable": ""}, headers=LIVE).text
    assert payable(answer) == (PAID - 7_500_000, PAID)
    open_points = answer.split('id="open"')[1].split("</section>")[0]
    assert "+¥ 75,000.00" in open_points
    assert "necessary and reasonable" in open_points
    item = answer.split('id="settled-9"')[1].split("</li>")[0]
    assert "necessary and reasonable (a named person rules)” were yes" in item


def test_every_refused_item_says_what_would_have_covered_it(reading: Portal) -> None:
    page = reading.of("jiangkou").get(f"{OF_CLAIM}&lang=zh").text
    item = page.split('id="settled-1"')[1].split("</li>")[0]
    assert "「事先书面同意」为“是”（现为“否”），赔款增加 30,000.00 元" in item
    assert 'popovertarget="clause-1-2"' in item
    assert 'id="clause-1-2"' in page


def test_what_was_written_badly_is_refused_at_its_field_and_kept(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    form = {**form_of(client.get(OF_CLAIM).text), "item.0.amount": "twelve"}
    answer = client.post(BENCH, data=form, headers=LIVE)
    assert answer.status_code == 422
    assert "<html" not in answer.text
    mark = re.search(r'<span class="fault" id="x-f-item-0-amount" hx-swap-oob="true">([^<]+)<', answer.text)
    assert mark
    assert "twelve" in mark[1]
    assert "HX-Replace-Url" not in answer.headers
    assert 'name="faulted" form="case" value="item.0.amount"' in answer.text
    whole = client.post(BENCH, data=form)
    assert whole.status_code == 422
    assert 'name="item.0.amount" value="twelve"' in whole.text
    assert not faults_of(whole.text, "en")
    mended = client.post(BENCH, data={**form, "item.0.amount": "1", "faulted": "item.0.amount"}, headers=LIVE)
    assert '<span class="fault" id="x-f-item-0-amount" hx-swap-oob="true"></span>' in mended.text


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("item.0.name", "A-I2", "event_items"),
        ("item.5.start", "2026-09-14T22:00:00", "event_interruption"),
        ("item.0.amount", "9999999999999", "amount_above_maximum"),
        ("state.aggregate_used", "9999999999999.99", ""),
        ("item.0.part", "LUNCH", "event_part"),
    ],
)
def test_a_refusal_of_the_terms_stands_in_place_of_the_answer(
    reading: Portal, field: str, text: str, code: str
) -> None:
    client = reading.of("shouan.claims")
    answer = client.post(BENCH, data={**form_of(client.get(OF_CLAIM).text), field: text}, headers=LIVE)
    assert answer.status_code == (422 if code else 200)
    assert code in answer.text


def test_items_are_added_and_removed_with_the_form(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    form = form_of(client.get(OF_CLAIM).text)
    more = client.post(BENCH, data={**form, "do": "add"}, headers=WHOLE_FORM)
    assert more.status_code == 200
    assert "<html" not in more.text
    assert more.text.count('<details class="item"') == 13
    assert payable(more.text) == (PAID, PAID)
    less = client.post(BENCH, data={**form, "do": "remove.0"}, headers=WHOLE_FORM)
    assert less.text.count('<details class="item"') == 11
    assert payable(less.text)[0] < PAID


def test_a_clause_that_was_not_explained_and_a_used_up_aggregate_change_the_answer(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    form = form_of(client.get(OF_CLAIM).text)
    void = client.post(BENCH, data={**form, "void.1.2": "yes"}, headers=LIVE)
    assert payable(void.text) == (PAID + 3_000_000, PAID + 3_000_000)
    used = client.post(BENCH, data={**form, "state.aggregate_used": "5,000,000"}, headers=LIVE)
    assert payable(used.text)[0] == 13_300_000


def test_numbers_of_the_contract_are_chosen_under_a_product_and_fixed_under_a_policy(reading: Portal) -> None:
    client = reading.of("shouan")
    product = form_of(client.get(f"{BENCH}?under=enterprise-cyber/2026-07&example=1").text)
    assert "schedule.event_limit" in product
    beyond = client.post(BENCH, data={**product, "schedule.event_limit": "1"}, headers=LIVE)
    assert beyond.status_code == 422
    assert 'id="x-f-schedule-event_limit"' in beyond.text
    assert "schedule_range" in beyond.text
    policy = form_of(client.get(f"{BENCH}?under={POLICY}").text)
    assert not [name for name in policy if name.startswith("schedule.")]
    forced = {**form_of(client.get(OF_CLAIM).text), "schedule.event_limit": "1"}
    assert payable(client.post(BENCH, data=forced, headers=LIVE).text) == (PAID, PAID)


def test_the_case_goes_out_as_a_file_and_comes_in_again(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    text = client.get(f"{BENCH}/case.yaml?claim={CLAIM}")
    assert text.headers["content-disposition"] == 'attachment; filename="case.yaml"'
    told = yaml.load(text.text, Loader=yaml.BaseLoader)
    assert told["product"] == "enterprise-cyber/2026-01"
    assert json.loads(client.get(f"{BENCH}/case.json?claim={CLAIM}").text)["event"]["name"] == told["event"]["name"]
    for sent in ({"data": {"text": text.text}}, {"files": {"file": ("case.yaml", text.content)}}):
        opened = client.post(f"{BENCH}/file", **sent)
        assert opened.status_code == 303
        page = client.get(opened.headers["location"])
        assert payable(page.text) == (PAID, PAID)
        assert 'value="enterprise-cyber/2026-01" selected' in page.text


def test_a_case_is_saved_as_a_worked_example_of_its_product(reading: Portal) -> None:
    saved = reading.of("shouan").get(f"{BENCH}/example.yaml?claim={CLAIM}")
    rows: list[dict[str, Any]] = yaml.safe_load(saved.text)
    assert rows[0]["expect"]["payable"] == PAID
    assert rows[0]["expect"]["verdicts"]["A-I2"] == "excluded"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "No text was pasted"),
        ("{", "no YAML or JSON"),
        ("event: {items: []}", "no loss items"),
        ("<b>", "names with"),
    ],
)
def test_a_bad_file_is_refused_beside_its_text_which_is_kept(reading: Portal, text: str, code: str) -> None:
    answer = reading.of("shouan.claims").post(f"{BENCH}/file", data={"text": text})
    assert answer.status_code == 422
    box = answer.text.split('id="file"')[1].split("</form>")[0]
    assert code in unescape(box)
    assert f">{text}</textarea>" in unescape(box)
    assert not faults_of(answer.text, "en")


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"a" * 200_001])
def test_a_file_that_is_no_text_or_too_long_is_refused(reading: Portal, body: bytes) -> None:
    answer = reading.of("shouan.claims").post(f"{BENCH}/file", files={"file": ("case.yaml", body)})
    assert answer.status_code == 422
    assert "no UTF-8 text, or has more than" in answer.text


def test_a_long_case_file_opens_without_a_link_and_one_that_clashes_shows_where(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    told = json.loads(client.get(f"{BENCH}/case.json?claim={CLAIM}").text)
    rows = [{"name": sha256(b"%d" % n).hexdigest(), "part": "INRE", "amount_minor": n} for n in range(1, 301)]
    long = client.post(f"{BENCH}/file", data={"text": json.dumps({**told, "event": {"items": rows}})})
    assert long.status_code == 200
    assert long.text.count('<details class="item"') == 300
    assert "too long for a link" in long.text
    longer = {**told, "event": {"items": [*rows, {"name": "one more", "part": "INRE", "amount_minor": 1}]}}
    assert "case_items" in client.post(f"{BENCH}/file", data={"text": json.dumps(longer)}).text
    clash = client.post(f"{BENCH}/file", data={"text": json.dumps({**told, "schedule": {"event_limit": 1}})})
    assert clash.status_code == 422
    assert "schedule_range" in clash.text
    strange = {**told, "event": {**told["event"], "facts": {"weather": "fine"}}}
    opened = client.post(f"{BENCH}/file", data={"text": json.dumps(strange)})
    assert opened.status_code == 200
    assert "they change nothing: weather" in opened.text


@pytest.mark.parametrize("link", ["x", "eJw", "%00", "A" * 9_000])
def test_a_broken_link_is_refused(reading: Portal, link: str) -> None:
    answer = reading.of("shouan.claims").get(f"{BENCH}?under=park-master/2026-01&case={link}")
    assert answer.status_code == 422
    assert "case_unreadable" in answer.text


def test_looking_back_before_the_claim_was_told_there_is_none(reading: Portal) -> None:
    client = reading.of("shouan.claims")
    assert client.get(f"{OF_CLAIM}&at=2026-03-05").status_code == 404
    page = client.get(f"{BENCH}?under={POLICY}&at=2026-03-05")
    assert page.status_code == 200
    assert 'hx-post="/settlement?at=2026-03-05"' in page.text


def test_a_form_of_another_site_is_refused(reading: Portal) -> None:
    answer = reading.of("shouan.claims").post(BENCH, data={"under": POLICY}, headers={"origin": "http://elsewhere"})
    assert answer.status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1280)])
def test_a_case_is_worked_in_the_browser(
    reading: Portal, page: Page, address_of: Callable[[Portal], str], language: str, width: int
) -> None:
    """Edits settle without a reload, bad input is told at its field, a number opens its step, nothing complains."""
    address = address_of(reading)
    complaints = sign_in(page, address, reading, "shouan.claims")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}{OF_CLAIM}&lang={language}")
    page.evaluate("window.stillHere = true")
    page.locator("#i-1 > summary").click()
    page.select_option("#f-item-1-fact-prior_consent", "yes")
    page.wait_for_selector(f"[data-low='{PAID + 3_000_000}']")
    assert "case=" in page.url
    page.locator("#i-0 > summary").click()
    page.fill("#f-item-0-amount", "twelve")
    page.wait_for_selector("#x-f-item-0-amount:not(:empty)")
    assert page.input_value("#f-item-0-amount") == "twelve"
    page.fill("#f-item-0-amount", "186,000.00")
    page.wait_for_selector(f"[data-low='{PAID + 3_000_000}']")
    assert page.text_content("#x-f-item-0-amount") == ""
    page.locator("#parts tbody tr:first-child td:last-child a").click()
    assert page.locator(".trace-more:target").is_visible()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.select_option("#f-item-0-part", "DIAS")
    page.wait_for_selector(SETTLED)
    page.locator("button[value='add']").click()
    page.wait_for_selector("details.item >> nth=12")
    assert page.locator("details.item").count() == 13
    assert page.evaluate("window.stillHere"), "the page was loaded anew"
    for wide in (390, 1280):
        page.set_viewport_size({"width": wide, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
    page.locator("[data-switch='lang']").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("details.item").count() == 13, "switching the language keeps the case"
    expected = [each for each in complaints if "422" not in each]
    assert expected == []


@pytest.mark.browser
def test_the_bench_can_be_worked_by_keyboard_alone(
    reading: Portal, page: Page, address_of: Callable[[Portal], str]
) -> None:
    address = address_of(reading)
    complaints = sign_in(page, address, reading, "shouan.claims")
    page.goto(f"{address}{BENCH}?under=park-master/2026-01&example=1&lang=en")
    before = page.get_attribute("[data-number='payable']", "data-low")
    page.locator("#i-0 > summary").focus()
    if not page.locator("#i-0").evaluate("each => each.open"):
        page.keyboard.press("Enter")
    page.focus("#f-item-0-amount")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1234.56")
    page.wait_for_selector(f"[data-number='payable']:not([data-low='{before}'])")
    assert page.evaluate("document.activeElement.id") == "f-item-0-amount", "the focus stays in the field"
    items = page.locator("details.item").count()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")
    page.wait_for_selector(SETTLED)
    assert page.locator("details.item").count() == items, "Enter settles, and presses no button of the form"
    root = page.locator("#trace details >> nth=0")
    root.locator("> summary").focus()
    page.keyboard.press("Enter")
    assert not root.evaluate("each => each.open")
    page.keyboard.press("Enter")
    assert root.evaluate("each => each.open")
    page.locator("#trace .clause-link >> nth=0").focus()
    page.keyboard.press("Enter")
    assert page.locator(".clause-card:popover-open").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".clause-card:popover-open").count() == 0
    assert complaints == []
