"""The quote workbench: who sees it, what moves the premium, and that only quoting anew stores anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.shell.web.conftest import Portal

QUOTE = "SHOUAN-Q-000001"
PAGE = f"/quote/{QUOTE}"
LIVE = {"HX-Request": "true"}
FORM = 'bench-form" method'
LOOK_ON = ("jiangkou", "tongzhou", "zhongliu", "yuanqiao", "shouan.claims")


def premium(text: str) -> int:
    found = re.search(r'data-premium="(\d+)"', text)
    assert found, text[:2000]
    return int(found[1])


def test_the_underwriter_of_the_lead_gets_the_inputs_and_the_stored_premium(reading: Portal) -> None:
    page = reading.of("shouan").get(PAGE)
    assert page.status_code == 200
    assert FORM in page.text
    assert premium(page.text) == 9296330
    assert page.text.count("Quote anew with these terms") == 1


@pytest.mark.parametrize("person", LOOK_ON)
def test_whoever_may_not_quote_sees_the_quote_without_inputs(reading: Portal, person: str) -> None:
    page = reading.of(person).get(f"{PAGE}?event_limit=1000000")
    assert page.status_code == 200
    assert FORM not in page.text
    assert premium(page.text) == 9296330, "a question of somebody who may not quote is not put"


@pytest.mark.parametrize("person", ["fengtai", "supervision"])
def test_for_everybody_else_there_is_no_such_quote(reading: Portal, person: str) -> None:
    assert reading.of(person).get(PAGE).status_code == 404
    assert reading.of(person).post(PAGE, data={"key": "k"}).status_code == 404


def test_a_number_that_does_not_exist_is_not_found(reading: Portal) -> None:
    assert reading.of("shouan").get("/quote/SHOUAN-Q-000099").status_code == 404
    assert reading.of("shouan").post("/quote/SHOUAN-Q-000099", data={"key": "k"}).status_code == 404


def test_a_lower_limit_gives_a_lower_premium_in_a_fragment_and_a_link_that_can_be_sent(reading: Portal) -> None:
    answer = reading.of("shouan").get(f"{PAGE}?event_limit=1,000,000&aggregate_limit=5000000", headers=LIVE)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert premium(answer.text) < 9296330
    assert answer.headers["HX-Replace-Url"] == f"{PAGE}?event_limit=1000000"
    again = reading.of("shouan").get(answer.headers["HX-Replace-Url"])
    assert premium(again.text) == premium(answer.text)


def test_holding_a_broken_control_gives_what_the_fix_list_promises(reading: Portal) -> None:
    client = reading.of("shouan")
    held = client.get(f"{PAGE}?control.hardening=held", headers=LIVE).text
    assert premium(held) == 9296330 - 3868074
    assert "Hardening baseline" not in held.split('id="fixes"')[1].split("</section>")[0]


def test_a_control_that_breaks_costs_more(reading: Portal) -> None:
    broken = reading.of("shouan").get(f"{PAGE}?control.security_training=broken", headers=LIVE).text
    assert premium(broken) > 9296330


def test_a_finding_that_is_fixed_saves_what_the_fix_list_promises(reading: Portal) -> None:
    client = reading.of("shouan")
    page = client.get(PAGE).text
    uid = re.search(r'value="([0-9a-f]{32})"[^>]*> <span class="form-check-label">Redis answers', page)
    assert uid
    fixed = client.get(f"{PAGE}?fixed={uid[1]}", headers=LIVE).text
    assert premium(fixed) == 9296330 - 2284342


def test_a_risk_above_the_filed_range_is_told_and_not_priced(reading: Portal) -> None:
    worse = "&".join(
        f"control.{name}=broken" for name in ("mfa_remote", "offline_backup", "remote_access_closed", "edr")
    )
    answer = reading.of("shouan").get(f"{PAGE}?{worse}", headers=LIVE)
    assert answer.status_code == 200
    assert "cannot be quoted" in answer.text
    assert "above the filed maximum" in answer.text


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("event_limit=much", "number_unreadable"),
        ("event_limit=-1", "number_unreadable"),
        ("npbi_wait_hours=12.5", "number_unreadable"),
        ("event_limit=1", "schedule_range"),
        ("npbi_mode=9", "schedule_range"),
    ],
)
def test_a_term_that_cannot_be_is_refused_by_name_in_place_of_the_answer(
    reading: Portal, asked: str, code: str
) -> None:
    answer = reading.of("shouan").get(f"{PAGE}?{asked}", headers=LIVE)
    assert answer.status_code == 422
    assert code in answer.text
    assert "<html" not in answer.text


def test_every_step_of_the_waterfall_opens_its_reason_and_its_source(reading: Portal) -> None:
    text = reading.of("shouan").get(PAGE).text
    table = text.split('class="table waterfall"')[1].split("</table>")[0]
    rows = table.split("<tbody>")[1].split("</tbody>")[0].split("<tr")[1:]
    assert len(rows) > 20
    assert all("<summary>" in row and "Source:" in row for row in rows)


def test_a_year_has_its_curve_and_the_technical_premium_its_interval(reading: Portal) -> None:
    text = reading.of("shouan").get(PAGE).text
    year = text.split('id="year"')[1].split("</section>")[0]
    assert 'data-drawing="exceedance"' in year
    assert "four times in five" in year
    assert "severity.cost_level (D)" in year or "frequency.RAN (D)" in year
    assert 'id="year"' not in reading.of("tongzhou").get(PAGE).text, "only who may quote sees the engine's figures"


def test_a_premium_to_reach_gets_the_cheapest_way_there_or_how_far_the_list_goes(reading: Portal) -> None:
    client = reading.of("shouan")
    plan = client.get(f"{PAGE}?target=60000", headers=LIVE)
    assert "Cheapest way there:" in plan.text
    assert plan.headers["HX-Replace-Url"] == f"{PAGE}?target=60000"
    assert premium(plan.text) == 9296330, "a plan changes no price"
    assert "does not reach it" in client.get(f"{PAGE}?target=1", headers=LIVE).text
    assert "Nothing needs fixing" in client.get(f"{PAGE}?target=9999999", headers=LIVE).text
    unread = client.get(f"{PAGE}?target=little", headers=LIVE)
    assert unread.status_code == 422
    assert "target_unreadable" in unread.text


def test_limits_and_retentions_stand_side_by_side_and_the_quoted_cell_says_what_the_quote_says(reading: Portal) -> None:
    client = reading.of("shouan")
    page = client.get(f"{PAGE}/options")
    assert page.status_code == 200
    rows = page.text.split('id="options"')[1].split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert len(rows) == 20
    assert sum("92,963.30" in row for row in rows) == 1
    other = client.get(f"{PAGE}/options?across=lia_deductible&event_limit=2000000")
    assert other.status_code == 200
    assert reading.of("tongzhou").get(f"{PAGE}/options").status_code == 404


def test_quoting_anew_stores_one_quote_for_its_key_and_leads_to_it(writing: Portal) -> None:
    client = writing.of("shouan")
    form = {"key": "portal:quote:one", "event_limit": "2,000,000"}
    first, second = client.post(PAGE, data=form), client.post(PAGE, data=form)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"] == "/quote/SHOUAN-Q-000002"
    page = client.get("/quote/SHOUAN-Q-000002")
    assert "¥ 2,000,000.00" in page.text
    other = client.post(PAGE, data={**form, "event_limit": "1,000,000"})
    assert other.status_code == 422, "the same key with other content is its own refusal"


def test_quoting_anew_counts_what_is_known_today(writing: Portal) -> None:
    client = writing.of("shouan")
    promised = re.search(r"the premium would be ¥ ([\d,.]+)\.", client.get(PAGE).text)
    assert promised
    client.post(PAGE, data={"key": "portal:quote:two"})
    page = client.get("/quote/SHOUAN-Q-000002").text
    assert premium(page) == int(promised[1].replace(",", "").replace(".", ""))


@pytest.mark.parametrize("person", LOOK_ON)
def test_nobody_else_quotes_anew(writing: Portal, person: str) -> None:
    answer = writing.of(person).post(PAGE, data={"key": "k", "event_limit": "2000000"})
    assert answer.status_code == 404
    assert writing.of("shouan").get("/quote/SHOUAN-Q-000002").status_code == 404


@pytest.mark.browser
def test_moving_a_slider_changes_the_premium_on_the_page(
    reading: Portal, address_of: Callable[[Portal], str], page: Any
) -> None:
    address = address_of(reading)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}/sign-in?next={PAGE}")
    page.fill("#name", "shouan")
    page.fill("#password", reading.password)
    page.click("form[action='/sign-in'] button")
    page.wait_for_selector(f"[data-premium='{9296330}']")
    slider = page.locator("[data-moves='t-event_limit']")
    slider.focus()
    slider.press("ArrowLeft")
    page.wait_for_selector("[data-premium]:not([data-premium='9296330'])")
    assert page.input_value("#t-event_limit") == "2,000,000"
    assert "event_limit=2000000" in page.url
    assert int(page.get_attribute("[data-premium]", "data-premium")) < 9296330
    page.select_option("#c-hardening", "held")
    page.wait_for_selector("[data-premium]:not([data-premium='9296330'])")
    page.wait_for_url("**control.hardening=held**")
    page.wait_for_selector("#waterfall canvas")
    assert not wrong


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_of_figures_fit_a_telephone_and_the_browser_complains_of_nothing(
    reading: Portal, address_of: Callable[[Portal], str], page: Any, language: str
) -> None:
    address = address_of(reading)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/sign-in")
    page.fill("#name", "shouan")
    page.fill("#password", reading.password)
    page.click("form[action='/sign-in'] button")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for path in (PAGE, "/claim/SHOUAN-C-000001", "/claims", "/book", "/market"):
            page.goto(f"{address}{path}?lang={language}")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            drawn = page.locator("[data-drawing]").count()
            assert page.locator("[data-drawing] canvas").count() == drawn, path
    assert said == []
