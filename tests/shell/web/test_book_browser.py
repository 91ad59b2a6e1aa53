"""The book in a real browser: it fits narrow screens in both languages, and the keyboard walks along the curve."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.shell.web.conftest import Portal
from tests.shell.web.test_book_year import years_of
from tests.shell.web.test_portal_browser import sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_book_fits_a_telephone_and_the_browser_complains_of_nothing(
    reading: Portal, page: Page, address_of: Callable[[Portal], str], language: str
) -> None:
    year, address = years_of(reading)[-4], address_of(reading)
    complaints = sign_in(page, address, reading, "shouan")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for path in ("/book?", f"{year}&", "/quote/SHOUAN-Q-000001?"):
            page.goto(f"{address}{path}lang={language}")
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide on a screen of {width}"
    assert complaints == []


def test_the_arrow_keys_walk_along_the_curve_and_through_the_events(
    reading: Portal, page: Page, address_of: Callable[[Portal], str]
) -> None:
    address = address_of(reading)
    sign_in(page, address, reading, "shouan")
    year = years_of(reading)[0]
    page.goto(f"{address}{year}")
    here = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != here)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(here)
    page.goto(f"{address}{years_of(reading)[4 * 5]}")
    links = page.locator("a.event-link")
    links.first.focus()
    page.keyboard.press("ArrowDown")
    place = "[...document.querySelectorAll('a.event-link')].indexOf(document.activeElement)"
    assert page.evaluate(place) == min(1, links.count() - 1)
