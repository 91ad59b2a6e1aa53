"""A point of the curve opens the year that made it, down to the policies; the sums are those of the curve."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.shell.web.conftest import Portal

STRANGERS = ("jiangkou", "tongzhou", "fengtai", "supervision", "zhongliu")


def years_of(portal: Portal) -> list[str]:
    """The addresses of every year that the table of the curves opens."""
    table = portal.of("shouan").get("/book").text.split('id="curves"')[1].split("</section>")[0]
    return [unescape(found) for found in re.findall(r'<a href="(/book/runs/[^"]+)"', table)]


@pytest.fixture(scope="module")
def addresses(reading: Portal) -> list[str]:
    return years_of(reading)


def test_every_point_opens_a_year_that_gives_it_to_the_fen(reading: Portal, addresses: list[str]) -> None:
    assert len(addresses) == 4 * 8
    for address in addresses[:8] + addresses[-8:]:
        text = reading.of("shouan").get(address).text
        assert "gives the point of the curve to the fen" in text, address
        assert "does not give" not in text


def test_the_events_and_the_known_losses_sum_to_the_year(reading: Portal, addresses: list[str]) -> None:
    text = reading.of("shouan").get(addresses[-4]).text
    events = text.split('id="events"')[1].split("</section>")[0]
    rows = re.findall(r"<tr.*?</tr>", events, re.S)[1:]
    gross = [re.findall(r"¥ ([\d,]+\.\d\d)</td>", row)[0] for row in rows]
    *parts, total = [int(amount.replace(",", "").replace(".", "")) for amount in gross]
    assert sum(parts) == total > 0


def test_an_event_opens_its_policies_by_part(reading: Portal, addresses: list[str]) -> None:
    client = reading.of("shouan")
    text = client.get(addresses[-4]).text
    links = re.findall(r'class="event-link" href="([^"#]+)#event"', text)
    opened = client.get(addresses[-4].partition("?")[0] + unescape(links[-1])).text.split('id="event"')[1]
    rows = opened.split("</section>")[0].split("<tbody>")[1]
    *policies, total = [
        int(each.replace(",", "").replace(".", "")) for each in re.findall(r"¥ ([\d,]+\.\d\d)</td></tr>", rows)
    ]
    assert "/policy/" in rows or "/book?q=" in rows
    assert sum(policies) == total > 0


def test_strangers_see_no_year_of_the_book(reading: Portal, addresses: list[str]) -> None:
    for person in STRANGERS:
        assert reading.of(person).get(addresses[0]).status_code == 404


def test_a_year_or_run_that_is_not_there_is_not_found(reading: Portal) -> None:
    client = reading.of("shouan")
    assert client.get("/book/runs/SHOUAN-RUN-000001/years/99999999").status_code == 404
    assert client.get("/book/runs/SHOUAN-RUN-000099/years/1").status_code == 404
