"""The portal in a real browser: it fits narrow screens, keeps its own policy, and can be used by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.shell.web.conftest import Portal

CASE, POLICY = "JIANGKOU-SUB-000001", "SHOUAN-P-000001"
PAGES = (
    "/",
    f"/journey/{CASE}",
    f"/policy/{POLICY}",
    f"/posture/{CASE}",
    f"/dossier/{CASE}",
    "/alerts",
    "/explain/SHOUAN-Q-000001",
    "/verify",
)

pytestmark = pytest.mark.browser


def sign_in(page: Page, address: str, portal: Portal, person: str) -> list[str]:
    """Sign in by keyboard alone; gives the list in which everything lands that the browser complains about."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/sign-in")
    page.keyboard.type(person)
    page.keyboard.press("Tab")
    page.keyboard.type(portal.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    return said


@pytest.mark.parametrize(("person", "language"), [("jiangkou", "zh"), ("shouan", "en")])
def test_no_page_is_wider_than_a_telephone_and_the_browser_complains_of_nothing(
    reading: Portal, page: Page, address_of: Callable[[Portal], str], person: str, language: str
) -> None:
    address = address_of(reading)
    complaints = sign_in(page, address, reading, person)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for path in PAGES:
            page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide on a screen of {width}"
    assert complaints == []


def test_drawings_are_drawn_from_our_own_files(
    reading: Portal, page: Page, address_of: Callable[[Portal], str]
) -> None:
    address = address_of(reading)
    complaints = sign_in(page, address, reading, "shouan")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/policy/{POLICY}")
    page.wait_for_selector("[data-drawing] canvas")
    assert all(url.startswith(address) for url in asked)
    assert complaints == []


def test_the_first_stop_of_the_keyboard_skips_to_the_content(
    reading: Portal, page: Page, address_of: Callable[[Portal], str]
) -> None:
    address = address_of(reading)
    sign_in(page, address, reading, "tongzhou")
    page.goto(f"{address}/?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_listed_name_fills_the_form(reading: Portal, page: Page, address_of: Callable[[Portal], str]) -> None:
    address = address_of(reading)
    page.goto(f"{address}/sign-in?lang=en")
    page.evaluate(
        "document.querySelector('form').insertAdjacentHTML('afterend',"
        "'<button type=button data-fill=name data-value=fengtai>fengtai</button>')"
    )
    page.get_by_role("button", name="fengtai").click()
    assert page.input_value("#name") == "fengtai"


def test_the_insured_disputes_a_finding_and_the_lead_takes_note_by_keyboard_alone(
    writing: Portal, page: Page, address_of: Callable[[Portal], str]
) -> None:
    address = address_of(writing)
    complaints = sign_in(page, address, writing, "jiangkou")
    page.goto(f"{address}/posture/{CASE}?lang=en")
    page.locator(".say summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("This host is a trap for scanners.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "disputed"
    page.keyboard.press("Enter")
    page.wait_for_url("**#finding-*")
    page.wait_for_selector("text=disputed, waits for the insurer")
    page.context.clear_cookies()
    complaints += sign_in(page, address, writing, "shouan")
    page.goto(f"{address}/alerts?lang=en&kind=deadline")
    page.get_by_role("button", name="Take note of: A dispute waits for the insurer").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=noted by")
    assert complaints == []
